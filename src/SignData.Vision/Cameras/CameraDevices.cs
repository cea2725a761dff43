using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace SignData.Vision;

/// <summary>A camera that is connected.</summary>
/// <param name="Path">Such as /dev/video0.</param>
/// <param name="Name">As its driver calls it.</param>
/// <param name="Formats">What it films in, each with its sizes: <c>MJPG 640x480 1280x720</c>.</param>
public sealed record CameraDevice(string Path, string Name, IReadOnlyList<string> Formats);

/// <summary>The cameras that Video4Linux has (linux/videodev2.h).</summary>
public static unsafe partial class CameraDevices
{
    private const nuint QueryCapabilities = 0x80685600, EnumerateFormats = 0xC0405602, EnumerateSizes = 0xC02C564A;
    private const uint Capture = 1, HasDeviceCapabilities = 0x8000_0000;
    private const int MostEntries = 64;

    /// <summary>Every device that films, in the order of their numbers.</summary>
    public static IReadOnlyList<CameraDevice> List() =>
        [.. Paths().Select(path => NameOf(path) is { } name ? new CameraDevice(path, name, [.. FormatsOf(path)]) : null).OfType<CameraDevice>()];

    /// <summary>The devices of video, filming or not.</summary>
    internal static IReadOnlyList<string> Paths() =>
        [.. Directory.EnumerateFiles("/dev", "video*").Where(path => int.TryParse(path["/dev/video".Length..], out _)).OrderBy(path => int.Parse(path["/dev/video".Length..], CultureInfo.InvariantCulture))];

    /// <summary>The driver's name of a device that films; null for others.</summary>
    internal static string? NameOf(string path) => Ask<string?>(path, device =>
    {
        Capability capability;
        return Control(device, QueryCapabilities, &capability) == 0
            && ((capability.Capabilities & HasDeviceCapabilities) != 0 ? capability.DeviceCapabilities : capability.Capabilities) is var can && (can & Capture) != 0
            ? Marshal.PtrToStringUTF8((nint)capability.Card) : null;
    });

    /// <summary>What ffmpeg is told to open a device: MJPEG where it films in it, since plain pixels do not fit through USB at high rates.</summary>
    internal static IEnumerable<string> Arguments(string path, CameraOptions options)
    {
        List<string> arguments = ["-f", "v4l2"];
        if (FormatsOf(path).Any(format => format.StartsWith("MJPG", StringComparison.Ordinal)))
        {
            arguments.AddRange(["-input_format", "mjpeg"]);
        }
        if (options.FramesPerSecond > 0)
        {
            arguments.AddRange(["-framerate", options.FramesPerSecond.ToString(CultureInfo.InvariantCulture)]);
        }
        if (options.Width > 0)
        {
            arguments.AddRange(["-video_size", string.Create(CultureInfo.InvariantCulture, $"{options.Width}x{options.Height}")]);
        }
        return [.. arguments, "-i", path];
    }

    private static List<string> FormatsOf(string path) => Ask(path, device =>
    {
        var formats = new List<string>();
        for (var i = 0u; i < MostEntries; i++)
        {
            var format = new Format { Index = i, Type = Capture };
            if (Control(device, EnumerateFormats, &format) != 0)
            {
                break;
            }
            var code = format.PixelFormat;
            formats.Add(string.Join(' ', SizesOf(device, code).Prepend(Encoding.ASCII.GetString((byte*)&code, 4).TrimEnd())));
        }
        return formats;
    }) ?? [];

    private static List<string> SizesOf(int device, uint format)
    {
        var sizes = new List<string>();
        for (var i = 0u; i < MostEntries; i++)
        {
            var size = new FrameSize { Index = i, PixelFormat = format };
            if (Control(device, EnumerateSizes, &size) != 0)
            {
                break;
            }
            sizes.Add(size.Type == 1 ? $"{size.A}x{size.B}" : $"{size.A}x{size.D}..{size.B}x{size.E}");
        }
        return sizes;
    }

    internal static T? Ask<T>(string path, Func<int, T> question)
    {
        const int ReadWrite = 2, NonBlocking = 0x800;
        var device = OpenFile(path, ReadWrite | NonBlocking);
        if (device < 0)
        {
            return default;
        }
        try
        {
            return question(device);
        }
        finally
        {
            _ = Close(device);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFile(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int file);

    [LibraryImport("libc", EntryPoint = "ioctl")]
    internal static partial int Control(int file, nuint request, void* argument);

    /// <summary>struct v4l2_capability, 104 bytes.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Capability
    {
        public fixed byte Driver[16], Card[32], Bus[32];
        public uint Version, Capabilities, DeviceCapabilities;
        public fixed uint Reserved[3];
    }

    /// <summary>struct v4l2_fmtdesc, 64 bytes.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Format
    {
        public uint Index, Type, Flags;
        public fixed byte Description[32];
        public uint PixelFormat, BusCode;
        public fixed uint Reserved[3];
    }

    /// <summary>struct v4l2_frmsizeenum, 44 bytes: A x B, or from A to B by C across and from D to E down.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct FrameSize
    {
        public uint Index, PixelFormat, Type, A, B, C, D, E, F;
        public fixed uint Reserved[2];
    }
}
