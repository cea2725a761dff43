using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using SignData.Core;

namespace SignData.Vision;

/// <summary>What ffmpeg says of one frame before the frame itself comes through the pipe.</summary>
internal readonly record struct FrameNote(int Number, TimeSpan Time, int Width, int Height, YuvMatrix Matrix, bool FullRange, bool Damaged);

/// <summary>
/// Reads ffmpeg's standard error on a thread of its own: the showinfo filter's lines become notes, one for each frame in order,
/// and the first error is kept. showinfo writes before it hands its frame on, so a note never waits for its frame.
/// </summary>
internal sealed partial class FrameLog : IDisposable
{
    // ffmpeg cuts a message at 1,024 characters, but side data is written piece by piece without an end of line.
    private const int LongestLine = 2_048;

    private readonly BlockingCollection<FrameNote> notes = [];
    private readonly Thread thread;
    private (long Numerator, long Denominator) timeBase = (1, 1);
    private TimeSpan step = TimeSpan.FromSeconds(1.0 / 25);
    private FrameNote? pending;
    private TimeSpan last;
    private bool damaged;
    private bool untilKeyFrame;

    /// <summary>Starts reading.</summary>
    /// <param name="error">ffmpeg's standard error at -loglevel level+info.</param>
    public FrameLog(TextReader error)
    {
        thread = new Thread(() => Read(error)) { IsBackground = true, Name = "ffmpeg log" };
        thread.Start();
    }

    /// <summary>The first error, without its prefix; null while there is none.</summary>
    public string? FirstError { get; private set; }

    /// <summary>Whether some frames were damaged.</summary>
    public bool AnyDamaged { get; private set; }

    /// <summary>Whether ffmpeg stopped because it got a signal.</summary>
    public bool Signalled { get; private set; }

    /// <summary>What the file says of itself; complete with the first note.</summary>
    public VideoHeader Header { get; } = new();

    /// <summary>The notes as they come; ends when ffmpeg does.</summary>
    /// <param name="token">Ends the waiting.</param>
    public IEnumerable<FrameNote> Notes(CancellationToken token) => notes.GetConsumingEnumerable(token);

    /// <summary>Waits for the end of standard error: what the properties say is then final.</summary>
    public void Wait() => thread.Join();

    /// <summary>Waits, then lets go.</summary>
    public void Dispose()
    {
        Wait();
        notes.Dispose();
    }

    private void Read(TextReader error)
    {
        try
        {
            var line = new char[LongestLine];
            var length = 0;
            var block = new char[4_096];
            while (error.Read(block) is > 0 and var count)
            {
                foreach (var character in block.AsSpan(0, count))
                {
                    if (character == '\n')
                    {
                        Line(line.AsSpan(0, length));
                        length = 0;
                    }
                    else if (length < line.Length)
                    {
                        line[length++] = character;
                    }
                }
            }
            Line(line.AsSpan(0, length));
            Flush();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            FirstError ??= e.Message;
        }
        finally
        {
            notes.CompleteAdding();
        }
    }

    private void Line(ReadOnlySpan<char> line)
    {
        if (line.StartsWith("[Parsed_showinfo_"))
        {
            ShowInfo(line.ToString());
        }
        else if (line.Contains("corrupt decoded frame", StringComparison.Ordinal))
        {
            damaged = AnyDamaged = true;
        }
        else if (line.Contains("received signal", StringComparison.Ordinal))
        {
            Signalled = true;
        }
        else if (FirstError is null && Error().Match(line.ToString()) is { Success: true } match)
        {
            FirstError = match.Groups[1].Value.TrimEnd(' ', '.');
        }
        else
        {
            Header.Line(line);
        }
    }

    private void ShowInfo(string line)
    {
        if (FrameLine().Match(line) is { Success: true } frame)
        {
            Flush();
            var number = (int)Number(frame, "n");
            last = long.TryParse(frame.Groups["pts"].Value, CultureInfo.InvariantCulture, out var pts)
                ? TimeSpan.FromTicks((long)((Int128)pts * timeBase.Numerator * TimeSpan.TicksPerSecond / timeBase.Denominator))
                : number == 0 ? TimeSpan.Zero : last + step;
            // What follows a damaged frame is built upon it, up to the next key frame.
            untilKeyFrame = damaged || (untilKeyFrame && frame.Groups["key"].Value != "1");
            damaged = false;
            pending = new FrameNote(number, last, (int)Number(frame, "w"), (int)Number(frame, "h"), YuvMatrix.Bt601, frame.Groups["fmt"].Value == "yuvj420p", untilKeyFrame);
        }
        else if (pending is { } note && ColourLine().Match(line) is { Success: true } colour)
        {
            pending = note with
            {
                FullRange = note.FullRange || colour.Groups["range"].Value == "pc",
                Matrix = colour.Groups["space"].Value switch
                {
                    "bt709" => YuvMatrix.Bt709,
                    "bt2020nc" or "bt2020c" => YuvMatrix.Bt2020,
                    _ => YuvMatrix.Bt601,
                },
            };
            Flush();
        }
        else if (ConfigLine().Match(line) is { Success: true } config)
        {
            timeBase = (Number(config, "num"), Math.Max(1, Number(config, "den")));
            if (Number(config, "rate") is > 0 and var rate)
            {
                step = TimeSpan.FromSeconds((double)Math.Max(1, Number(config, "per")) / rate);
            }
        }
    }

    private void Flush()
    {
        if (pending is { } note)
        {
            pending = null;
            notes.Add(note);
        }
    }

    private static long Number(Match match, string group) => long.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\] n: *(?<n>\d{1,9}) pts: *(?<pts>-?\w+) .* fmt:(?<fmt>\w+) .* s:(?<w>\d{1,6})x(?<h>\d{1,6}) .* iskey:(?<key>[01])")]
    private static partial Regex FrameLine();

    [GeneratedRegex(@"\] color_range:(?<range>\w+) color_space:(?<space>\w+)")]
    private static partial Regex ColourLine();

    [GeneratedRegex(@"\] config in time_base: (?<num>\d{1,9})/(?<den>\d{1,10}), frame_rate: (?<rate>\d{1,10})/(?<per>\d{1,10})")]
    private static partial Regex ConfigLine();

    // "[h264 @ 0x55d] [error] message"; a lost reference that the decoder itself makes good is no damage.
    [GeneratedRegex(@"^(?:\[[^\]]* @ 0x[0-9a-f]+\] )*\[(?:error|fatal|panic)\] (?!mmco: )(.+)")]
    private static partial Regex Error();
}
