using System.Runtime.InteropServices;

namespace SignData.Torch;

public sealed partial class Tensor
{
    /// <summary>Whether operators on this tensor are recorded for backward().</summary>
    public bool requires_grad
    {
        get => (Inspect().Flags & 1) != 0;
        set
        {
            NativeMethods.Check(NativeMethods.sdt_tensor_set_requires_grad(Handle, value ? 1 : 0));
            GC.KeepAlive(this);
        }
    }

    /// <summary>Whether backward() has left a gradient.</summary>
    internal bool HasGradient => (Inspect().Flags & 16) != 0;

    /// <summary>The gradient that backward() summed up, null before; every reading makes a handle of its own to the same memory.</summary>
    public Tensor? grad
    {
        get
        {
            NativeMethods.Check(NativeMethods.sdt_tensor_grad(Handle, out nint gradient));
            GC.KeepAlive(this);
            return gradient == 0 ? null : new Tensor(gradient);
        }
        set
        {
            NativeMethods.Check(NativeMethods.sdt_tensor_set_grad(Handle, value?.Handle ?? 0));
            GC.KeepAlive(this);
            GC.KeepAlive(value);
        }
    }

    /// <summary>Sets <see cref="requires_grad"/>.</summary>
    /// <param name="on">Whether to record.</param>
    /// <returns>The tensor itself.</returns>
    public Tensor requires_grad_(bool on = true)
    {
        requires_grad = on;
        return this;
    }

    /// <summary>Adds the derivative of this tensor to the grad of every leaf that it came from.</summary>
    /// <param name="gradient">The derivative by this tensor, of its shape; may be left out for a single number.</param>
    /// <param name="retain_graph">Keeps what was recorded, to go through it again.</param>
    public void backward(Tensor? gradient = null, bool retain_graph = false)
    {
        NativeMethods.Check(NativeMethods.sdt_tensor_backward(Handle, gradient?.Handle ?? 0, retain_graph ? 1 : 0));
        GC.KeepAlive(this);
        GC.KeepAlive(gradient);
    }

    /// <summary>Calls an action whenever backward() has come to this tensor: its gradient is known, that of what it was made from is not.</summary>
    /// <param name="reached">Must not throw; on a GPU it is called on another thread.</param>
    public unsafe void register_hook(Action reached)
    {
        ArgumentNullException.ThrowIfNull(reached);
        GCHandle state = GCHandle.Alloc(reached);
        NativeMethods.Check(NativeMethods.sdt_tensor_hook(Handle, GCHandle.ToIntPtr(state), &Reached, &Release));
        GC.KeepAlive(this);
    }

    /// <summary>The same memory without its history.</summary>
    public Tensor detach() => Op.Call("detach", this);

    /// <summary>A copy with memory of its own, in the same order; differentiable.</summary>
    public Tensor clone() => Op.Call("clone", this);

    /// <summary>Shows another tensor's memory, type and device from now on; whoever holds this tensor sees the change.</summary>
    /// <param name="source">Of the same shape.</param>
    internal void SetData(Tensor source)
    {
        NativeMethods.Check(NativeMethods.sdt_tensor_set_data(Handle, source.Handle));
        GC.KeepAlive(this);
        GC.KeepAlive(source);
    }

    [UnmanagedCallersOnly]
    private static void Reached(nint state) => ((Action)GCHandle.FromIntPtr(state).Target!)();

    [UnmanagedCallersOnly]
    private static void Release(nint state) => GCHandle.FromIntPtr(state).Free();
}
