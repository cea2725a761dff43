using System.Diagnostics;

namespace SignData.Tools.Tests;

/// <summary>A test of a real window: runs where Xvfb and xdotool are installed, is skipped elsewhere and says so.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DisplayFactAttribute : FactAttribute
{
    public DisplayFactAttribute()
    {
        var missing = new[] { "Xvfb", "xdotool" }.Where(program =>
            !(Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)))).ToList();
        if (missing.Count > 0)
        {
            Skip = $"{string.Join(" and ", missing)} not installed: run scripts/bootstrap.sh";
        }
    }
}

/// <summary>An X server of its own without a screen to look at.</summary>
public sealed class VirtualDisplay : IDisposable
{
    private readonly Process server;

    public VirtualDisplay()
    {
        server = Process.Start(new ProcessStartInfo("Xvfb", ["-displayfd", "1", "-screen", "0", "1400x700x24", "-nolisten", "tcp"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        server.BeginErrorReadLine();
        Name = ":" + server.StandardOutput.ReadLine();
    }

    /// <summary>What DISPLAY is set to.</summary>
    public string Name { get; }

    /// <summary>Runs xdotool's commands one after another.</summary>
    public void Keys(params string[] commands)
    {
        var start = new ProcessStartInfo("xdotool", commands) { RedirectStandardOutput = true };
        start.Environment["DISPLAY"] = Name;
        using var process = Process.Start(start)!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    public void Dispose()
    {
        server.Kill();
        server.WaitForExit();
        server.Dispose();
    }
}
