using System.Globalization;

namespace SignData.Torch;

/// <summary>The type of a tensor's elements, with libtorch's own numbers.</summary>
public enum ScalarType
{
    /// <summary>Unsigned 8-bit integer, torch.uint8.</summary>
    Byte = 0,

    /// <summary>Signed 8-bit integer.</summary>
    Int8 = 1,

    /// <summary>Signed 16-bit integer.</summary>
    Int16 = 2,

    /// <summary>Signed 32-bit integer.</summary>
    Int32 = 3,

    /// <summary>Signed 64-bit integer.</summary>
    Int64 = 4,

    /// <summary>IEEE half precision.</summary>
    Float16 = 5,

    /// <summary>Single precision, the default.</summary>
    Float32 = 6,

    /// <summary>Double precision.</summary>
    Float64 = 7,

    /// <summary>Truth.</summary>
    Bool = 11,

    /// <summary>Signed 8-bit steps of a scale.</summary>
    QInt8 = 12,

    /// <summary>Unsigned 8-bit steps of a scale, from a zero.</summary>
    QUInt8 = 13,

    /// <summary>The upper half of a single precision number: its range with 8 bits of precision.</summary>
    BFloat16 = 15,
}

/// <summary>The order of a tensor's elements in memory, with libtorch's own numbers.</summary>
public enum MemoryFormat
{
    /// <summary>Row-major: NCHW for pictures.</summary>
    Contiguous = 0,

    /// <summary>As the source has it.</summary>
    Preserve = 1,

    /// <summary>NHWC in memory while the shape stays N, C, H, W.</summary>
    ChannelsLast = 2,
}

/// <summary>Where tensors live, with libtorch's own numbers.</summary>
public enum DeviceType
{
    /// <summary>The processor's memory.</summary>
    CPU = 0,

    /// <summary>An NVIDIA GPU.</summary>
    CUDA = 1,
}

/// <summary>A place for tensors; a string such as "cpu", "cuda" or "cuda:1" converts to it. The default is the CPU.</summary>
public readonly record struct Device
{
    private readonly int ordinal;

    /// <summary>A device by kind and number.</summary>
    /// <param name="type">The kind.</param>
    /// <param name="index">Which of them, from 0; -1 for the current one. There is one CPU.</param>
    public Device(DeviceType type, int index = -1) => (this.type, ordinal) = (type, type == DeviceType.CPU ? 0 : index + 1);

    /// <summary>The device of that name.</summary>
    /// <param name="name">"cpu", "cuda" or "cuda:N".</param>
    /// <exception cref="ArgumentException">The name is none of these.</exception>
    public Device(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        string number = name.StartsWith("cuda:", StringComparison.Ordinal) ? name[5..] : "";
        int index = -1;
        bool numbered = number.Length > 0 && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out index) && index < 128;
        if (name is not ("cpu" or "cuda") && !numbered)
        {
            throw new ArgumentException($"'{name}' is no device: say cpu, cuda or cuda:1.", nameof(name));
        }
        (type, ordinal) = name == "cpu" ? (DeviceType.CPU, 0) : (DeviceType.CUDA, index + 1);
    }

    /// <summary>The kind of device.</summary>
    public DeviceType type { get; }

    /// <summary>Which of them, from 0; -1 for the current one, and for the CPU.</summary>
    public int index => ordinal - 1;

    /// <summary>The device of that name.</summary>
    /// <param name="name">"cpu", "cuda" or "cuda:N".</param>
    public static implicit operator Device(string name) => new(name);

    /// <summary>The device's name as PyTorch writes it.</summary>
    public override string ToString() => (type == DeviceType.CPU ? "cpu" : "cuda") + (index >= 0 ? FormattableString.Invariant($":{index}") : "");
}

/// <summary>A number among tensors: whole numbers stay whole, as operators on integer tensors demand.</summary>
public readonly struct Scalar
{
    private readonly Tag tag;
    private readonly double real;
    private readonly long integer;

    private Scalar(Tag tag, double real, long integer) => (this.tag, this.real, this.integer) = (tag, real, integer);

    /// <summary>A whole number.</summary>
    /// <param name="value">Any.</param>
    public static implicit operator Scalar(int value) => new(Tag.Integer, value, value);

    /// <summary>A whole number.</summary>
    /// <param name="value">Any.</param>
    public static implicit operator Scalar(long value) => new(Tag.Integer, value, value);

    /// <summary>A floating-point number.</summary>
    /// <param name="value">Any.</param>
    public static implicit operator Scalar(double value) => new(Tag.Real, value, 0);

    /// <summary>A truth.</summary>
    /// <param name="value">Either.</param>
    public static implicit operator Scalar(bool value) => new(Tag.Boolean, value ? 1 : 0, value ? 1 : 0);

    internal Arg ToArg() => tag switch
    {
        Tag.Real => real,
        Tag.Boolean => integer != 0,
        _ => integer,
    };
}
