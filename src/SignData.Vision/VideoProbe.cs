using System.Globalization;
using System.Text.Json;

namespace SignData.Vision;

/// <summary>Runs ffprobe and reads its JSON.</summary>
internal static class VideoProbe
{
    // Tags are text that the file brings along.
    private const int MostCharacters = 4 << 20;

    public static VideoInfo Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        Ffmpeg.CheckFile(path);
        using var process = Ffmpeg.Start("ffprobe",
            ["-hide_banner", "-loglevel", "level+error", .. Ffmpeg.Guards, "-select_streams", "V:0", "-show_streams", "-show_format", "-print_format", "json", Ffmpeg.Input(path)]);
        using var log = new FrameLog(process.StandardError);
        var json = new char[4_096];
        var text = new System.Text.StringBuilder();
        while (process.StandardOutput.Read(json) is > 0 and var count)
        {
            if (text.Length < MostCharacters)
            {
                text.Append(json, 0, count);
            }
        }
        process.WaitForExit();
        log.Wait();
        try
        {
            using var document = JsonDocument.Parse(text.ToString());
            return Info(document.RootElement) ?? throw Video.Unreadable(path, log.FirstError ?? "matches no streams");
        }
        catch (JsonException)
        {
            throw Video.Unreadable(path, log.FirstError ?? "its description cannot be read");
        }
    }

    private static VideoInfo? Info(JsonElement root)
    {
        if (!root.TryGetProperty("streams", out var streams) || streams.GetArrayLength() == 0)
        {
            return null;
        }
        var stream = streams[0];
        var format = root.TryGetProperty("format", out var f) ? f : default;
        var (width, height) = (Int(stream, "width"), Int(stream, "height"));
        var rotation = Rotation(stream);
        if (rotation % 180 == 90)
        {
            (width, height) = (height, width);
        }
        var seconds = Double(Text(format, "duration")) is > 0 and var whole ? whole : Double(Text(stream, "duration"));
        var rate = Ratio(Text(stream, "avg_frame_rate")) is > 0 and var average ? average : Ratio(Text(stream, "r_frame_rate"));
        return new VideoInfo(width & ~1, height & ~1, rate, TimeSpan.FromSeconds(Math.Clamp(seconds, 0, 1e9)), rotation,
            Text(stream, "codec_name") ?? "unknown", RecordedAt(name => Tag(format, name), name => Tag(stream, name)), Device(name => Tag(format, name), name => Tag(stream, name)));
    }

    // ffprobe counts counterclockwise; old files have a tag that counts clockwise.
    private static int Rotation(JsonElement stream)
    {
        var clockwise = Double(Tag(stream, "rotate"));
        if (stream.TryGetProperty("side_data_list", out var list))
        {
            foreach (var item in list.EnumerateArray())
            {
                if (item.TryGetProperty("rotation", out var value) && value.ValueKind == JsonValueKind.Number)
                {
                    clockwise = -value.GetDouble();
                }
            }
        }
        return (((int)Math.Round(clockwise) % 360) + 360) % 360;
    }

    /// <summary>When it was recorded, by the tags of the file and of its stream.</summary>
    internal static DateTimeOffset? RecordedAt(Func<string, string?> format, Func<string, string?> stream)
    {
        foreach (var text in new[] { format("com.apple.quicktime.creationdate"), format("creation_time"), stream("creation_time") })
        {
            // Cameras without a clock write the epoch of their format, 1904 or 1970.
            if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && time.Year > 1970)
            {
                return time;
            }
        }
        return null;
    }

    /// <summary>Maker and model of the camera, by the tags of the file and of its stream.</summary>
    internal static string? Device(Func<string, string?> format, Func<string, string?> stream)
    {
        var parts = new[]
        {
            format("com.apple.quicktime.make") ?? format("com.android.manufacturer") ?? format("make") ?? stream("make"),
            format("com.apple.quicktime.model") ?? format("com.android.model") ?? format("model") ?? stream("model"),
        };
        var device = string.Join(' ', parts.Where(part => !string.IsNullOrWhiteSpace(part))).Trim();
        return device.Length switch { 0 => null, > 200 => device[..200], _ => device };
    }

    private static string? Tag(JsonElement element, string name)
    {
        if (element.ValueKind == JsonValueKind.Object && element.TryGetProperty("tags", out var tags) && tags.ValueKind == JsonValueKind.Object)
        {
            foreach (var tag in tags.EnumerateObject())
            {
                if (tag.Name.Equals(name, StringComparison.OrdinalIgnoreCase) && tag.Value.ValueKind == JsonValueKind.String)
                {
                    return tag.Value.GetString();
                }
            }
        }
        return null;
    }

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static int Int(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : 0;

    private static double Double(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : 0;

    private static double Ratio(string? text)
    {
        var parts = (text ?? "").Split('/');
        return parts.Length == 2 && Double(parts[1]) > 0 ? Double(parts[0]) / Double(parts[1]) : 0;
    }
}
