namespace SignData.Torch;

/// <summary>PyTorch's top-level functions: making tensors, and the switches of the thread and the process.</summary>
public static partial class torch
{
    /// <summary>Unsigned 8-bit integers.</summary>
    public const ScalarType uint8 = ScalarType.Byte;

    /// <summary>32-bit integers.</summary>
    public const ScalarType int32 = ScalarType.Int32;

    /// <summary>64-bit integers, the type of class numbers and indices.</summary>
    public const ScalarType int64 = ScalarType.Int64;

    /// <summary>IEEE half precision.</summary>
    public const ScalarType float16 = ScalarType.Float16;

    /// <summary>Half the bytes of float32 with its range.</summary>
    public const ScalarType bfloat16 = ScalarType.BFloat16;

    /// <summary>Single precision, the default.</summary>
    public const ScalarType float32 = ScalarType.Float32;

    /// <summary>Double precision.</summary>
    public const ScalarType float64 = ScalarType.Float64;

    /// <summary>Truths.</summary>
    public const ScalarType @bool = ScalarType.Bool;

    /// <summary>Row-major order.</summary>
    public const MemoryFormat contiguous_format = MemoryFormat.Contiguous;

    /// <summary>NHWC in memory, N, C, H, W in shape: the order that convolutions like best.</summary>
    public const MemoryFormat channels_last = MemoryFormat.ChannelsLast;

    /// <summary>Zeros.</summary>
    /// <param name="size">The shape.</param>
    /// <param name="dtype">The type of the elements.</param>
    /// <param name="device">Where.</param>
    public static Tensor zeros(long[] size, ScalarType dtype = float32, Device device = default) =>
        Op.Call("zeros", size, dtype, Arg.None, device);

    /// <summary>Ones.</summary>
    /// <param name="size">The shape.</param>
    /// <param name="dtype">The type of the elements.</param>
    /// <param name="device">Where.</param>
    public static Tensor ones(long[] size, ScalarType dtype = float32, Device device = default) =>
        Op.Call("ones", size, dtype, Arg.None, device);

    /// <summary>Memory as it comes.</summary>
    /// <param name="size">The shape.</param>
    /// <param name="dtype">The type of the elements.</param>
    /// <param name="device">Where.</param>
    public static Tensor empty(long[] size, ScalarType dtype = float32, Device device = default) =>
        Op.Call("empty.memory_format", size, dtype, Arg.None, device);

    /// <summary>One number everywhere.</summary>
    /// <param name="size">The shape.</param>
    /// <param name="value">The number.</param>
    /// <param name="dtype">The type of the elements.</param>
    /// <param name="device">Where.</param>
    public static Tensor full(long[] size, Scalar value, ScalarType dtype = float32, Device device = default) =>
        Op.Call("full", size, value, dtype, Arg.None, device);

    /// <summary>0, 1, 2 and so on.</summary>
    /// <param name="end">The bound above, not included.</param>
    /// <param name="dtype">The type of the elements.</param>
    /// <param name="device">Where.</param>
    public static Tensor arange(Scalar end, ScalarType dtype = int64, Device device = default) =>
        Op.Call("arange", end, dtype, Arg.None, device);

    /// <summary>Even steps from one number to another, both included.</summary>
    /// <param name="start">The first.</param>
    /// <param name="end">The last.</param>
    /// <param name="steps">How many.</param>
    /// <param name="dtype">The type of the elements.</param>
    /// <param name="device">Where.</param>
    public static Tensor linspace(double start, double end, long steps, ScalarType dtype = float32, Device device = default) =>
        Op.Call("linspace", start, end, steps, dtype, Arg.None, device);

    /// <summary>Random numbers evenly from 0 to 1.</summary>
    /// <param name="size">The shape.</param>
    /// <param name="dtype">The type of the elements.</param>
    /// <param name="device">Where.</param>
    public static Tensor rand(long[] size, ScalarType dtype = float32, Device device = default) =>
        Op.Call("rand", size, dtype, Arg.None, device);

    /// <summary>Random numbers of mean 0 and variance 1.</summary>
    /// <param name="size">The shape.</param>
    /// <param name="dtype">The type of the elements.</param>
    /// <param name="device">Where.</param>
    public static Tensor randn(long[] size, ScalarType dtype = float32, Device device = default) =>
        Op.Call("randn", size, dtype, Arg.None, device);

    /// <summary>Random whole numbers.</summary>
    /// <param name="high">The bound above, not included.</param>
    /// <param name="size">The shape.</param>
    /// <param name="dtype">The type of the elements.</param>
    /// <param name="device">Where.</param>
    public static Tensor randint(long high, long[] size, ScalarType dtype = int64, Device device = default) =>
        Op.Call("randint", high, size, dtype, Arg.None, device);

    /// <summary>The numbers below n in random order.</summary>
    /// <param name="n">How many.</param>
    /// <param name="device">Where.</param>
    public static Tensor randperm(long n, Device device = default) => Op.Call("randperm", n, int64, Arg.None, device);

    /// <summary>Draws from a beta distribution, on the CPU.</summary>
    /// <param name="size">The shape.</param>
    /// <param name="alpha">The first concentration, above 0.</param>
    /// <param name="beta">The second one, above 0.</param>
    public static Tensor beta(long[] size, float alpha, float beta)
    {
        using DisposeScope scope = NewDisposeScope();
        long count = size.Aggregate(1L, (product, length) => product * length);
        Tensor drawn = Op.Call("_sample_dirichlet", tensor<float>([alpha, beta]).expand(count, 2).contiguous(), Arg.None);
        return drawn.select(1, 0).reshape(size).MoveToOuterDisposeScope();
    }

