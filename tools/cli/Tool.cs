using System.CommandLine;
using System.CommandLine.Invocation;
using System.Runtime.InteropServices;
using SignData.Core;

namespace SignData.Cli;

/// <summary>
/// One command line tool: its options, and the manners that all tools share (exit codes, one-line errors, Ctrl-C,
/// <c>-q -v --json</c>, and option values from flags, then <c>SIGNDATA_*</c>, then a recipe file, then defaults).
/// </summary>
public sealed class Tool
{
    private const int Failed = 1, WrongUsage = 2, Interrupted = 130;

    private readonly RootCommand root;
    private readonly Command command;
    private readonly string[] verbs;
    private readonly Option<bool> quiet = new("--quiet", "-q") { Description = "Print errors only." };
    private readonly Option<bool> verbose = new("--verbose", "-v") { Description = "Print more about what is done." };
    private readonly Option<bool> json = new("--json") { Description = "Print one machine-readable summary on stdout." };
    private readonly Option<string?> recipe = new("--recipe") { Description = "A YAML file of option values; flags and SIGNDATA_* variables win over it.", HelpName = "file" };

    /// <summary>A tool without options of its own yet.</summary>
    /// <param name="name">What the user types: one word, or more for a verb within a tool, such as <c>cull check</c>.</param>
    /// <param name="description">What it is for; the first lines of <c>--help</c>.</param>
    public Tool(string name, string description)
    {
        ArgumentNullException.ThrowIfNull(name);
        (Name, verbs) = (name.Split(' ')[0], name.Split(' ')[1..]);
        command = root = new RootCommand(description);
        foreach (string verb in verbs)
        {
            Command inner = new(verb, description);
            command.Subcommands.Add(inner);
            command = inner;
        }
    }

    /// <summary>The program; errors begin with it.</summary>
    public string Name { get; }

    /// <summary>Adds an option and returns it.</summary>
    /// <typeparam name="T">What the option's value is.</typeparam>
    /// <param name="option">Long name in kebab-case.</param>
    public Option<T> Add<T>(Option<T> option)
    {
        command.Options.Add(option);
        return option;
    }

    /// <summary>Adds an option that prints something and ends, whatever else is given or missing.</summary>
    /// <param name="name">Long name in kebab-case.</param>
    /// <param name="description">What it prints.</param>
    /// <param name="lines">Makes the lines, of at most 80 columns.</param>
    public void AddListing(string name, string description, Func<IEnumerable<string>> lines) =>
        command.Options.Add(new Option<bool>(name) { Description = description, Action = new Listing(lines) });

    /// <summary>Adds an argument and returns it.</summary>
    /// <typeparam name="T">What the argument's value is.</typeparam>
    /// <param name="argument">Named by its noun.</param>
    public Argument<T> Add<T>(Argument<T> argument)
    {
        command.Arguments.Add(argument);
        return argument;
    }

    /// <summary>Parses the command line, runs the job and turns its end into an exit code: 0, 1, 2 or 130.</summary>
    /// <param name="args">As Main got them, without the verb.</param>
    /// <param name="job">The work; its result is the exit code of a run that was not refused.</param>
    public int Run(string[] args, Func<ToolRun, int> job)
    {
        Option[] own = [.. command.Options.Where(o => o.Action is null)];
        // A tool whose subject are recipes of another kind has an option of that name itself.
        bool hasOwn = own.Any(o => o.Name == recipe.Name);
        if (!hasOwn)
        {
            command.Options.Add(recipe);
        }
        command.Options.Add(quiet);
        command.Options.Add(verbose);
        command.Options.Add(json);
        try
        {
            // Required options may still come from the environment or a recipe: only then are errors final.
            Settings settings = new(own);
            ParseResult parsed = root.Parse([.. verbs, .. settings.Fill(root.Parse([.. verbs, .. args]), args, hasOwn ? null : recipe)]);
            if (parsed.Action is not null and not ParseErrorAction)
            {
                return parsed.Invoke();
            }
            if (parsed.Errors.Count > 0)
            {
                Console.Error.WriteLine($"{Name}: {OneLine(parsed.Errors[0].Message)} Try '{string.Join(' ', [Name, .. verbs])} --help'.");
                return WrongUsage;
            }
            return Run(parsed, settings, job);
        }
        catch (InputException e)
        {
            return Fail(e.Message);
        }
    }

    private int Run(ParseResult parsed, Settings settings, Func<ToolRun, int> job)
    {
        using CancellationTokenSource stop = new();
        void Stop(PosixSignalContext context)
        {
            // The first asks the job to save and end; a second ends the process at once.
            context.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        }
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using ToolRun run = new(Name, parsed, settings.Resolved(parsed), parsed.GetValue(quiet), parsed.GetValue(verbose), parsed.GetValue(json), stop.Token);
        try
        {
            return run.Do(job);
        }
        catch (Exception e) when (stop.IsCancellationRequested && Causes(e).Any(c => c is OperationCanceledException))
        {
            run.Close();
            Console.Error.WriteLine($"{Name}: stopped; what was finished is saved.");
            return Interrupted;
        }
        catch (Exception e) when (Causes(e).FirstOrDefault(c => c is InputException or IOException or UnauthorizedAccessException or InvalidDataException) is { } cause)
        {
            run.Close();
            return Fail(cause.Message);
        }
    }

    private int Fail(string message)
    {
        Console.Error.WriteLine($"{Name}: {OneLine(message)}");
        return Failed;
    }

    private static IEnumerable<Exception> Causes(Exception e) =>
        e is AggregateException all ? all.Flatten().InnerExceptions : [e];

    private sealed class Listing(Func<IEnumerable<string>> lines) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            foreach (string line in lines())
            {
                Console.Out.WriteLine(line);
            }
            return 0;
        }
    }

    private static string OneLine(string message) => message.ReplaceLineEndings(" ").Trim();
}
