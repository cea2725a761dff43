using System.Runtime.InteropServices;

namespace SignData.Torch;

/// <summary>What a <see cref="Value"/> or an <see cref="Arg"/> holds.</summary>
internal enum Tag : long
{
    None,
    Tensor,
    Integer,
    Real,
    Boolean,
    Integers,
    Reals,
    Tensors,
    Text,
    Device,
    Object,
}

/// <summary>An argument or a result as it crosses to the native side; Bits is an integer, a double's bits, or an address.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Value
{
    internal Tag Tag;
    internal long Length;
    internal long Bits;
}

/// <summary>An argument of an operator; it keeps its object alive until the call has returned.</summary>
internal readonly struct Arg
{
    internal readonly object? Held;
    internal readonly long Bits;
    internal readonly long Length;
    internal readonly Tag Tag;

    private Arg(Tag tag, long bits = 0, object? held = null, long length = 0) => (Tag, Bits, Held, Length) = (tag, bits, held, length);

    internal static Arg None => default;

    public static implicit operator Arg(Tensor? tensor) => tensor is null ? default : new Arg(Tag.Tensor, held: tensor);
    public static implicit operator Arg(NativeObject held) => new(Tag.Object, held: held);
    public static implicit operator Arg(long value) => new(Tag.Integer, value);
    public static implicit operator Arg(double value) => new(Tag.Real, BitConverter.DoubleToInt64Bits(value));
    public static implicit operator Arg(double? value) => value is { } set ? set : default(Arg);
    public static implicit operator Arg(bool value) => new(Tag.Boolean, value ? 1 : 0);
    public static implicit operator Arg(Scalar value) => value.ToArg();
    public static implicit operator Arg(ScalarType dtype) => new(Tag.Integer, (long)dtype);
    public static implicit operator Arg(ScalarType? dtype) => dtype is { } set ? set : default(Arg);
    public static implicit operator Arg(MemoryFormat format) => new(Tag.Integer, (long)format);
    public static implicit operator Arg(Device device) => new(Tag.Device, (long)device.type, length: device.index);
    public static implicit operator Arg(string? text) => text is null ? default : new Arg(Tag.Text, held: text);
    public static implicit operator Arg(long[]? values) => values is null ? default : new Arg(Tag.Integers, held: values);
    public static implicit operator Arg(double[]? values) => values is null ? default : new Arg(Tag.Reals, held: values);
    public static implicit operator Arg(Tensor[] tensors) => new(Tag.Tensors, held: tensors);
}
