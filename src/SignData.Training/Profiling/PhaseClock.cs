using System.Diagnostics;

namespace SignData.Training.Profiling;

/// <summary>What a training run does at a moment.</summary>
internal enum Phase
{
    /// <summary>What no other phase names.</summary>
    Rest,

    /// <summary>The next pictures are not there yet.</summary>
    Wait,

    /// <summary>Pictures go to the device and become numbers.</summary>
    ToDevice,

    /// <summary>The network and the loss.</summary>
    Forward,

    /// <summary>Gradients.</summary>
    Backward,

    /// <summary>The step, clipping and averages of weights.</summary>
    Optimizer,

    /// <summary>The validation split is judged.</summary>
    Validation,

    /// <summary>Checkpoints are written.</summary>
    Saving,
}

/// <summary>Where the time goes: every moment since it was made belongs to one phase.</summary>
/// <param name="settle">Waits until the device has done what it was given; null where it computes at once, or nobody asks.</param>
internal sealed class PhaseClock(Action? settle = null)
{
    private readonly TimeSpan[] times = new TimeSpan[Enum.GetValues<Phase>().Length];
    private Phase current = Phase.Rest;
    private long since = Stopwatch.GetTimestamp();

    /// <summary>The time of a phase that is over.</summary>
    /// <param name="phase">Which.</param>
    public TimeSpan this[Phase phase] => times[(int)phase];

    /// <summary>Ends the phase that is on and begins another.</summary>
    /// <param name="phase">Which.</param>
    public void Begin(Phase phase)
    {
        settle?.Invoke();
        long now = Stopwatch.GetTimestamp();
        times[(int)current] += Stopwatch.GetElapsedTime(since, now);
        (current, since) = (phase, now);
    }
}
