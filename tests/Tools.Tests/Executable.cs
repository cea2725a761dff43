using System.Diagnostics;
using System.Text.Json;

namespace SignData.Tools.Tests;

/// <summary>A temporary folder in which the real executables are run; it is removed at the end.</summary>
public sealed class Executable : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>The folder, absolute.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("signdata-test-").FullName;

    /// <summary>The repository's root: the folder above this assembly that holds the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Environment variables that the tools are started with; of SIGNDATA_... they see no others.</summary>
    public IDictionary<string, string> Variables { get; } = new Dictionary<string, string>();

    /// <summary>A path below the folder.</summary>
    public string At(params string[] parts) => Path.Combine([Folder, .. parts]);

    /// <summary>Runs a tool to its end.</summary>
    public ToolEnd Run(string tool, params string[] arguments)
    {
        using var started = Start(tool, arguments);
        return started.Wait();
    }

    /// <summary>Starts a tool, to be signalled or waited for.</summary>
    public StartedTool Start(string tool, params string[] arguments) => new(Find(tool), arguments, Folder, Variables, Patience);

    /// <summary>Runs a program that is none of ours, which has to succeed.</summary>
    public static void RunOther(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program}: {output}{error.Result}");
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Folder, recursive: true);

    /// <summary>The newest build of a tool: in bin/, or where the compiler put it.</summary>
    private static string Find(string tool)
    {
        var builds = new[] { Path.Combine(Root, "bin", tool), Built(tool, "Release"), Built(tool, "Debug") }.Where(File.Exists).ToList();
        return builds.Count > 0
            ? builds.MaxBy(path => File.GetLastWriteTimeUtc(File.Exists(path + ".dll") ? path + ".dll" : path))!
            : throw new FileNotFoundException($"The tool '{tool}' is not built: run make build.");
    }

    private static string Built(string tool, string configuration) => Path.Combine(Root, "tools", tool, "bin", configuration, "net10.0", tool);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "SignData.sln")))
            {
                return folder.FullName;
            }
        }
        throw new DirectoryNotFoundException($"No SignData.sln above {AppContext.BaseDirectory}.");
    }
}

/// <summary>How a tool ended.</summary>
public sealed record ToolEnd(string Tool, int Code, string Out, string Error)
{
    /// <summary>The summary that <c>--json</c> printed.</summary>
    public JsonElement Json => JsonDocument.Parse(Out).RootElement;

    /// <summary>Asserts that the job was done.</summary>
    public ToolEnd Succeeds()
    {
        Assert.True(Code == 0, $"exit code {Code}\n{Out}\n{Error}");
        return this;
    }

    /// <summary>Asserts exit code 1 with one line that holds the words, and no stack trace.</summary>
    public ToolEnd FailsInOneLine(params string[] words)
    {
        Assert.True(Code == 1, $"exit code {Code}\n{Out}\n{Error}");
        var line = Assert.Single(Error.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            line => line.StartsWith(Tool + ": ", StringComparison.Ordinal) && !line.StartsWith(Tool + ": warning: ", StringComparison.Ordinal));
        Assert.All(words, word => Assert.Contains(word, line, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", Error, StringComparison.Ordinal);
        return this;
    }
}

/// <summary>A tool that runs.</summary>
public sealed class StartedTool : IDisposable
{
    private readonly Process process;
    private readonly Task<string> output, error;
    private readonly TimeSpan patience;
    private readonly string name;

    internal StartedTool(string path, string[] arguments, string folder, IDictionary<string, string> variables, TimeSpan patience)
    {
        this.patience = patience;
        name = Path.GetFileName(path);
        // A test run in the background inherits that Ctrl-C is ignored; a user's tool does not.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", path, .. arguments])
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("SIGNDATA_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }
        foreach ((string name, string value) in variables)
        {
            start.Environment[name] = value;
        }
        process = Process.Start(start)!;
        process.StandardInput.Close();
        (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
    }

    /// <summary>Whether it has ended.</summary>
    public bool Ended => process.HasExited;

    /// <summary>What Ctrl-C sends.</summary>
    public void Interrupt()
    {
        using var kill = Process.Start("kill", ["-INT", $"{process.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>Ends it without a chance to save, as SIGKILL does; programs that it started see their pipes close.</summary>
    public void Kill() => process.Kill();

    /// <summary>Waits for the end.</summary>
    public ToolEnd Wait()
    {
        if (!process.WaitForExit(patience))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{name} did not end within {patience}.");
        }
        return new ToolEnd(name, process.ExitCode, output.Result, error.Result);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }
        process.Dispose();
    }
}
