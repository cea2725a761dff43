using SignData.Core;

namespace SignData.Dataset;

/// <summary>A camera's frame and what was measured on it.</summary>
public sealed class LiveFrame : IDisposable
{
    internal LiveFrame(Frame frame, Thumbnail thumbnail, LumaGrid? before, IReadOnlyList<TimeSpan> lost)
    {
        (Frame, Scores, Grid, Lost) = (frame, FrameScores.Of(thumbnail), new LumaGrid(thumbnail), lost);
        Motion = before is null ? 0 : Grid.ChangeFrom(before);
    }

    /// <summary>The pixels.</summary>
    public Frame Frame { get; }

    /// <summary>Sharpness, brightness and the rest.</summary>
    public FrameScores Scores { get; }

    /// <summary>The times of the frames right before it that the machine was too slow for.</summary>
    internal IReadOnlyList<TimeSpan> Lost { get; }

    internal LumaGrid Grid { get; }

    /// <summary>Change from the frame before or to the frame after, whichever is more.</summary>
    internal double Motion { get; set; }

    /// <summary>Sharp and still is best.</summary>
    internal double Merit => Scores.Sharpness / (1 + (Motion / ClipSelection.CalmMotion));

    /// <inheritdoc/>
    public void Dispose() => Frame.Dispose();
}
