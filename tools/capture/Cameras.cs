using System.Globalization;
using SignData.Cli;
using SignData.Core;
using SignData.Vision;

namespace SignData.Capture;

/// <summary>What the command line says of cameras.</summary>
internal static class Cameras
{
    /// <summary>Prints the cameras that are connected.</summary>
    public static int List(ToolRun run)
    {
        var devices = CameraDevices.List();
        if (devices.Count == 0)
        {
            run.Result("No camera is connected: --camera also takes an address (http://phone:4747/video) or a clip.");
        }
        foreach (var device in devices)
        {
            run.Result($"{device.Path}  {device.Name}");
            foreach (var format in device.Formats)
            {
                run.Result($"    {format}");
            }
        }
        run.Json(new { cameras = devices });
        return 0;
    }

    /// <summary>Two numbers; zeros for null.</summary>
    /// <exception cref="InputException">It is no size.</exception>
    public static (int Width, int Height) SizeOf(string? text)
    {
        if (text is null)
        {
            return (0, 0);
        }
        var parts = text.Split('x');
        return parts.Length == 2 && Side(parts[0]) is { } width && Side(parts[1]) is { } height
            ? (width, height) : throw new InputException($"--size '{text}' is no size: give one such as 1280x720.");

        static int? Side(string part) => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var side) && side is >= 16 and <= 8192 ? side : null;
    }

    /// <summary>A session's name when the user gives none.</summary>
    public static string SessionOfNow => DateTime.Now.ToString("yyyy-MM-dd HHmm", CultureInfo.InvariantCulture);
}
