using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace SignData.Cli;

/// <summary>Shows each stage's progress with its rate: as bars in a live context, as a line every ten seconds otherwise.</summary>
internal sealed class ProgressLines : IProgress<Core.Progress>
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private readonly Dictionary<string, ProgressTask> bars = [];
    private ProgressContext? live;
    private Action<string>? write;
    private string stage = "";
    private long started, first, last, written;

    public void DrawIn(ProgressContext context) => live = context;

    public void WriteTo(Action<string>? line) => (write, live) = (line, null);

    public void Report(Core.Progress value)
    {
        lock (gate)
        {
            // A stage may come a second time, from its beginning: it has a bar of its own then. Several threads report a little out of order.
            bool again = value.Stage == stage && value.Done < last / 2;
            if (again)
            {
                bars.Remove(stage);
            }
            if (again || value.Stage != stage)
            {
                (stage, started, first, written) = (value.Stage, Stopwatch.GetTimestamp(), value.Done, 0);
            }
            last = value.Done;
            string text = $"{value.Stage}{Rate(value)}{(value.Note.Length > 0 ? "  " + value.Note : "")}";
            if (live is not null)
            {
                if (!bars.TryGetValue(value.Stage, out ProgressTask? bar))
                {
                    bars[value.Stage] = bar = live.AddTask(Markup.Escape(text), autoStart: true, maxValue: Math.Max(1, value.Total));
                }
                bar.Description = Markup.Escape(text);
                bar.IsIndeterminate = value.Total == 0;
                bar.MaxValue = Math.Max(1, value.Total);
                bar.Value = value.Done;
            }
            else if (write is not null && Due(value))
            {
                write($"{text}  {value.Done}{(value.Total > 0 ? "/" + value.Total : "")}{Left(value)}");
            }
        }
    }

    private bool Due(Core.Progress value)
    {
        bool due = (value.Total > 0 && value.Done >= value.Total) || Stopwatch.GetElapsedTime(written == 0 ? started : written) > Pause;
        if (due)
        {
            written = Stopwatch.GetTimestamp();
        }
        return due;
    }

    private double PerSecond(Core.Progress value)
    {
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        return seconds > 0.5 ? (value.Done - first) / seconds : 0;
    }

    private string Rate(Core.Progress value) => PerSecond(value) switch
    {
        <= 0 => "",
        < 10 and double slow => string.Create(CultureInfo.InvariantCulture, $"  {slow:0.0}/s"),
        double fast => string.Create(CultureInfo.InvariantCulture, $"  {fast:0}/s"),
    };

    private string Left(Core.Progress value) =>
        value.Total > value.Done && PerSecond(value) is > 0 and double rate
            ? "  " + Clock(TimeSpan.FromSeconds((value.Total - value.Done) / rate)) + " left"
            : "";

    private static string Clock(TimeSpan time) => time.ToString(time.TotalHours < 1 ? @"m\:ss" : @"h\:mm\:ss", CultureInfo.InvariantCulture);
}
