using System.Runtime.InteropServices;
using SignData.Core;

namespace SignData.Vision;

/// <summary>The exports of libsigndata_window (src/native/window), which is loaded when the first window opens.</summary>
internal static unsafe partial class NativeMethods
{
    private const string WindowLibrary = "signdata_window";

    [LibraryImport(WindowLibrary, EntryPoint = "sd_vision_error")]
    private static partial byte* sd_window_error();

    [LibraryImport(WindowLibrary, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int sd_window_open(string title, int width, int height, out nint window);

    [LibraryImport(WindowLibrary)]
    public static partial int sd_window_show(nint window, byte* rgb);

    [LibraryImport(WindowLibrary)]
    public static partial int sd_window_next(nint window, WindowEvent* next);

    [LibraryImport(WindowLibrary)]
    public static partial void sd_window_close(nint window);

    /// <summary>Throws unless the status of a window's call is success.</summary>
    public static void CheckWindow(int status)
    {
        if (status != 0)
        {
            var reason = Marshal.PtrToStringUTF8((nint)sd_window_error());
            throw status == BadInput
                ? new InputException($"No window can be opened ({reason}; DISPLAY is '{Environment.GetEnvironmentVariable("DISPLAY")}'): run it where there is a desktop.")
                : new InvalidOperationException($"libsigndata_window: {reason}");
        }
    }

    /// <summary>An event as the library fills it.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct WindowEvent
    {
        public int Kind;
        public uint Milliseconds;
        public fixed byte Key[32];
        public fixed byte Typed[8];
    }
}
