namespace SignData.Torch;

public sealed partial class Tensor
{
    /// <summary>The same memory seen in another shape.</summary>
    /// <param name="shape">The new lengths; one of them may be -1.</param>
    public Tensor view(params long[] shape) => Op.Call("view", this, shape);

    /// <summary>The elements in another shape, copied if need be.</summary>
    /// <param name="shape">The new lengths; one of them may be -1.</param>
    public Tensor reshape(params long[] shape) => Op.Call("reshape", this, shape);

    /// <summary>Neighbouring dimensions made one.</summary>
    /// <param name="start_dim">The first of them.</param>
    /// <param name="end_dim">The last of them.</param>
    public Tensor flatten(long start_dim = 0, long end_dim = -1) => Op.Call("flatten.using_ints", this, start_dim, end_dim);

    /// <summary>The dimensions in another order, without a copy.</summary>
    /// <param name="dims">The old number of each new dimension.</param>
    public Tensor permute(params long[] dims) => Op.Call("permute", this, dims);

    /// <summary>Two dimensions exchanged, without a copy.</summary>
    /// <param name="dim0">One.</param>
    /// <param name="dim1">The other.</param>
    public Tensor transpose(long dim0, long dim1) => Op.Call("transpose.int", this, dim0, dim1);

    /// <summary>A matrix's transpose, without a copy.</summary>
    public Tensor t() => Op.Call("t", this);

    /// <summary>Without a dimension of length 1.</summary>
    /// <param name="dim">Which dimension; negative ones count from the last.</param>
    public Tensor squeeze(long dim) => Op.Call("squeeze.dim", this, dim);

    /// <summary>With a new dimension of length 1.</summary>
    /// <param name="dim">Where it goes.</param>
    public Tensor unsqueeze(long dim) => Op.Call("unsqueeze", this, dim);

    /// <summary>Dimensions of length 1 repeated, without a copy.</summary>
    /// <param name="shape">The new lengths; -1 keeps one.</param>
    public Tensor expand(params long[] shape) => Op.Call("expand", this, shape);

    /// <summary>The tensor repeated along each dimension, copied.</summary>
    /// <param name="repeats">How often, for each dimension.</param>
    public Tensor repeat(params long[] repeats) => Op.Call("repeat", this, repeats);

    /// <summary>One slice along a dimension, without a copy and without that dimension.</summary>
    /// <param name="dim">Which dimension; negative ones count from the last.</param>
    /// <param name="index">Which slice.</param>
    public Tensor select(long dim, long index) => Op.Call("select.int", this, dim, index);

    /// <summary>A range along a dimension, without a copy.</summary>
    /// <param name="dim">Which dimension; negative ones count from the last.</param>
    /// <param name="start">Its first index.</param>
    /// <param name="length">Its length.</param>
    public Tensor narrow(long dim, long start, long length) => Op.Call("narrow", this, dim, start, length);

    /// <summary>Chosen slices along a dimension, copied.</summary>
    /// <param name="dim">Which dimension; negative ones count from the last.</param>
    /// <param name="index">Their numbers, Int64 or Int32.</param>
    public Tensor index_select(long dim, Tensor index) => Op.Call("index_select", this, dim, index);

    /// <summary>For each place of the index, the element that it names along a dimension.</summary>
    /// <param name="dim">Which dimension; negative ones count from the last.</param>
    /// <param name="index">Int64, with as many dimensions.</param>
    public Tensor gather(long dim, Tensor index) => Op.Call("gather", this, dim, index);

    /// <summary>The order reversed along dimensions, copied.</summary>
    /// <param name="dims">Which dimensions.</param>
    public Tensor flip(params long[] dims) => Op.Call("flip", this, dims);

    /// <summary>The tensor cut into about equal parts, without a copy.</summary>
    /// <param name="chunks">How many at most.</param>
    /// <param name="dim">Which dimension; negative ones count from the last.</param>
    public Tensor[] chunk(long chunks, long dim = 0) => Op.CallMany("chunk", this, chunks, dim);

    /// <summary>One slice of the first dimension, without a copy.</summary>
    /// <param name="index">Which.</param>
    public Tensor this[long index] => select(0, index);

    /// <summary>The elements densely in that order; itself if they are.</summary>
    /// <param name="memory_format">The order.</param>
    public Tensor contiguous(MemoryFormat memory_format = MemoryFormat.Contiguous) => Op.Call("contiguous", this, memory_format);

    /// <summary>With elements of another type; itself if they are.</summary>
    /// <param name="dtype">The type.</param>
    public Tensor to(ScalarType dtype) => Op.Call("to.dtype", this, dtype);

    /// <summary>On another device, and of another type if one is given; itself if it is.</summary>
    /// <param name="device">Where to.</param>
    /// <param name="dtype">The type, or null to keep it.</param>
    /// <param name="non_blocking">Does not wait for a copy from pinned memory.</param>
    public Tensor to(Device device, ScalarType? dtype = null, bool non_blocking = false) => Op.Call("to.dtype_layout", this, dtype, Arg.None, device, Arg.None, non_blocking);

    /// <summary>With the elements in another order in memory; unlike contiguous(), 1x1 convolution weights change too.</summary>
    /// <param name="memory_format">The order.</param>
    public Tensor to(MemoryFormat memory_format) => Op.Call("to.dtype_layout", this, Arg.None, Arg.None, Arg.None, Arg.None, false, false, memory_format);

    /// <summary>In the processor's memory; itself if it is.</summary>
    public Tensor cpu() => to("cpu");

    /// <summary>As Float32.</summary>
    public Tensor @float() => to(ScalarType.Float32);

    /// <summary>As Int64.</summary>
    public Tensor @long() => to(ScalarType.Int64);
}
