using System.CommandLine;
using System.Text.Json;
using Spectre.Console;

namespace SignData.Cli;

/// <summary>One run of a tool: the values of its options, and the ways to speak to the user.</summary>
public sealed class ToolRun : IDisposable
{
    private static readonly JsonSerializerOptions Snake = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly ParseResult parsed;
    private readonly string name;
    private readonly bool json;
    private readonly IAnsiConsole errors;
    private readonly List<string> results = [];
    private string? summary;

    internal ToolRun(string name, ParseResult parsed, IReadOnlyDictionary<string, string> resolved, bool quiet, bool verbose, bool json, CancellationToken cancelled)
    {
        (this.name, this.parsed, this.json) = (name, parsed, json);
        (Resolved, Quiet, Verbose, Cancelled) = (resolved, quiet, verbose, cancelled);
        errors = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(Console.Error),
            Interactive = Console.IsErrorRedirected ? InteractionSupport.No : InteractionSupport.Yes,
            Ansi = Console.IsErrorRedirected ? AnsiSupport.No : AnsiSupport.Detect,
        });
        Progress = new ProgressLines();
    }

    /// <summary>Set when the user asked to stop (Ctrl-C or SIGTERM).</summary>
    public CancellationToken Cancelled { get; }

    /// <summary>Draws a job's progress on stderr: a bar on a terminal, now and then a line elsewhere, nothing with <c>-q</c>.</summary>
    public IProgress<Core.Progress> Progress { get; }

    /// <summary>Every option's value in the end, by its name without dashes.</summary>
    public IReadOnlyDictionary<string, string> Resolved { get; }

    /// <summary>Whether only errors are wanted.</summary>
    public bool Quiet { get; }

    /// <summary>Whether more is wanted.</summary>
    public bool Verbose { get; }

    /// <summary>The value of an option.</summary>
    /// <typeparam name="T">What the value is.</typeparam>
    /// <param name="option">As it was added to the tool.</param>
    public T Get<T>(Option<T> option) => parsed.GetValue(option)!;

    /// <summary>The value of an argument.</summary>
    /// <typeparam name="T">What the value is.</typeparam>
    /// <param name="argument">As it was added to the tool.</param>
    public T Get<T>(Argument<T> argument) => parsed.GetValue(argument)!;

    /// <summary>A line for a person, on stderr; nothing with <c>-q</c>.</summary>
    /// <param name="line">Plain text.</param>
    public void Say(string line)
    {
        if (!Quiet)
        {
            WriteError(line);
        }
    }

    /// <summary>A line about something that is wrong but stops nothing, on stderr.</summary>
    /// <param name="line">Plain text: what, where, what to do.</param>
    public void Warn(string line) => WriteError($"{name}: warning: {line}");

    /// <summary>A line of the result for a person, on stdout once the job is done; nothing with <c>-q</c> or <c>--json</c>.</summary>
    /// <param name="line">Plain text of at most 80 columns.</param>
    public void Result(string line = "") => results.Add(line);

    /// <summary>The summary that <c>--json</c> prints, in snake_case.</summary>
    /// <param name="value">Properties become keys.</param>
    public void Json(object value) => summary = JsonSerializer.Serialize(value, Snake);

    internal int Do(Func<ToolRun, int> job)
    {
        ProgressLines lines = (ProgressLines)Progress;
        int code;
        if (Quiet)
        {
            code = job(this);
        }
        else if (!errors.Profile.Capabilities.Interactive)
        {
            lines.WriteTo(WriteError);
            code = job(this);
        }
        else
        {
            code = errors.Progress()
                .AutoClear(true)
                .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = 24 }, new PercentageColumn(), new RemainingTimeColumn())
                .Start(context =>
                {
                    lines.DrawIn(context);
                    return job(this);
                });
        }
        Close();
        return code;
    }

    /// <summary>Ends the drawing of progress and prints what the run has to show.</summary>
    internal void Close()
    {
        ((ProgressLines)Progress).WriteTo(null);
        if (json && summary is not null)
        {
            Console.Out.WriteLine(summary);
        }
        else if (!json && !Quiet)
        {
            results.ForEach(Console.Out.WriteLine);
        }
        results.Clear();
        summary = null;
    }

    /// <inheritdoc/>
    public void Dispose() => ((ProgressLines)Progress).WriteTo(null);

    private void WriteError(string line)
    {
        if (errors.Profile.Capabilities.Interactive)
        {
            errors.WriteLine(line);
        }
        else
        {
            Console.Error.WriteLine(line);
        }
    }
}
