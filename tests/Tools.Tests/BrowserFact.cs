using System.Diagnostics;

namespace SignData.Tools.Tests;

/// <summary>A test of a page in a real browser: runs where chromium, node and npm are installed and Playwright can be fetched, is skipped elsewhere and says so.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute()
    {
        var missing = new[] { "chromium", "node", "npm" }.Where(program => Find(program) is null).ToList();
        Skip = missing.Count > 0 ? $"{string.Join(", ", missing)} not installed"
            : !Fetch() ? "playwright-core could not be fetched" : null;
    }

    /// <summary>The browser.</summary>
    public static string? Chromium => Find("chromium");

    /// <summary>The folder of the script that drives it.</summary>
    public static string Folder => Path.Combine(Executable.Root, "tests", "Tools.Tests", "web");

    private static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    private static bool Fetch()
    {
        if (Directory.Exists(Path.Combine(Folder, "node_modules", "playwright-core")))
        {
            return true;
        }
        using var npm = Process.Start(new ProcessStartInfo("npm", ["install", "--no-audit", "--no-fund", "--no-save", "--no-package-lock", "--ignore-scripts", "--silent"])
        {
            WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        return npm.WaitForExit(TimeSpan.FromMinutes(1)) && npm.ExitCode == 0;
    }
}
