using System.Globalization;
using System.Text;

namespace SignData.Vision;

/// <summary>What a video file says of itself.</summary>
/// <param name="Width">Of the frames as <see cref="Video.Frames(string, CancellationToken)"/> gives them: upright, even.</param>
/// <param name="Height">Of the frames as <see cref="Video.Frames(string, CancellationToken)"/> gives them: upright, even.</param>
/// <param name="FramesPerSecond">The average rate; 0 if the file does not tell.</param>
/// <param name="Duration">Zero if the file does not tell.</param>
/// <param name="Rotation">Degrees clockwise that make the stored pictures upright: 0, 90, 180 or 270 from a phone.</param>
/// <param name="Codec">In ffmpeg's words, such as h264.</param>
/// <param name="RecordedAt">When it was recorded, if the file tells.</param>
/// <param name="Device">Maker and model of the camera, if the file tells.</param>
public sealed record VideoInfo(int Width, int Height, double FramesPerSecond, TimeSpan Duration, int Rotation, string Codec, DateTimeOffset? RecordedAt, string? Device)
{
    private const int LongestDevice = 200;

    /// <summary>Reads what the decoder tells when it opens a file.</summary>
    /// <param name="opened">Sizes, rotation, rate, duration.</param>
    /// <param name="text">Keys and values, each with a zero after it.</param>
    internal static VideoInfo Of(in Answer opened, ReadOnlySpan<byte> text)
    {
        var words = Encoding.UTF8.GetString(text).Split('\0');
        var tags = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i + 1 < words.Length; i += 2)
        {
            tags.TryAdd(words[i], words[i + 1]);
        }
        return new VideoInfo(opened.Width, opened.Height, opened.RateDenominator > 0 ? (double)opened.RateNumerator / opened.RateDenominator : 0,
            TimeSpan.FromTicks(Math.Max(0, opened.Nanoseconds / TimeSpan.NanosecondsPerTick)), opened.Rotation, tags.GetValueOrDefault("codec", "unknown"), RecordedAtOf(tags), DeviceOf(tags));
    }

    private static DateTimeOffset? RecordedAtOf(Dictionary<string, string> tags)
    {
        foreach (var key in (string[])["com.apple.quicktime.creationdate", "creation_time"])
        {
            // Cameras without a clock write the epoch of their format, 1904 or 1970.
            if (DateTimeOffset.TryParse(tags.GetValueOrDefault(key), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && time.Year > 1970)
            {
                return time;
            }
        }
        return null;
    }

    private static string? DeviceOf(Dictionary<string, string> tags)
    {
        string? First(params string[] keys) => keys.Select(key => tags.GetValueOrDefault(key)).FirstOrDefault(value => !string.IsNullOrWhiteSpace(value));
        var device = string.Join(' ', new[]
        {
            First("com.apple.quicktime.make", "com.android.manufacturer", "make"),
            First("com.apple.quicktime.model", "com.android.model", "model"),
        }.Where(part => part is not null)).Trim();
        return device.Length switch { 0 => null, > LongestDevice => device[..LongestDevice], _ => device };
    }
}
