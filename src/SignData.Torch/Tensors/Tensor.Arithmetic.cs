namespace SignData.Torch;

public sealed partial class Tensor
{
    /// <summary>The elementwise sum, broadcast.</summary>
    /// <param name="left">A tensor.</param>
    /// <param name="right">A tensor that broadcasts against it.</param>
    public static Tensor operator +(Tensor left, Tensor right) => Op.Call("add.Tensor", left, right);

    /// <summary>The sum of each element and a number.</summary>
    /// <param name="left">A tensor.</param>
    /// <param name="right">A number.</param>
    public static Tensor operator +(Tensor left, Scalar right) => Op.Call("add.Scalar", left, right);

    /// <summary>The elementwise difference, broadcast.</summary>
    /// <param name="left">A tensor.</param>
    /// <param name="right">A tensor that broadcasts against it.</param>
    public static Tensor operator -(Tensor left, Tensor right) => Op.Call("sub.Tensor", left, right);

    /// <summary>The difference of each element and a number.</summary>
    /// <param name="left">A tensor.</param>
    /// <param name="right">A number.</param>
    public static Tensor operator -(Tensor left, Scalar right) => Op.Call("sub.Scalar", left, right);

    /// <summary>The elementwise product, broadcast.</summary>
    /// <param name="left">A tensor.</param>
    /// <param name="right">A tensor that broadcasts against it.</param>
    public static Tensor operator *(Tensor left, Tensor right) => Op.Call("mul.Tensor", left, right);

    /// <summary>The product of each element and a number.</summary>
    /// <param name="left">A tensor.</param>
    /// <param name="right">A number.</param>
    public static Tensor operator *(Tensor left, Scalar right) => Op.Call("mul.Scalar", left, right);

    /// <summary>The elementwise quotient, broadcast.</summary>
    /// <param name="left">A tensor.</param>
    /// <param name="right">A tensor that broadcasts against it.</param>
    public static Tensor operator /(Tensor left, Tensor right) => Op.Call("div.Tensor", left, right);

    /// <summary>The quotient of each element and a number.</summary>
    /// <param name="left">A tensor.</param>
    /// <param name="right">A number.</param>
    public static Tensor operator /(Tensor left, Scalar right) => Op.Call("div.Scalar", left, right);

    /// <summary>The sum of a number and each element.</summary>
    /// <param name="left">A number.</param>
    /// <param name="right">A tensor.</param>
    public static Tensor operator +(Scalar left, Tensor right) => right + left;

    /// <summary>A number less each element.</summary>
    /// <param name="left">A number.</param>
    /// <param name="right">A tensor.</param>
    public static Tensor operator -(Scalar left, Tensor right) => Op.Call("rsub.Scalar", right, left);

    /// <summary>The product of a number and each element.</summary>
    /// <param name="left">A number.</param>
    /// <param name="right">A tensor.</param>
    public static Tensor operator *(Scalar left, Tensor right) => right * left;

    /// <summary>A number divided by each element.</summary>
    /// <param name="left">A number.</param>
    /// <param name="right">A tensor.</param>
    public static Tensor operator /(Scalar left, Tensor right)
    {
        using Tensor inverse = right.reciprocal();
        return inverse * left;
    }

    /// <summary>Each element with the other sign.</summary>
    /// <param name="tensor">A tensor.</param>
    public static Tensor operator -(Tensor tensor) => Op.Call("neg", tensor);

    /// <summary>Whether each element is less than the other's.</summary>
    /// <param name="left">A tensor.</param>
    /// <param name="right">A tensor that broadcasts against it.</param>
    public static Tensor operator <(Tensor left, Tensor right) => Op.Call("lt.Tensor", left, right);

    /// <summary>Whether each element is less than a number.</summary>
    /// <param name="left">A tensor.</param>
    /// <param name="right">A number.</param>
    public static Tensor operator <(Tensor left, Scalar right) => Op.Call("lt.Scalar", left, right);

