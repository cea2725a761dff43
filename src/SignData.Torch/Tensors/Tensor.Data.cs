using System.Runtime.CompilerServices;

namespace SignData.Torch;

public sealed partial class Tensor
{
    /// <summary>The single element's value, converted to T; waits for a GPU to finish what leads to it.</summary>
    /// <typeparam name="T">float, double, long, int, byte or bool.</typeparam>
    /// <exception cref="TorchException">The tensor has more than one element.</exception>
    public T item<T>() where T : unmanaged
    {
        NativeMethods.Check(NativeMethods.sdt_tensor_item(Handle, out Value value));
        GC.KeepAlive(this);
        double real = value.Tag == Tag.Real ? BitConverter.Int64BitsToDouble(value.Bits) : value.Bits;
        long integer = value.Tag == Tag.Real ? (long)real : value.Bits;
        object result = default(T) switch
        {
            float => (float)real,
            double => real,
            long => integer,
            int => checked((int)integer),
            byte => checked((byte)integer),
            bool => real != 0,
            _ => throw new NotSupportedException($"item<{typeof(T).Name}> is not offered: ask for float, double, long, int, byte or bool."),
        };
        return (T)result;
    }

    /// <summary>The single element's value.</summary>
    public double ToDouble() => item<double>();

    /// <summary>The single element's value.</summary>
    public float ToSingle() => item<float>();

    /// <summary>The single element's value.</summary>
    public long ToInt64() => item<long>();

    /// <summary>A copy of all elements in row-major order, whatever their order in memory and their device.</summary>
    /// <typeparam name="T">The type of the elements: float for Float32, long for Int64, byte for Byte, ushort for BFloat16's bits.</typeparam>
    /// <exception cref="ArgumentException">T is not the type of the elements.</exception>
    public T[] data<T>() where T : unmanaged
    {
        var elements = new T[numel()];
        copy_to(elements.AsSpan());
        return elements;
    }

    /// <summary>Copies all elements out in row-major order.</summary>
    /// <typeparam name="T">The type of the elements.</typeparam>
    /// <param name="destination">As many elements as the tensor has.</param>
    /// <exception cref="ArgumentException">The type or the number of elements differs.</exception>
    public unsafe void copy_to<T>(Span<T> destination) where T : unmanaged
    {
        Demand<T>(destination.Length);
        fixed (T* memory = destination)
        {
            NativeMethods.Check(NativeMethods.sdt_tensor_copy(Handle, memory, (long)destination.Length * sizeof(T), 0));
        }
        GC.KeepAlive(this);
    }

    /// <summary>Overwrites all elements with those of managed memory in row-major order; the one copy between the two worlds.</summary>
    /// <typeparam name="T">The type of the elements.</typeparam>
    /// <param name="source">As many elements as the tensor has.</param>
    /// <returns>The tensor itself.</returns>
    /// <exception cref="ArgumentException">The type or the number of elements differs.</exception>
    public unsafe Tensor copy_<T>(ReadOnlySpan<T> source) where T : unmanaged
    {
        Demand<T>(source.Length);
        fixed (T* memory = source)
        {
            NativeMethods.Check(NativeMethods.sdt_tensor_copy(Handle, memory, (long)source.Length * sizeof(T), 1));
        }
        GC.KeepAlive(this);
        return this;
    }

    /// <summary>Overwrites all elements with another tensor's, converted and broadcast as needed.</summary>
    /// <param name="source">Of a shape that broadcasts to this one.</param>
    /// <returns>The tensor itself.</returns>
    public Tensor copy_(Tensor source)
    {
        Op.Run("copy_", this, source);
        return this;
    }

    /// <summary>Reads the elements of a row-major tensor on the CPU straight from a stream.</summary>
    /// <exception cref="EndOfStreamException">The stream ends before the tensor is full.</exception>
    internal unsafe void ReadFrom(Stream source)
    {
        (nint memory, long bytes) = Memory();
        for (long done = 0; done < bytes;)
        {
            int read = source.Read(new Span<byte>((byte*)memory + done, (int)Math.Min(bytes - done, 1 << 24)));
            done += read > 0 ? read : throw new EndOfStreamException();
        }
        GC.KeepAlive(this);
    }

    /// <summary>Writes the elements of a row-major tensor on the CPU straight to a stream.</summary>
    internal unsafe void WriteTo(Stream destination)
    {
        (nint memory, long bytes) = Memory();
        for (long done = 0; done < bytes;)
        {
            int count = (int)Math.Min(bytes - done, 1 << 24);
            destination.Write(new ReadOnlySpan<byte>((byte*)memory + done, count));
            done += count;
        }
        GC.KeepAlive(this);
    }

    private unsafe (nint, long) Memory()
    {
        NativeMethods.Info info = Inspect();
        if (info.DeviceType != (int)DeviceType.CPU || (info.Flags & 4) == 0)
        {
            throw new InvalidOperationException("Only row-major tensors on the CPU show their memory.");
        }
        NativeMethods.Check(NativeMethods.sdt_tensor_data(Handle, out void* memory));
        return ((nint)memory, info.Elements * info.ElementSize);
    }

    internal static bool Holds<T>(ScalarType dtype) => dtype switch
    {
        ScalarType.Byte => typeof(T) == typeof(byte),
        ScalarType.Int8 => typeof(T) == typeof(sbyte),
        ScalarType.Int16 => typeof(T) == typeof(short),
        ScalarType.Int32 => typeof(T) == typeof(int),
        ScalarType.Int64 => typeof(T) == typeof(long),
        ScalarType.Float16 => typeof(T) == typeof(Half) || typeof(T) == typeof(ushort),
        ScalarType.Float32 => typeof(T) == typeof(float),
        ScalarType.Float64 => typeof(T) == typeof(double),
        ScalarType.Bool => typeof(T) == typeof(bool),
        ScalarType.BFloat16 => typeof(T) == typeof(ushort),
        _ => false,
    };

    private void Demand<T>(int elements) where T : unmanaged
    {
        NativeMethods.Info info = Inspect();
        if (!Holds<T>((ScalarType)info.Dtype) || info.Elements != elements || info.ElementSize != Unsafe.SizeOf<T>())
        {
            throw new ArgumentException($"{elements} elements of {typeof(T).Name} do not fit a tensor of {info.Elements} of {(ScalarType)info.Dtype}: convert it with to() first.");
        }
    }
}
