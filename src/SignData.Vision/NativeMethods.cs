using System.Runtime.InteropServices;
using SignData.Core;

namespace SignData.Vision;

/// <summary>The exports of libsigndata_vision (src/native/vision): 0 is success, else <see cref="LastError"/> holds this thread's message.</summary>
internal static unsafe partial class NativeMethods
{
    private const string Library = "signdata_vision";

    /// <summary>The status of an export whose input bytes are at fault.</summary>
    public const int BadInput = 1;

    static NativeMethods() => NativeLibrary.SetDllImportResolver(typeof(NativeMethods).Assembly, (name, assembly, path) =>
        NativeLibrary.TryLoad(name, assembly, path, out var handle)
            ? handle
            : throw new InputException($"The native library lib{name}.so is missing beside {AppContext.BaseDirectory}; build it with `make native`, then build again."));

    [LibraryImport(Library)]
    private static partial byte* sd_vision_error();

    [LibraryImport(Library)]
    public static partial void sd_vision_free(void* buffer);

    [LibraryImport(Library)]
    public static partial int sd_near_hashes(ulong* hashes, int* starts, int firstKey, int keys, int* probes, int probeCount, int distance, int* positions, long room, out long count);

    [LibraryImport(Library)]
    public static partial int sd_jpeg_size(byte* bytes, nuint size, int minSide, out int storedWidth, out int storedHeight, out int width, out int height);

    [LibraryImport(Library)]
    public static partial int sd_jpeg_read(byte* bytes, nuint size, int minSide, byte* rgb, nuint capacity);

    [LibraryImport(Library)]
    public static partial int sd_jpeg_read_i420(byte* bytes, nuint size, byte* planes, int width, int height);

    [LibraryImport(Library)]
    public static partial int sd_jpeg_write(byte* pixels, int width, int height, int channels, int quality, out byte* bytes, out nuint length);

    [LibraryImport(Library)]
    public static partial int sd_jpeg_write_i420(byte* planes, int width, int height, int matrix, int full, int quality, out byte* bytes, out nuint length);

    [LibraryImport(Library)]
    public static partial int sd_png_read(byte* bytes, nuint size, int width, int height, byte* rgb);

    [LibraryImport(Library)]
    public static partial int sd_webp_read(byte* bytes, nuint size, int width, int height, byte* rgb);

    [LibraryImport(Library)]
    public static partial int sd_png_write(byte* pixels, int width, int height, int channels, out byte* bytes, out nuint length);

    [LibraryImport(Library)]
    public static partial int sd_resize(byte* from, int width, int height, int channels, byte* to, int toWidth, int toHeight);

    [LibraryImport(Library)]
    public static partial int sd_grey(byte* rgb, int width, int height, byte* grey);

    [LibraryImport(Library)]
    public static partial int sd_i420_to_rgb(byte* planes, int width, int height, int matrix, int full, byte* rgb);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int sd_text_width(string text, int height, int thickness, out int width);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int sd_text(byte* rgb, int width, int height, string text, int left, int bottom, int size, int thickness, int colour);

    /// <summary>The message of this thread's last failed call.</summary>
    public static string LastError => Marshal.PtrToStringUTF8((nint)sd_vision_error()) ?? "";

    /// <summary>Throws unless the status is success; for calls whose input cannot be at fault.</summary>
    public static void Check(int status)
    {
        if (status != 0)
        {
            throw new InvalidOperationException($"libsigndata_vision: {LastError}");
        }
    }
}