    /// <summary>Whether each element is greater than the other's.</summary>
    /// <param name="left">A tensor.</param>
    /// <param name="right">A tensor that broadcasts against it.</param>
    public static Tensor operator >(Tensor left, Tensor right) => Op.Call("gt.Tensor", left, right);

    /// <summary>Whether each element is greater than a number.</summary>
    /// <param name="left">A tensor.</param>
    /// <param name="right">A number.</param>
    public static Tensor operator >(Tensor left, Scalar right) => Op.Call("gt.Scalar", left, right);

    /// <summary>Whether each element is at most the other's.</summary>
    /// <param name="left">A tensor.</param>
    /// <param name="right">A tensor that broadcasts against it.</param>
    public static Tensor operator <=(Tensor left, Tensor right) => Op.Call("le.Tensor", left, right);

    /// <summary>Whether each element is at most a number.</summary>
    /// <param name="left">A tensor.</param>
    /// <param name="right">A number.</param>
    public static Tensor operator <=(Tensor left, Scalar right) => Op.Call("le.Scalar", left, right);

    /// <summary>Whether each element is at least the other's.</summary>
    /// <param name="left">A tensor.</param>
    /// <param name="right">A tensor that broadcasts against it.</param>
    public static Tensor operator >=(Tensor left, Tensor right) => Op.Call("ge.Tensor", left, right);

    /// <summary>Whether each element is at least a number.</summary>
    /// <param name="left">A tensor.</param>
    /// <param name="right">A number.</param>
    public static Tensor operator >=(Tensor left, Scalar right) => Op.Call("ge.Scalar", left, right);

    /// <summary>Whether each element equals the other's.</summary>
    /// <param name="other">A tensor that broadcasts against this one.</param>
    public Tensor eq(Tensor other) => Op.Call("eq.Tensor", this, other);

    /// <summary>Whether each element equals a number.</summary>
    /// <param name="other">A number.</param>
    public Tensor eq(Scalar other) => Op.Call("eq.Scalar", this, other);

    /// <summary>Whether each element differs from the other's.</summary>
    /// <param name="other">A tensor that broadcasts against this one.</param>
    public Tensor ne(Tensor other) => Op.Call("ne.Tensor", this, other);

    /// <summary>Whether each element differs from a number.</summary>
    /// <param name="other">A number.</param>
    public Tensor ne(Scalar other) => Op.Call("ne.Scalar", this, other);

    /// <summary>Each element without its sign.</summary>
    public Tensor abs() => Op.Call("abs", this);

    /// <summary>The square root of each element.</summary>
    public Tensor sqrt() => Op.Call("sqrt", this);

    /// <summary>e to the power of each element.</summary>
    public Tensor exp() => Op.Call("exp", this);

    /// <summary>The natural logarithm of each element.</summary>
    public Tensor log() => Op.Call("log", this);

    /// <summary>One divided by each element.</summary>
    public Tensor reciprocal() => Op.Call("reciprocal", this);

    /// <summary>Whether each element is neither infinite nor NaN.</summary>
    public Tensor isfinite() => Op.Call("isfinite", this);

    /// <summary>The opposite of each truth.</summary>
    public Tensor logical_not() => Op.Call("logical_not", this);

    /// <summary>Each element rounded to the nearest whole number, halves to the even one.</summary>
    public Tensor round() => Op.Call("round", this);

    /// <summary>Each element rounded down.</summary>
    public Tensor floor() => Op.Call("floor", this);

    /// <summary>Each element to a power.</summary>
    /// <param name="exponent">The power.</param>
    public Tensor pow(Scalar exponent) => Op.Call("pow.Tensor_Scalar", this, exponent);

    /// <summary>Each element moved into a range.</summary>
    /// <param name="min">The least value, if any.</param>
    /// <param name="max">The greatest value, if any.</param>
    public Tensor clamp(double? min = null, double? max = null) => Op.Call("clamp", this, min, max);

    /// <summary>The matrix product, batched over leading dimensions.</summary>
    /// <param name="other">A vector, a matrix or a batch of matrices.</param>
    public Tensor matmul(Tensor other) => Op.Call("matmul", this, other);

