using SignData.Core;
using SignData.Vision;

namespace SignData.Dataset;

/// <summary>What is measured on a picture. Scores have <see cref="Digits"/> decimals.</summary>
/// <param name="Sharpness">0 to 1, higher is sharper.</param>
/// <param name="PerceptualHash">64 bits; look-alikes differ in few.</param>
/// <param name="Brightness">Mean, 0 to 1.</param>
/// <param name="Contrast">Standard deviation, 0 to 1.</param>
public readonly record struct FrameScores(double Sharpness, ulong PerceptualHash, double Brightness, double Contrast)
{
    /// <summary>The number of the way of measuring; frames measured in an older way are measured anew.</summary>
    public const int Version = 2;

    /// <summary>Decimals that a score keeps.</summary>
    public const int Digits = 5;

    /// <summary>Bits a pixel as a part of 8, 0 to 1.</summary>
    public double? Entropy { get; init; }

    /// <summary>5th percentile, 0 to 1: high when nothing is dark.</summary>
    public double? Shadows { get; init; }

    /// <summary>95th percentile, 0 to 1: low when nothing is light.</summary>
    public double? Highlights { get; init; }

    /// <summary>8 x 8 means.</summary>
    public Layout? Layout { get; init; }

    /// <summary>Measures a frame.</summary>
    /// <param name="frame">Not disposed.</param>
    public static FrameScores Of(Frame frame)
    {
        var thumbnail = new Thumbnail();
        thumbnail.Set(frame);
        return Of(thumbnail);
    }

    /// <summary>Measures a picture.</summary>
    /// <param name="image">RGB or grey.</param>
    public static FrameScores Of(Image image)
    {
        var thumbnail = new Thumbnail();
        thumbnail.Set(Resample.ToGrey(image), image);
        return Of(thumbnail);
    }

    /// <summary>Measures a picture whose thumbnail exists.</summary>
    /// <param name="thumbnail">Of any size but empty.</param>
    public static FrameScores Of(Thumbnail thumbnail)
    {
        ArgumentNullException.ThrowIfNull(thumbnail);
        var tones = thumbnail.Statistics();
        return new FrameScores(Round(Core.Sharpness.Score(thumbnail)), Core.PerceptualHash.Of(thumbnail), Round(tones.Mean / 255), Round(tones.Deviation / 255))
        {
            Entropy = Round(tones.Entropy / 8),
            Shadows = Round(tones.Shadows / 255.0),
            Highlights = Round(tones.Highlights / 255.0),
            Layout = Core.Layout.Of(thumbnail),
        };
    }

    private static double Round(double score) => Math.Round(score, Digits);
}
