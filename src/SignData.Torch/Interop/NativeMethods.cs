using System.Reflection;
using System.Runtime.InteropServices;

namespace SignData.Torch;

/// <summary>The exports of libsigndata_torch.so; those that return int return 0, or 1 with a message in sdt_last_error.</summary>
internal static unsafe partial class NativeMethods
{
    private const string Library = "signdata_torch";

    static NativeMethods() => NativeLibrary.SetDllImportResolver(typeof(NativeMethods).Assembly, Resolve);

    /// <summary>What a tensor is; the pointers are valid while its shape stays.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Info
    {
        internal long Dimensions, Elements, ElementSize;
        internal long* Sizes, Strides;
        internal int Dtype, DeviceType, DeviceIndex, Flags;
    }

    internal static void Check(int status)
    {
        if (status != 0)
        {
            throw new TorchException(Marshal.PtrToStringUTF8((nint)sdt_last_error()) ?? "an unknown error");
        }
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != Library)
        {
            return 0;
        }
        // OpenMP threads of GCC spin for milliseconds while they wait for each other. Where another program uses the cores, too, the one that is
        // waited for does not run: a training took ten times its time. The library reads this when it is loaded.
        _ = setenv("GOMP_SPINCOUNT", "1000", 0);
        string beside = Path.Combine(AppContext.BaseDirectory, "libsigndata_torch.so");
        if (NativeLibrary.TryLoad(beside, out nint handle) || NativeLibrary.TryLoad(name, assembly, path, out handle))
        {
            return handle;
        }
        throw new DllNotFoundException(File.Exists(beside)
            ? $"'{beside}' cannot be loaded: is libtorch (Debian's libtorch-dev) installed? `make bootstrap` installs it."
            : $"'{beside}' is missing: `make native` builds it, then build the solution again.");
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)] private static partial int setenv(string name, string value, int overwrite);

    [LibraryImport(Library)] internal static partial byte* sdt_last_error();
    [LibraryImport(Library)] internal static partial int sdt_version();
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] internal static partial int sdt_operator(string name, string overload, out nint op);
    [LibraryImport(Library)] internal static partial int sdt_call(nint op, Value* arguments, int count, Value* results, int capacity, out int returned);
    [LibraryImport(Library)] internal static partial void sdt_free(void* memory);
    [LibraryImport(Library)] internal static partial void sdt_object_free(nint value);

    [LibraryImport(Library)] internal static partial long sdt_live_tensors();
    [LibraryImport(Library)] internal static partial void sdt_tensor_free(nint tensor);
    [LibraryImport(Library)] internal static partial int sdt_tensor_info(nint tensor, out Info info);
    [LibraryImport(Library)] internal static partial int sdt_tensor_data(nint tensor, out void* data);
    [LibraryImport(Library)] internal static partial int sdt_tensor_copy(nint tensor, void* memory, long bytes, int intoTensor);
    [LibraryImport(Library)] internal static partial int sdt_tensor_item(nint tensor, out Value value);
    [LibraryImport(Library)] internal static partial int sdt_tensor_grad(nint tensor, out nint gradient);
    [LibraryImport(Library)] internal static partial int sdt_tensor_set_grad(nint tensor, nint gradient);
    [LibraryImport(Library)] internal static partial int sdt_tensor_set_requires_grad(nint tensor, int on);
    [LibraryImport(Library)] internal static partial int sdt_tensor_set_data(nint tensor, nint source);
    [LibraryImport(Library)] internal static partial int sdt_tensor_backward(nint tensor, nint gradient, int retainGraph);
    [LibraryImport(Library)] internal static partial int sdt_tensor_hook(nint tensor, nint state, delegate* unmanaged<nint, void> reached, delegate* unmanaged<nint, void> release);
    [LibraryImport(Library)] internal static partial int sdt_zero_grad(nint* tensors, int count, int setToNone);

    [LibraryImport(Library)] internal static partial int sdt_grad_enabled();
    [LibraryImport(Library)] internal static partial void sdt_set_grad_enabled(int on);
    [LibraryImport(Library)] internal static partial int sdt_autocast(int deviceType, out int enabled, out int dtype);
    [LibraryImport(Library)] internal static partial int sdt_set_autocast(int deviceType, int enabled, int dtype);
    [LibraryImport(Library)] internal static partial int sdt_autocast_region(int enter);
    [LibraryImport(Library)] internal static partial int sdt_num_threads();
    [LibraryImport(Library)] internal static partial int sdt_set_num_threads(int count);
    [LibraryImport(Library)] internal static partial int sdt_manual_seed(ulong seed);
    [LibraryImport(Library)] internal static partial int sdt_rng_state(int deviceType, int deviceIndex, out nint state);
    [LibraryImport(Library)] internal static partial int sdt_set_rng_state(int deviceType, int deviceIndex, nint state);
    [LibraryImport(Library)] internal static partial int sdt_cuda_devices(out int count);
    [LibraryImport(Library)] internal static partial int sdt_set_cudnn_benchmark(int on);
    [LibraryImport(Library)] internal static partial int sdt_use_onednn_int8(out int able);

    [LibraryImport(Library)] internal static partial long sdt_cpu_memory();

    [LibraryImport(Library)]
    internal static partial int sdt_checkpoint(
        nint input, nint output, nint piece, delegate* unmanaged<nint, nint, nint*, byte*, int, int> run, delegate* unmanaged<nint, void> release);

    [LibraryImport(Library)]
    internal static partial int sdt_adam_step(
        int count, nint* parameters, nint* means, nint* squares, long* steps, double* rates, double* weightDecays, int decoupled, double beta1, double beta2, double epsilon);

    [LibraryImport(Library)]
    internal static partial int sdt_average_step(int count, nint* averages, nint* weights, double old);

    [LibraryImport(Library)]
    internal static partial int sdt_sgd_step(
        int count, nint* parameters, nint* buffers, double* rates, double* weightDecays, double momentum, int nesterov);
}
