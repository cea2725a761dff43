namespace SignData.Torch;

public sealed partial class Tensor
{
    /// <summary>The larger of each element and zero.</summary>
    public Tensor relu() => Op.Call("relu", this);

    /// <summary>x * sigmoid(x).</summary>
    public Tensor silu() => Op.Call("silu", this);

    /// <summary>1 / (1 + exp(-x)).</summary>
    public Tensor sigmoid() => Op.Call("sigmoid", this);

    /// <summary>x * min(max(x + 3, 0), 6) / 6.</summary>
    public Tensor hardswish() => Op.Call("hardswish", this);

    /// <summary>min(max(x + 3, 0), 6) / 6.</summary>
    public Tensor hardsigmoid() => Op.Call("hardsigmoid", this);

    /// <summary>The hyperbolic tangent.</summary>
    public Tensor tanh() => Op.Call("tanh", this);

    /// <summary>min(max(x, 0), 6).</summary>
    public Tensor relu6() => IsReducedOnCpu ? clamp(0, 6) : Op.Call("hardtanh", this, 0L, 6L);

    /// <summary>x * tanh(log(1 + exp(x))).</summary>
    public Tensor mish() => IsReducedOnCpu ? Op.Call("mish", to(ScalarType.Float32)).to(dtype) : Op.Call("mish", this);

    /// <summary><see cref="relu6"/> in place.</summary>
    /// <returns>The tensor itself.</returns>
    public Tensor relu6_()
    {
        if (IsReducedOnCpu)
        {
            return clamp_(0, 6);
        }
        Op.Run("hardtanh_", this, 0L, 6L);
        return this;
    }

    /// <summary><see cref="relu"/> in place.</summary>
    /// <returns>The tensor itself.</returns>
    public Tensor relu_()
    {
        Op.Run("relu_", this);
        return this;
    }

    /// <summary><see cref="silu"/> in place.</summary>
    /// <returns>The tensor itself.</returns>
    public Tensor silu_()
    {
        Op.Run("silu_", this);
        return this;
    }

    /// <summary><see cref="hardswish"/> in place.</summary>
    /// <returns>The tensor itself.</returns>
    public Tensor hardswish_()
    {
        Op.Run("hardswish_", this);
        return this;
    }

    /// <summary><see cref="hardsigmoid"/> in place.</summary>
    /// <returns>The tensor itself.</returns>
    public Tensor hardsigmoid_()
    {
        Op.Run("hardsigmoid_", this);
        return this;
    }

    /// <summary>The Gaussian error linear unit, x times the probability of a normal variable below x.</summary>
    public Tensor gelu() => Op.Call("gelu", this);

    /// <summary>Exponentials scaled to a sum of one.</summary>
    /// <param name="dim">Which dimension; negative ones count from the last.</param>
    /// <param name="dtype">The type to compute and return in.</param>
    public Tensor softmax(long dim, ScalarType? dtype = null) => Op.Call("softmax.int", this, dim, dtype);

    /// <summary>The logarithm of softmax, computed without overflow.</summary>
    /// <param name="dim">Which dimension; negative ones count from the last.</param>
    /// <param name="dtype">The type to compute and return in.</param>
    public Tensor log_softmax(long dim, ScalarType? dtype = null) => Op.Call("log_softmax.int", this, dim, dtype);

    /// <summary>The sum of all elements; whole numbers add up as Int64.</summary>
    public Tensor sum() => Op.Call("sum", this);

    /// <summary>The sum along dimensions.</summary>
    /// <param name="dim">Which dimensions.</param>
    /// <param name="keepdim">Keeps the dimension with length 1.</param>
    public Tensor sum(long[] dim, bool keepdim = false) => Op.Call("sum.dim_IntList", this, dim, keepdim);

    /// <summary>The mean of all elements.</summary>
    public Tensor mean() => Op.Call("mean", this);

    /// <summary>The mean along dimensions.</summary>
    /// <param name="dim">Which dimensions.</param>
    /// <param name="keepdim">Keeps the dimension with length 1.</param>
    public Tensor mean(long[] dim, bool keepdim = false) => Op.Call("mean.dim", this, dim, keepdim);

    /// <summary>The standard deviation of all elements.</summary>
    /// <param name="unbiased">Divides by one less than the count.</param>
    public Tensor std(bool unbiased = true) => Op.Call("std", this, unbiased);

