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
    public static FrameScores Of(ReadOnlySpan<byte> luma, int width, int height) =>
        Of(luma, width, height, Core.Sharpness.Score(luma, width, height));

    /// <summary>Measures a picture whose sharpness is known.</summary>
    /// <param name="luma">height x width samples.</param>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="sharpness">0 to 1.</param>
    public static FrameScores Of(ReadOnlySpan<byte> luma, int width, int height, double sharpness)
    {
        // Every second row is enough for a mean and a deviation.
        long sum = 0, squares = 0, count = 0;
        for (var y = 0; y < height; y += 2)
        {
            foreach (var value in luma.Slice(y * width, width))
            {
                sum += value;
                squares += value * value;
            }
            count += width;
        }
        var mean = (double)sum / count;
        var deviation = Math.Sqrt(Math.Max(0, ((double)squares / count) - (mean * mean)));
        return new FrameScores(sharpness, Core.PerceptualHash.Of(luma, width, height), mean / 255, deviation / 255);
    }
}
