using System.Diagnostics;

namespace SignData.Tools.Tests;

/// <summary>SIGKILL at random moments: a few in every run of the tests, as many as SIGNDATA_TEST_KILLS says in benchmarks/kills.sh.</summary>
internal static class Kills
{
    /// <summary>How many.</summary>
    /// <param name="few">Where the variable does not say.</param>
    public static int Count(int few) => int.TryParse(Environment.GetEnvironmentVariable("SIGNDATA_TEST_KILLS"), out var count) && count > 0 ? count : few;

    /// <summary>How long an action takes: the time within which a kill falls.</summary>
    public static TimeSpan Length(Action action)
    {
        var clock = Stopwatch.StartNew();
        action();
        return clock.Elapsed;
    }

    /// <summary>Kills a tool at a moment.</summary>
    /// <param name="started">Just started.</param>
    /// <param name="moment">After its start.</param>
    /// <returns>Whether it was still at work.</returns>
    public static bool At(StartedTool started, TimeSpan moment)
    {
        Thread.Sleep(moment);
        var working = !started.Ended;
        started.Kill();
        started.Wait();
        return working;
    }
}
