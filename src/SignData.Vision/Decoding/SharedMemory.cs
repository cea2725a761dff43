using System.Runtime.InteropServices;
using SignData.Core;

namespace SignData.Vision;

/// <summary>Memory without a name that the decoding child writes and this process reads. Pages count when they are first written.</summary>
internal sealed unsafe partial class SharedMemory : IDisposable
{
    /// <summary>Room for some eighty frames of 8K.</summary>
    public const long Bytes = 4L << 30;

    private const uint CloseOnExec = 1, AllowSealing = 2;
    private const int AddSeals = 1033, SealShrink = 2, SealGrow = 4, SealSeal = 1;
    private const int ProtectionRead = 1, MapShared = 1;

    private readonly int file;
    private byte* start;

    public SharedMemory()
    {
        file = MemfdCreate("signdata-frames", CloseOnExec | AllowSealing);
        // Sealed: a child gone wild cannot shrink it under the reader.
        if (file < 0 || Truncate(file, Bytes) != 0 || Control(file, AddSeals, SealShrink | SealGrow | SealSeal) != 0)
        {
            throw Failure();
        }
        start = (byte*)Map(null, Bytes, ProtectionRead, MapShared, file, 0);
        if (start == (byte*)-1)
        {
            start = null;
            throw Failure();
        }
    }

    /// <summary>A path by which a child can open it.</summary>
    public string Path => $"/proc/{Environment.ProcessId}/fd/{file}";

    /// <summary>A plane's first sample.</summary>
    /// <param name="offset">In bytes.</param>
    /// <param name="stride">Bytes from row to row.</param>
    /// <param name="width">Samples in a row.</param>
    /// <param name="height">Rows.</param>
    /// <returns>Null when the plane does not lie within.</returns>
    public byte* Plane(long offset, int stride, int width, int height) =>
        stride >= width && offset >= 0 && offset <= Bytes - ((long)stride * height) ? start + offset : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (start is not null)
        {
            _ = Unmap(start, Bytes);
            start = null;
        }
        _ = Close(file);
    }

    private InputException Failure()
    {
        var reason = Marshal.GetLastPInvokeErrorMessage();
        Dispose();
        return new InputException($"No memory can be shared with the decoder ({reason}): free some memory, or lift its limit (ulimit -v).");
    }

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MemfdCreate(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "ftruncate64", SetLastError = true)]
    private static partial int Truncate(int file, long length);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(int file, int command, nint value);

    [LibraryImport("libc", EntryPoint = "mmap64", SetLastError = true)]
    private static partial void* Map(void* address, long length, int protection, int flags, int file, long offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(void* address, long length);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int file);
}
