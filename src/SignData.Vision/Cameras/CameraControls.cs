using System.Runtime.InteropServices;

namespace SignData.Vision;

/// <summary>What a device's driver lets be held still (linux/v4l2-controls.h).</summary>
internal static unsafe class CameraControls
{
    private const nuint Get = 0xC008561B, Set = 0xC008561C;
    private const uint ExposureAuto = 0x009A0901, ExposureAbsolute = 0x009A0902, FocusAbsolute = 0x009A090A, FocusAuto = 0x009A090C, WhiteBalanceAuto = 0x0098090C;
    private const int Manual = 1;

    /// <summary>Keeps exposure and white balance as they are now.</summary>
    /// <returns>Whether the driver can.</returns>
    public static bool LockExposure(string path) => CameraDevices.Ask(path, device =>
    {
        var found = Read(device, ExposureAbsolute) is { } now && Write(device, ExposureAuto, Manual) && Write(device, ExposureAbsolute, now);
        _ = Write(device, WhiteBalanceAuto, 0);
        return found;
    });

    /// <summary>Turns autofocus off and focuses at a distance of the driver's own measure.</summary>
    /// <returns>Whether the driver can.</returns>
    public static bool Focus(string path, int distance) => CameraDevices.Ask(path, device =>
    {
        _ = Write(device, FocusAuto, 0);
        return Write(device, FocusAbsolute, distance);
    });

    private static int? Read(int device, uint control)
    {
        var asked = new Control { Id = control };
        return CameraDevices.Control(device, Get, &asked) == 0 ? asked.Value : null;
    }

    private static bool Write(int device, uint control, int value)
    {
        var wanted = new Control { Id = control, Value = value };
        return CameraDevices.Control(device, Set, &wanted) == 0;
    }

    /// <summary>struct v4l2_control, 8 bytes.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Control
    {
        public uint Id;
        public int Value;
    }
}
