namespace SignData.Torch;

public static partial class torch
{
    /// <summary>Handles to native tensors that are held now: equal before and after a run that leaks nothing.</summary>
    public static long live_tensors => NativeMethods.sdt_live_tensors();

    /// <summary>Bytes of the processor's memory that are in use now, tensors and all else that native code holds.</summary>
    public static long cpu_memory => NativeMethods.sdt_cpu_memory();

    /// <summary>The version of libtorch that the native library was built against.</summary>
    public static Version version => NativeMethods.sdt_version() is var number ? new Version(number / 10000, number / 100 % 100, number % 100) : new Version();

    /// <summary>Makes the random numbers of every device start anew.</summary>
    /// <param name="seed">Any.</param>
    public static void manual_seed(long seed) => NativeMethods.Check(NativeMethods.sdt_manual_seed(unchecked((ulong)seed)));

    /// <summary>The state of a device's random numbers, bytes to be kept with a checkpoint.</summary>
    /// <param name="device">Whose.</param>
    public static Tensor get_rng_state(Device device = default)
    {
        NativeMethods.Check(NativeMethods.sdt_rng_state((int)device.type, device.index, out nint state));
        return new Tensor(state);
    }

    /// <summary>Continues a device's random numbers from a state.</summary>
    /// <param name="state">From <see cref="get_rng_state"/>.</param>
    /// <param name="device">Whose.</param>
    public static void set_rng_state(Tensor state, Device device = default)
    {
        ArgumentNullException.ThrowIfNull(state);
        NativeMethods.Check(NativeMethods.sdt_set_rng_state((int)device.type, device.index, state.Handle));
        GC.KeepAlive(state);
    }

    /// <summary>The threads that one operator uses.</summary>
    public static int get_num_threads() => NativeMethods.sdt_num_threads();

    /// <summary>
    /// Sets the threads that one operator uses, for this thread and those that have not called an operator yet: set it first of all.
    /// Debian's libtorch begins with 1.
    /// </summary>
    /// <param name="count">At least 1.</param>
    public static void set_num_threads(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        NativeMethods.Check(NativeMethods.sdt_set_num_threads(count));
    }

    /// <summary>Whether this libtorch has CUDA and a GPU is there.</summary>
    public static bool cuda_is_available() => cuda_device_count() > 0;

    /// <summary>The number of GPUs that this libtorch can use.</summary>
    public static int cuda_device_count()
    {
        NativeMethods.Check(NativeMethods.sdt_cuda_devices(out int count));
        return count;
    }

    /// <summary>Lets cuDNN time its algorithms once for each shape: faster when shapes repeat, as in training.</summary>
    /// <param name="on">Whether to.</param>
    public static void set_cudnn_benchmark(bool on) => NativeMethods.Check(NativeMethods.sdt_set_cudnn_benchmark(on ? 1 : 0));
}
