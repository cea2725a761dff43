using SignData.Core;

namespace SignData.Dataset.Batches;

/// <summary>The frames of a dataset that a step may show parts of.</summary>
/// <param name="samples">The frames to learn from.</param>
/// <param name="frames">Where decoded frames are kept.</param>
public sealed class OtherFrames(IReadOnlyList<Sample> samples, FrameCache frames)
{
    /// <summary>One of them, and whether it is known to show a hand; null where it cannot be read.</summary>
    /// <param name="number">Which, 0..1.</param>
    internal (Pyramid Picture, bool HasHand)? At(float number)
    {
        Sample sample = samples[Math.Min((int)(number * samples.Count), samples.Count - 1)];
        try
        {
            return (frames.Read(sample.Path), sample.HasHand);
        }
        catch (InputException)
        {
            // The loader says so when it is that frame's turn.
            return null;
        }
    }
}
