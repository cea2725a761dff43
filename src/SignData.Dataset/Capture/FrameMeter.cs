using SignData.Core;

namespace SignData.Dataset;

/// <summary>Measures a camera's frames one after another.</summary>
public sealed class FrameMeter
{
    private readonly Thumbnail thumbnail = new();
    private LumaGrid? before;

    /// <summary>Measures the next frame.</summary>
    /// <param name="frame">Belongs to what is returned.</param>
    /// <param name="lost">The times of the frames right before it that were lost.</param>
    public LiveFrame Measure(Frame frame, IReadOnlyList<TimeSpan> lost)
    {
        ArgumentNullException.ThrowIfNull(frame);
        thumbnail.Set(frame);
        var measured = new LiveFrame(frame, thumbnail, before, lost);
        before = measured.Grid;
        return measured;
    }

    /// <summary>Changes left and right.</summary>
    /// <param name="frame">Its pixels are overwritten.</param>
    public static void Mirror(Frame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        var (luma, chroma) = (frame.Width * frame.Height, frame.Width / 2);
        var data = frame.Data;
        for (var at = 0; at < data.Length; at += at < luma ? frame.Width : chroma)
        {
            data.Slice(at, at < luma ? frame.Width : chroma).Reverse();
        }
    }
}
