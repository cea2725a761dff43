namespace SignData.Tools.Tests;

/// <summary>Capture with a clip for its camera and a script for its keys.</summary>
internal static class ScriptedCapture
{
    /// <summary>A display that is not there.</summary>
    public const string NoDisplay = ":65000";

    /// <summary>A folder whose tools have no display.</summary>
    public static Executable Folder()
    {
        var here = new Executable();
        here.Variables["DISPLAY"] = NoDisplay;
        return here;
    }

    /// <summary>Makes clip.mp4, of moving shapes, 30 frames a second.</summary>
    public static void Clip(this Executable here, double seconds, string filter = "null") =>
        Executable.RunOther("ffmpeg", "-v", "error", "-y", "-nostdin", "-f", "lavfi", "-i", FormattableString.Invariant($"testsrc2=size=320x240:rate=30:duration={seconds}"), "-vf", filter,
            "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", here.At("clip.mp4"));

    /// <summary>Writes keys.txt and gives its name.</summary>
    public static string Script(this Executable here, params string[] lines)
    {
        File.WriteAllLines(here.At("keys.txt"), lines);
        return "keys.txt";
    }

    /// <summary>The arguments that record a dataset from clip.mp4 by a script.</summary>
    public static string[] Arguments(string dataset, string script, params string[] more) =>
        [dataset, "--camera", "clip.mp4", "--script", script, "--no-window", "--session", "test", "--json", .. more];
}