    /// <summary>Adds to each element in place.</summary>
    /// <param name="other">A tensor that broadcasts against this one.</param>
    /// <param name="alpha">A factor for the other.</param>
    /// <returns>The tensor itself.</returns>
    public Tensor add_(Tensor other, double alpha = 1)
    {
        Op.Run("add_.Tensor", this, other, alpha == 1 ? (Arg)1L : alpha);
        return this;
    }

    /// <summary>Adds to each element in place.</summary>
    /// <param name="other">A number.</param>
    /// <returns>The tensor itself.</returns>
    public Tensor add_(Scalar other)
    {
        Op.Run("add_.Scalar", this, other);
        return this;
    }

    /// <summary>Subtracts from each element in place.</summary>
    /// <param name="other">A tensor that broadcasts against this one.</param>
    /// <returns>The tensor itself.</returns>
    public Tensor sub_(Tensor other)
    {
        Op.Run("sub_.Tensor", this, other);
        return this;
    }

    /// <summary>Subtracts from each element in place.</summary>
    /// <param name="other">A number.</param>
    /// <returns>The tensor itself.</returns>
    public Tensor sub_(Scalar other)
    {
        Op.Run("sub_.Scalar", this, other);
        return this;
    }

    /// <summary>Multiplies each element in place.</summary>
    /// <param name="other">A tensor that broadcasts against this one.</param>
    /// <returns>The tensor itself.</returns>
    public Tensor mul_(Tensor other)
    {
        Op.Run("mul_.Tensor", this, other);
        return this;
    }

    /// <summary>Multiplies each element in place.</summary>
    /// <param name="other">A number.</param>
    /// <returns>The tensor itself.</returns>
    public Tensor mul_(Scalar other)
    {
        Op.Run("mul_.Scalar", this, other);
        return this;
    }

    /// <summary>Divides each element in place.</summary>
    /// <param name="other">A tensor that broadcasts against this one.</param>
    /// <returns>The tensor itself.</returns>
    public Tensor div_(Tensor other)
    {
        Op.Run("div_.Tensor", this, other);
        return this;
    }

    /// <summary>Divides each element in place.</summary>
    /// <param name="other">A number.</param>
    /// <returns>The tensor itself.</returns>
    public Tensor div_(Scalar other)
    {
        Op.Run("div_.Scalar", this, other);
        return this;
    }

    /// <summary>Sets each element to zero.</summary>
    /// <returns>The tensor itself.</returns>
    public Tensor zero_()
    {
        Op.Run("zero_", this);
        return this;
    }

    /// <summary>Sets each element to a number.</summary>
    /// <param name="value">The number.</param>
    /// <returns>The tensor itself.</returns>
    public Tensor fill_(Scalar value)
    {
        Op.Run("fill_.Scalar", this, value);
        return this;
    }

    /// <summary>Moves each element into a range in place.</summary>
    /// <param name="min">The least value, if any.</param>
    /// <param name="max">The greatest value, if any.</param>
    /// <returns>The tensor itself.</returns>
    public Tensor clamp_(double? min = null, double? max = null)
    {
        Op.Run("clamp_", this, min, max);
        return this;
    }

    /// <summary>Draws each element from a normal distribution in place.</summary>
    /// <param name="mean">The mean.</param>
    /// <param name="std">The standard deviation.</param>
    /// <returns>The tensor itself.</returns>
    public Tensor normal_(double mean = 0, double std = 1)
    {
        Op.Run("normal_", this, mean, std);
        return this;
    }

    /// <summary>Draws ones with a probability and zeros otherwise, in place.</summary>
    /// <param name="p">The probability of a one.</param>
    /// <returns>The tensor itself.</returns>
    public Tensor bernoulli_(double p)
    {
        Op.Run("bernoulli_.float", this, p);
        return this;
    }

    /// <summary>Draws each element evenly from a range in place.</summary>
    /// <param name="from">The least value.</param>
    /// <param name="to">The bound above.</param>
    /// <returns>The tensor itself.</returns>
    public Tensor uniform_(double from = 0, double to = 1)
    {
        Op.Run("uniform_", this, from, to);
        return this;
    }
}
