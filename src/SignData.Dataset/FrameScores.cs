using SignData.Core;

namespace SignData.Dataset;

/// <summary>What is measured on a picture's luma.</summary>
/// <param name="Sharpness">0 to 1, higher is sharper.</param>
/// <param name="PerceptualHash">64 bits; look-alikes differ in few.</param>
/// <param name="Brightness">Mean, 0 to 1.</param>
/// <param name="Contrast">Standard deviation, 0 to 1.</param>
public readonly record struct FrameScores(double Sharpness, ulong PerceptualHash, double Brightness, double Contrast)
{
    /// <summary>Measures a picture.</summary>
    /// <param name="luma">height x width samples.</param>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    public static FrameScores Of(ReadOnlySpan<byte> luma, int width, int height)
    {
        var thumbnail = Thumbnail.Of(luma, width, height);
        var (mean, deviation) = thumbnail.Statistics();
        return new FrameScores(Core.Sharpness.Score(thumbnail), Core.PerceptualHash.Of(thumbnail), mean / 255, deviation / 255);
    }
}
