using System.Globalization;
using System.Text.RegularExpressions;

namespace SignData.Vision;

/// <summary>
/// What ffmpeg prints of a file before it decodes it, read line by line: whoever reads the frames anyway need not start ffprobe too,
/// which takes as long to load as two dozen frames of 720p take to decode.
/// </summary>
internal sealed partial class VideoHeader
{
    private const int MostLines = 1_000;

    private readonly Dictionary<string, string> file = new(StringComparer.OrdinalIgnoreCase), stream = new(StringComparer.OrdinalIgnoreCase);
    private int lines;
    private bool ended, inVideo, hadVideo, hadStream;
    private TimeSpan duration;
    private double rate, clockwise;
    private string codec = "unknown";

    /// <summary>Takes the next line of standard error at -loglevel level+info.</summary>
    /// <param name="line">Without its end.</param>
    public void Line(ReadOnlySpan<char> line)
    {
        if (ended || !line.StartsWith("[info] "))
        {
            return;
        }
        if (++lines > MostLines || line.StartsWith("[info] Stream mapping:"))
        {
            ended = true;
            return;
        }
        var text = line.ToString();
        if (StreamLine().Match(text) is { Success: true } found)
        {
            (hadStream, inVideo) = (true, !hadVideo && found.Groups["codec"].Success && !text.Contains("(attached pic)", StringComparison.Ordinal));
            if (inVideo)
            {
                (hadVideo, codec) = (true, found.Groups["codec"].Value);
                rate = Rate().Match(text) is { Success: true } fps ? Number(fps.Groups[1].Value) * (fps.Groups[2].Length > 0 ? 1_000 : 1) : 0;
            }
        }
        else if (DurationLine().Match(text) is { Success: true } time)
        {
            duration = TimeSpan.FromHours(Number(time.Groups[1].Value)) + TimeSpan.FromMinutes(Number(time.Groups[2].Value)) + TimeSpan.FromSeconds(Number(time.Groups[3].Value));
        }
        else if (inVideo && RotationLine().Match(text) is { Success: true } rotation)
        {
            // ffmpeg counts counterclockwise.
            clockwise = -Number(rotation.Groups[1].Value);
        }
        else if ((inVideo || !hadStream) && TagLine().Match(text) is { Success: true } tag)
        {
            (hadStream ? stream : file).TryAdd(tag.Groups[1].Value, tag.Groups[2].Value);
        }
    }

    /// <summary>What the lines came to.</summary>
    /// <param name="width">Of the frames.</param>
    /// <param name="height">Of the frames.</param>
    public VideoInfo Info(int width, int height) => new(width, height, rate, duration, (((int)Math.Round(clockwise) % 360) + 360) % 360, codec,
        VideoProbe.RecordedAt(file.GetValueOrDefault, stream.GetValueOrDefault), VideoProbe.Device(file.GetValueOrDefault, stream.GetValueOrDefault));

    private static double Number(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : 0;

    [GeneratedRegex(@"^\[info\]   Stream #0:\d+.*?: (?:Video: (?<codec>\w+)|[A-Z])")]
    private static partial Regex StreamLine();

    [GeneratedRegex(@", (\d{1,6}(?:\.\d{1,6})?)(k?) fps")]
    private static partial Regex Rate();

    [GeneratedRegex(@"^\[info\]   Duration: (\d{1,6}):(\d\d):(\d\d(?:\.\d{1,6})?)")]
    private static partial Regex DurationLine();

    [GeneratedRegex(@"displaymatrix: rotation of (-?\d{1,3}(?:\.\d{1,6})?) degrees")]
    private static partial Regex RotationLine();

    [GeneratedRegex(@"^\[info\] {5,7}([\w.\-]{1,60}) *: (.{1,400})$")]
    private static partial Regex TagLine();
}