    /// <summary>Zeros in the shape, type, device and memory order of another tensor.</summary>
    /// <param name="input">The pattern.</param>
    public static Tensor zeros_like(Tensor input) => Op.Call("zeros_like", input);

    /// <summary>Ones in the shape, type, device and memory order of another tensor.</summary>
    /// <param name="input">The pattern.</param>
    public static Tensor ones_like(Tensor input) => Op.Call("ones_like", input);

    /// <summary>A single number.</summary>
    /// <param name="value">The number.</param>
    /// <param name="dtype">The type of the element.</param>
    /// <param name="device">Where.</param>
    public static Tensor tensor(Scalar value, ScalarType dtype = float32, Device device = default) => full([], value, dtype, device);

    /// <summary>A copy of managed numbers in the type that they have, in one dimension or in the given shape.</summary>
    /// <typeparam name="T">byte, sbyte, short, int, long, Half, float, double or bool.</typeparam>
    /// <param name="data">The numbers in row-major order.</param>
    /// <param name="shape">The shape; null for one dimension.</param>
    /// <param name="dtype">The type to convert to, or null to keep it.</param>
    /// <param name="device">Where.</param>
    /// <exception cref="ArgumentException">The shape does not have as many elements.</exception>
    public static Tensor tensor<T>(ReadOnlySpan<T> data, long[]? shape = null, ScalarType? dtype = null, Device device = default) where T : unmanaged
    {
        Tensor made = empty(shape ?? [data.Length], TypeOf<T>());
        try
        {
            made.copy_(data);
            if ((dtype is null || dtype == made.dtype) && device.type == DeviceType.CPU)
            {
                return made;
            }
            Tensor placed = made.to(device, dtype);
            made.Dispose();
            return placed;
        }
        catch
        {
            made.Dispose();
            throw;
        }
    }

    /// <summary>A copy of a managed array in the type that it has and the given shape.</summary>
    /// <typeparam name="T">byte, sbyte, short, int, long, Half, float, double or bool.</typeparam>
    /// <param name="data">The numbers in row-major order.</param>
    /// <param name="shape">The shape; one dimension if left out.</param>
    /// <exception cref="ArgumentException">The shape does not have as many elements.</exception>
    public static Tensor from_array<T>(T[] data, params long[] shape) where T : unmanaged =>
        tensor<T>(data.AsSpan(), shape.Length == 0 ? null : shape);

    /// <summary>Tensors one after another along a dimension that they have.</summary>
    /// <param name="tensors">Alike but for that dimension.</param>
    /// <param name="dim">Which dimension.</param>
    public static Tensor cat(Tensor[] tensors, long dim = 0) => Op.Call("cat", tensors, dim);

    /// <summary>Tensors side by side along a new dimension.</summary>
    /// <param name="tensors">Of one shape.</param>
    /// <param name="dim">Where the new dimension goes.</param>
    public static Tensor stack(Tensor[] tensors, long dim = 0) => Op.Call("stack", tensors, dim);

    /// <summary>For each place, the one or the other.</summary>
    /// <param name="condition">Truths.</param>
    /// <param name="input">Where true.</param>
    /// <param name="other">Where false.</param>
    public static Tensor where(Tensor condition, Tensor input, Tensor other) => Op.Call("where.self", condition, input, other);

    /// <summary>The larger of two, elementwise.</summary>
    /// <param name="input">One.</param>
    /// <param name="other">The other.</param>
    public static Tensor maximum(Tensor input, Tensor other) => Op.Call("maximum", input, other);

    /// <summary>The smaller of two, elementwise.</summary>
    /// <param name="input">One.</param>
    /// <param name="other">The other.</param>
    public static Tensor minimum(Tensor input, Tensor other) => Op.Call("minimum", input, other);

    /// <summary>
    /// Calls any operator of libtorch by name, for those that have no method here:
    /// <c>torch.call("roll", x, shifts, dims)</c>. Arguments are positional and may be left out at the end.
    /// </summary>
    /// <param name="name">The operator and, after a dot, its overload: "add.Tensor"; with "namespace::" if it is not ATen's.</param>
    /// <param name="arguments">Tensor, Tensor[], long, int, double, bool, string, long[], double[], ScalarType, Device, MemoryFormat or null.</param>
    /// <returns>The operator's tensors.</returns>
    /// <exception cref="ArgumentException">An argument is of another type.</exception>
    public static Tensor[] call(string name, params object?[] arguments) => Op.CallMany(name, Array.ConvertAll(arguments, argument => argument switch
    {
        null => Arg.None,
        Tensor tensor => tensor,
        Tensor[] tensors => tensors,
        long number => number,
        int number => (long)number,
        double number => number,
        float number => (double)number,
        bool truth => truth,
        string text => text,
        long[] numbers => numbers,
        double[] numbers => numbers,
        ScalarType dtype => dtype,
        Device device => device,
        MemoryFormat format => format,
        _ => throw new ArgumentException($"{name} cannot be given a {argument.GetType().Name}.", nameof(arguments)),
    }));

    internal static ScalarType TypeOf<T>() where T : unmanaged => default(T) switch
    {
        byte => ScalarType.Byte,
        sbyte => ScalarType.Int8,
        short => ScalarType.Int16,
        int => ScalarType.Int32,
        long => ScalarType.Int64,
        Half => ScalarType.Float16,
        float => ScalarType.Float32,
        double => ScalarType.Float64,
        bool => ScalarType.Bool,
        _ => throw new NotSupportedException($"A tensor cannot hold {typeof(T).Name}."),
    };
}