    /// <summary>The variance along dimensions.</summary>
    /// <param name="dim">Which dimensions.</param>
    /// <param name="unbiased">Divides by one less than the count.</param>
    /// <param name="keepdim">Keeps the dimension with length 1.</param>
    public Tensor var(long[] dim, bool unbiased = true, bool keepdim = false) => Op.Call("var.dim", this, dim, unbiased, keepdim);

    /// <summary>The Euclidean length of all elements taken as one vector.</summary>
    public Tensor norm() => Op.Call("norm.Scalar", this, 2L);

    /// <summary>The largest element.</summary>
    public Tensor max() => Op.Call("max", this);

    /// <summary>The greatest along some dimensions, which fall away.</summary>
    /// <param name="dim">Which.</param>
    public Tensor amax(params long[] dim) => Op.Call("amax", this, dim, false);

    /// <summary>The floats that quantized numbers stand for.</summary>
    public Tensor dequantize() => Op.Call("dequantize.self", this);

    /// <summary>The largest elements along a dimension, and where they are.</summary>
    /// <param name="dim">Which dimension; negative ones count from the last.</param>
    /// <param name="keepdim">Keeps the dimension with length 1.</param>
    public (Tensor values, Tensor indices) max(long dim, bool keepdim = false) => Pair(Op.CallMany("max.dim", this, dim, keepdim));

    /// <summary>Where the largest element along a dimension is.</summary>
    /// <param name="dim">Which dimension; negative ones count from the last.</param>
    /// <param name="keepdim">Keeps the dimension with length 1.</param>
    public Tensor argmax(long dim, bool keepdim = false) => Op.Call("argmax", this, dim, keepdim);

    /// <summary>The smallest element.</summary>
    public Tensor min() => Op.Call("min", this);

    /// <summary>The smallest elements along a dimension, and where they are.</summary>
    /// <param name="dim">Which dimension; negative ones count from the last.</param>
    /// <param name="keepdim">Keeps the dimension with length 1.</param>
    public (Tensor values, Tensor indices) min(long dim, bool keepdim = false) => Pair(Op.CallMany("min.dim", this, dim, keepdim));

    /// <summary>Where the smallest element along a dimension is.</summary>
    /// <param name="dim">Which dimension; negative ones count from the last.</param>
    /// <param name="keepdim">Keeps the dimension with length 1.</param>
    public Tensor argmin(long dim, bool keepdim = false) => Op.Call("argmin", this, dim, keepdim);

    /// <summary>The first few by size along a dimension, and where they are.</summary>
    /// <param name="k">How many.</param>
    /// <param name="dim">Which dimension; negative ones count from the last.</param>
    /// <param name="largest">The largest, else the smallest.</param>
    /// <param name="sorted">In order of size.</param>
    public (Tensor values, Tensor indices) topk(long k, long dim = -1, bool largest = true, bool sorted = true) => Pair(Op.CallMany("topk", this, k, dim, largest, sorted));

    /// <summary>The elements in order along a dimension, and where they were.</summary>
    /// <param name="dim">Which dimension; negative ones count from the last.</param>
    /// <param name="descending">From the largest down.</param>
    public (Tensor values, Tensor indices) sort(long dim = -1, bool descending = false) => Pair(Op.CallMany("sort", this, dim, descending));

    /// <summary>Whether all elements are true.</summary>
    public Tensor all() => Op.Call("all", this);

    /// <summary>Whether any element is true.</summary>
    public Tensor any() => Op.Call("any", this);

    /// <summary>Whether shape and every element are the same.</summary>
    /// <param name="other">Of the same type.</param>
    public bool equal(Tensor other) => Op.Ask("equal", this, other);

    /// <summary>Whether every element is close to the other's: |a - b| &lt;= atol + rtol * |b|.</summary>
    /// <param name="other">Of the same shape and type.</param>
    /// <param name="rtol">The relative tolerance.</param>
    /// <param name="atol">The absolute tolerance.</param>
    public bool allclose(Tensor other, double rtol = 1e-5, double atol = 1e-8) => Op.Ask("allclose", this, other, rtol, atol);

    // On a CPU libtorch 1.13 has neither mish nor the gradient of hardtanh for them.
    private bool IsReducedOnCpu => dtype is ScalarType.BFloat16 or ScalarType.Float16 && device.type == DeviceType.CPU;

    private static (Tensor, Tensor) Pair(Tensor[] two) => (two[0], two[1]);
}
