using SignData.Core;
using SignData.Vision;

namespace SignData.Dataset;

/// <summary>A frame that may be chosen: its pixels, or its JPEG if memory was short.</summary>
internal sealed class Candidate(Frame frame, Look look, LumaGrid grid) : IDisposable
{
    private readonly int width = frame.Width, height = frame.Height;

    public Look Look { get; } = look;
    public LumaGrid Grid { get; } = grid;
    public FrameScores? Scores { get; private set; }
    public Frame? Frame { get; private set; } = frame;
    public byte[]? Jpeg { get; private set; }

    /// <summary>Sharp and still is best.</summary>
    public double Merit => Look.Sharpness / (1 + (Look.Motion / ClipSelection.CalmMotion));

    /// <summary>Bytes of pixels held.</summary>
    public long Held => Frame is null ? 0 : Core.Frame.Size(width, height);

    public void Measure() => Scores ??= FrameScores.Of(Frame!);

    public void Compress(int quality)
    {
        if (Frame is { } frame)
        {
            Measure();
            Jpeg = ImageFile.EncodeJpeg(frame, quality);
            frame.Dispose();
            Frame = null;
        }
    }

    /// <summary>Hands the picture over to a store.</summary>
    public void MoveTo(FrameStore store, string label)
    {
        if (Frame is { } frame)
        {
            Frame = null;
            store.Add(frame, label, Scores!.Value, Look.Scene);
        }
        else
        {
            store.Add(Jpeg!, width, height, Look.Position, Look.Time, label, Scores!.Value, Look.Scene);
        }
    }

    public void Dispose() => Frame?.Dispose();
}
