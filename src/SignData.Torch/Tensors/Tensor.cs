namespace SignData.Torch;

/// <summary>
/// An array of numbers on a device, with the gradient that backward() left. Native memory: dispose it, or let a <see cref="DisposeScope"/> do so;
/// the finalizer is a safety net alone, because the collector does not see how large the memory behind a tensor is.
/// </summary>
public sealed partial class Tensor : IDisposable
{
    private nint handle;

    internal Tensor(nint handle)
    {
        this.handle = handle;
        DisposeScope.Enter(this);
    }

    /// <summary>Gives the native memory back where nobody else did.</summary>
    ~Tensor() => Release();

    internal nint Handle => handle != 0 ? handle : throw new ObjectDisposedException(nameof(Tensor), "The tensor was disposed, perhaps with the scope that it was made in.");

    internal DisposeScope? Scope { get; set; }

    internal int ScopeSlot { get; set; }

    /// <summary>The lengths of the dimensions.</summary>
    public unsafe long[] shape
    {
        get
        {
            NativeMethods.Info info = Inspect();
            long[] sizes = new ReadOnlySpan<long>(info.Sizes, (int)info.Dimensions).ToArray();
            GC.KeepAlive(this);
            return sizes;
        }
    }

    /// <summary>Elements in memory from one index to the next, for each dimension.</summary>
    public unsafe long[] strides
    {
        get
        {
            NativeMethods.Info info = Inspect();
            long[] steps = new ReadOnlySpan<long>(info.Strides, (int)info.Dimensions).ToArray();
            GC.KeepAlive(this);
            return steps;
        }
    }

    /// <summary>The number of dimensions.</summary>
    public int ndim => (int)Inspect().Dimensions;

    /// <summary>The type of the elements.</summary>
    public ScalarType dtype => (ScalarType)Inspect().Dtype;

    /// <summary>Where the elements are.</summary>
    public Device device
    {
        get
        {
            NativeMethods.Info info = Inspect();
            return new Device((DeviceType)info.DeviceType, info.DeviceIndex);
        }
    }

    /// <summary>Bytes of one element.</summary>
    public long element_size => Inspect().ElementSize;

    /// <summary>True for a tensor that no differentiable operator made.</summary>
    public bool is_leaf => (Inspect().Flags & 2) != 0;

    /// <summary>True once disposed.</summary>
    public bool IsInvalid => handle == 0;

    /// <summary>The number of elements.</summary>
    public long numel() => Inspect().Elements;

    /// <summary>The length of one dimension.</summary>
    /// <param name="dim">Which; negative ones count from the last.</param>
    public long size(int dim)
    {
        long[] sizes = shape;
        return sizes[dim < 0 ? dim + sizes.Length : dim];
    }

    /// <summary>Whether the elements lie densely in that order.</summary>
    /// <param name="memory_format">Row-major, or channels last for four dimensions.</param>
    public bool is_contiguous(MemoryFormat memory_format = MemoryFormat.Contiguous) =>
        (Inspect().Flags & (memory_format == MemoryFormat.ChannelsLast ? 8 : 4)) != 0;

    /// <summary>Hands the tensor to the scope around the one that it is in; without one around, nobody but its holder disposes it.</summary>
    /// <returns>The tensor itself.</returns>
    public Tensor MoveToOuterDisposeScope()
    {
        Scope?.MoveOut(this);
        return this;
    }

    /// <summary>Takes the tensor out of every scope: its holder disposes it.</summary>
    /// <returns>The tensor itself.</returns>
    public Tensor DetachFromDisposeScope()
    {
        Scope?.Leave(this);
        return this;
    }

    /// <summary>Gives the native memory back, unless a graph or another view still needs it.</summary>
    public void Dispose()
    {
        Scope?.Leave(this);
        Release();
        GC.SuppressFinalize(this);
    }

    /// <summary>Shape, type and device; the value where there is only one.</summary>
    public override string ToString() => IsInvalid ? "disposed tensor" : numel() == 1
        ? FormattableString.Invariant($"tensor({ToDouble()}, dtype={dtype}, device={device})")
        : $"tensor([{string.Join(", ", shape)}], dtype={dtype}, device={device})";

    /// <summary>Hands the native memory to the caller: this tensor is disposed without giving it back.</summary>
    internal nint HandOver()
    {
        Scope?.Leave(this);
        return Interlocked.Exchange(ref handle, 0);
    }

    private void Release()
    {
        nint owned = Interlocked.Exchange(ref handle, 0);
        if (owned != 0)
        {
            NativeMethods.sdt_tensor_free(owned);
        }
    }

    private NativeMethods.Info Inspect()
    {
        NativeMethods.Check(NativeMethods.sdt_tensor_info(Handle, out NativeMethods.Info info));
        GC.KeepAlive(this);
        return info;
    }
}
