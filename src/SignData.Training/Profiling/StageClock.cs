using System.Diagnostics;
using SignData.Torch;
using SignData.Training.Architectures;

namespace SignData.Training.Profiling;

/// <summary>The time of each stage of a network, forward and backward, and the most memory that was held at their borders.</summary>
internal sealed class StageClock
{
    // What comes between the head and the gradients' beginning.
    private const string Loss = "loss";

    private readonly Dictionary<string, TimeSpan> forward = [], backward = [];
    private readonly Action? settle;
    private string within = Loss;
    private long since;
    private bool learning;

    /// <summary>Measures a network from now on.</summary>
    /// <param name="network">The network.</param>
    /// <param name="settle">Waits until the device has done what it was given; null where it computes at once.</param>
    public StageClock(Network network, Action? settle)
    {
        this.settle = settle;
        network.Passed = Passed;
    }

    /// <summary>The greatest number of bytes of the processor's memory in use.</summary>
    public long Held { get; private set; }

    /// <summary>The stages in their order, with their times.</summary>
    public IEnumerable<StageTime> Times => forward.Keys.Select(name => new StageTime(name, forward[name].TotalSeconds, backward.GetValueOrDefault(name).TotalSeconds));

    /// <summary>The network is about to be called.</summary>
    public void BeginForward() => (learning, since) = (true, Stopwatch.GetTimestamp());

    /// <summary>Gradients are about to be computed.</summary>
    public void BeginBackward() => (within, since) = (Loss, Stopwatch.GetTimestamp());

    /// <summary>Gradients are there.</summary>
    public void EndBackward()
    {
        Add(backward, within);
        learning = false;
    }

    private void Passed(string name, Tensor output)
    {
        if (!learning)
        {
            return;
        }
        Add(forward, name);
        if (output.requires_grad)
        {
            output.register_hook(() =>
            {
                Add(backward, within);
                within = name;
            });
        }
    }

    private void Add(Dictionary<string, TimeSpan> times, string name)
    {
        settle?.Invoke();
        long now = Stopwatch.GetTimestamp();
        times[name] = times.GetValueOrDefault(name) + Stopwatch.GetElapsedTime(since, now);
        since = now;
        Held = Math.Max(Held, torch.cpu_memory);
    }
}
