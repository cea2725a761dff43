using SignData.Core;
using SignData.Vision;

namespace SignData.Dataset.Batches;

/// <summary>A picture and its halves, down to a small one: a view that shrinks it is sampled from the size that is near, or fine detail would flicker.</summary>
public sealed class Pyramid
{
    private const int Smallest = 8;

    private readonly List<Image> levels = [];

    /// <summary>The pyramid of a picture.</summary>
    /// <param name="image">Its largest size, of any channels.</param>
    public Pyramid(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        for (Image level = image; ; level = Resample.Resize(level, level.Width / 2, level.Height / 2))
        {
            levels.Add(level);
            if (Math.Min(level.Width, level.Height) < 2 * Smallest)
            {
                break;
            }
        }
    }

    /// <summary>The picture at its largest.</summary>
    public Image Full => levels[0];

    /// <summary>Bytes of pixels in all levels.</summary>
    public long Bytes => levels.Sum(l => (long)l.Pixels.Length);

    /// <summary>The level that a view is best sampled from: at most about one and a half of its pixels to one of the view's.</summary>
    /// <param name="shrink">The full picture's pixels to one of the view's.</param>
    public Image Level(float shrink) => levels[Math.Clamp((int)MathF.Floor(MathF.Log2(Math.Max(1, shrink) / 1.5f)) + 1, 0, levels.Count - 1)];
}
