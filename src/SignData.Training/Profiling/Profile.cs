using System.Globalization;

namespace SignData.Training.Profiling;

/// <summary>The seconds of one stage of a network in a whole run.</summary>
/// <param name="Name">The stage's name, or head.</param>
/// <param name="Forward">In the forward pass.</param>
/// <param name="Backward">In the backward pass.</param>
public readonly record struct StageTime(string Name, double Forward, double Backward)
{
    /// <summary>Both.</summary>
    internal double Sum => Forward + Backward;
}

/// <summary>Where a run's time and memory went.</summary>
/// <param name="Phases">Seconds of each phase, by its name.</param>
/// <param name="Stages">The stages of the network in their order, the head last.</param>
/// <param name="HeldMegabytes">The most memory that native code held at the borders of stages, tensors above all, in MiB; null on a GPU.</param>
/// <param name="ResidentMegabytes">The most memory that the process had, in MiB.</param>
/// <param name="Bottleneck">What holds the run up, in a sentence.</param>
public sealed record Profile(IReadOnlyDictionary<string, double> Phases, IReadOnlyList<StageTime> Stages, double? HeldMegabytes, double ResidentMegabytes, string Bottleneck)
{
    // Above this share of the time it is worth to look at what is not the network.
    private const double Much = 0.25;

    private const double Mebi = 1 << 20;

    internal static Profile Of(PhaseClock clock, StageClock stages, bool onCpu)
    {
        using System.Diagnostics.Process process = System.Diagnostics.Process.GetCurrentProcess();
        Dictionary<string, double> phases = Enum.GetValues<Phase>().Where(phase => phase != Phase.Rest).Append(Phase.Rest).ToDictionary(Name, phase => clock[phase].TotalSeconds);
        StageTime[] times = [.. stages.Times];
        return new(phases, times, onCpu ? stages.Held / Mebi : null, process.PeakWorkingSet64 / Mebi, Sentence(phases, times));
    }

    /// <summary>The table, of at most 80 columns.</summary>
    public IEnumerable<string> Lines()
    {
        double all = Phases.Values.Sum();
        yield return Line("phase", "seconds", "share");
        foreach ((string name, double seconds) in Phases)
        {
            yield return Line(name.Replace('_', ' '), Seconds(seconds), Share(seconds, all));
        }
        yield return Line("stage", "forward", "backward", "share");
        foreach (StageTime stage in Stages)
        {
            yield return Line(stage.Name, Seconds(stage.Forward), Seconds(stage.Backward), Share(stage.Sum, all));
        }
        yield return string.Create(CultureInfo.InvariantCulture, $"memory: {(HeldMegabytes is { } held ? $"{held:0} MiB held by tensors and native code, " : "")}{ResidentMegabytes:0} MiB for the process at its most");
        yield return Bottleneck;
    }

    private static string Sentence(Dictionary<string, double> phases, StageTime[] stages)
    {
        double all = phases.Values.Sum();
        string Of(params Phase[] some) => Share(some.Sum(phase => phases[Name(phase)]), all).Trim();
        bool Holds(params Phase[] some) => some.Sum(phase => phases[Name(phase)]) > Much * all;
        if (Holds(Phase.Wait))
        {
            return $"The bottleneck is the pictures: {Of(Phase.Wait)} of the time goes by until the next are there. More --cache-mb or --threads, smaller files or a lighter --augment help.";
        }
        if (Holds(Phase.Validation))
        {
            return $"The bottleneck is validation: {Of(Phase.Validation)} of the time judges the validation split. A smaller one helps (cull --max-per-source).";
        }
        if (Holds(Phase.Saving))
        {
            return $"The bottleneck is the disk: {Of(Phase.Saving)} of the time writes checkpoints.";
        }
        StageTime slowest = stages.MaxBy(stage => stage.Sum);
        return $"The bottleneck is the network: {Of(Phase.Forward, Phase.Backward)} of the time, most of it in {slowest.Name} ({Share(slowest.Sum, all).Trim()}). A smaller --size or --arch, --compute auto or --freeze help.";
    }

    private static string Name(Phase phase) => phase switch
    {
        Phase.Wait => "data_wait",
        Phase.ToDevice => "to_device",
        _ => phase.ToString().ToLowerInvariant(),
    };

    private static string Line(string name, params string[] columns) => $"  {name,-24}" + string.Concat(columns.Select(column => $"{column,10}"));

    private static string Seconds(double seconds) => seconds.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Share(double part, double all) => (all > 0 ? part / all : 0).ToString("0.0 %", CultureInfo.InvariantCulture);
}
