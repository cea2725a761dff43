using System.Runtime.InteropServices;
using System.Text;

namespace SignData.Torch;

public static unsafe partial class torch
{
    [ThreadStatic] private static bool recomputing;

    /// <summary>Whether this thread computes a checkpointed piece for the second time, when averages must not be updated again.</summary>
    internal static bool Recomputing => recomputing;

    /// <summary>
    /// Gradient checkpointing (Chen et al. 2016): calls a function without keeping what backward() needs but its input, and calls it again, with the
    /// same random numbers and casts, when backward() comes to it. Memory for time.
    /// </summary>
    /// <param name="function">The same result for the same input; it does not change its input.</param>
    /// <param name="input">Its input.</param>
    /// <returns>Its output; where nothing is recorded, just that.</returns>
    public static Tensor checkpoint(Func<Tensor, Tensor> function, Tensor input)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(input);
        if (!is_grad_enabled())
        {
            return function(input);
        }
        Piece piece = new(function, input.device);
        Tensor output;
        using (no_grad())
        using (NewDisposeScope())
        {
            output = function(input);
            output = (ReferenceEquals(output, input) ? input.detach() : output).MoveToOuterDisposeScope();
        }
        nint handle = GCHandle.ToIntPtr(GCHandle.Alloc(piece));
        NativeMethods.Check(NativeMethods.sdt_checkpoint(input.Handle, output.Handle, handle, &Run, &Release));
        GC.KeepAlive(input);
        GC.KeepAlive(output);
        return output;
    }

    [UnmanagedCallersOnly]
    private static int Run(nint piece, nint input, nint* output, byte* reason, int capacity)
    {
        try
        {
            *output = ((Piece)GCHandle.FromIntPtr(piece).Target!).Again(input);
            return 0;
        }
        catch (Exception e)
        {
            Encoding.UTF8.TryGetBytes(e.Message, new Span<byte>(reason, capacity - 1), out int written);
            reason[written] = 0;
            return 1;
        }
    }

    [UnmanagedCallersOnly]
    private static void Release(nint piece)
    {
        GCHandle handle = GCHandle.FromIntPtr(piece);
        ((Piece)handle.Target!).Dispose();
        handle.Free();
    }

    /// <summary>A function with the state of the thread that it was first called in.</summary>
    private sealed class Piece : IDisposable
    {
        private readonly Func<Tensor, Tensor> function;
        private readonly Device device;
        private readonly bool casts;
        private readonly ScalarType dtype;
        private readonly Tensor random;
        private readonly Tensor? deviceRandom;

        internal Piece(Func<Tensor, Tensor> function, Device device)
        {
            (this.function, this.device) = (function, device);
            NativeMethods.Check(NativeMethods.sdt_autocast((int)device.type, out int enabled, out int type));
            (casts, dtype) = (enabled != 0, (ScalarType)type);
            random = get_rng_state().DetachFromDisposeScope();
            deviceRandom = device.type == DeviceType.CPU ? null : get_rng_state(device).DetachFromDisposeScope();
        }

        internal nint Again(nint handle)
        {
            using DisposeScope scope = NewDisposeScope();
            bool before = recomputing;
            Tensor input = new(handle), now = get_rng_state();
            Tensor? deviceNow = deviceRandom is null ? null : get_rng_state(device);
            recomputing = true;
            try
            {
                set_rng_state(random);
                if (deviceRandom is not null)
                {
                    set_rng_state(deviceRandom, device);
                }
                using IDisposable cast = autocast(device, dtype, casts);
                return function(input).HandOver();
            }
            finally
            {
                recomputing = before;
                set_rng_state(now);
                if (deviceNow is not null)
                {
                    set_rng_state(deviceNow, device);
                }
            }
        }

        public void Dispose()
        {
            random.Dispose();
            deviceRandom?.Dispose();
        }
    }
}
