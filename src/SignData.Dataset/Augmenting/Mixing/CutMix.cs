using SignData.Dataset.Batches;

namespace SignData.Dataset.Augmenting.Mixing;

/// <summary>Puts a box of another picture into this one (Yun et al. 2019). The label follows the box that is left after it was cut off at the sides, to the pixel.</summary>
public sealed record CutMix : MixStep
{
    /// <inheritdoc/>
    public override float Apply(ref SampleRandom random, Span<byte> picture, ReadOnlySpan<byte> other, int size)
    {
        float side = MathF.Sqrt(1 - DrawShare(ref random)) * size;
        int half = (int)MathF.Round(side / 2), x = random.Next(size), y = random.Next(size);
        int left = Math.Max(0, x - half), top = Math.Max(0, y - half), right = Math.Min(size, x + half), bottom = Math.Min(size, y + half);
        for (int row = top; row < bottom; row++)
        {
            int start = ((row * size) + left) * 3, length = (right - left) * 3;
            other.Slice(start, length).CopyTo(picture[start..]);
        }
        return 1 - ((float)((right - left) * (bottom - top)) / (size * size));
    }
}
