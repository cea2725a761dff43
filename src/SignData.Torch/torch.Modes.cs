namespace SignData.Torch;

public static partial class torch
{
    /// <summary>Operators until it is disposed are not recorded for backward(); for this thread.</summary>
    public static IDisposable no_grad() => new GradMode(false);

    /// <summary>Operators until it is disposed are recorded for backward(), inside no_grad() too; for this thread.</summary>
    /// <param name="enabled">Or not, if false.</param>
    public static IDisposable enable_grad(bool enabled = true) => new GradMode(enabled);

    /// <summary>Whether operators of this thread are recorded for backward().</summary>
    public static bool is_grad_enabled() => NativeMethods.sdt_grad_enabled() != 0;

    /// <summary>Begins a scope that disposes the tensors that this thread makes until the scope is disposed.</summary>
    public static DisposeScope NewDisposeScope() => new();

    /// <summary>
    /// Convolutions and matrix products until it is disposed run in a shorter type, and what is delicate in Float32; for this thread.
    /// The shortened weights are remembered until the outermost region ends.
    /// </summary>
    /// <param name="device">Whose operators: the CPU knows bfloat16, CUDA bfloat16 and float16.</param>
    /// <param name="dtype">The shorter type.</param>
    /// <param name="enabled">False switches an outer region off.</param>
    public static IDisposable autocast(Device device, ScalarType dtype = bfloat16, bool enabled = true) => new Autocast(device.type, dtype, enabled);

    private sealed class GradMode : IDisposable
    {
        private readonly int before = NativeMethods.sdt_grad_enabled();
        private bool ended;

        internal GradMode(bool enabled) => NativeMethods.sdt_set_grad_enabled(enabled ? 1 : 0);

        public void Dispose()
        {
            if (!ended)
            {
                ended = true;
                NativeMethods.sdt_set_grad_enabled(before);
            }
        }
    }

    private sealed class Autocast : IDisposable
    {
        private readonly DeviceType device;
        private readonly int enabledBefore;
        private readonly int dtypeBefore;
        private bool ended;

        internal Autocast(DeviceType device, ScalarType dtype, bool enabled)
        {
            this.device = device;
            NativeMethods.Check(NativeMethods.sdt_autocast((int)device, out enabledBefore, out dtypeBefore));
            NativeMethods.Check(NativeMethods.sdt_set_autocast((int)device, enabled ? 1 : 0, (int)dtype));
            NativeMethods.Check(NativeMethods.sdt_autocast_region(1));
        }

        public void Dispose()
        {
            if (!ended)
            {
                ended = true;
                NativeMethods.Check(NativeMethods.sdt_autocast_region(0));
                NativeMethods.Check(NativeMethods.sdt_set_autocast((int)device, enabledBefore, dtypeBefore));
            }
        }
    }
}
