using SignData.Core;
using SignData.Vision;
using SignData.Vision.Retouching;

namespace SignData.Dataset.Batches;

/// <summary>A picture and its halves, down to a small one: a view that shrinks it is sampled from the size that is near, or fine detail would flicker.</summary>
public sealed class Pyramid
{
    private const int Smallest = 8;

    private readonly List<Image> levels = [];
    private HandMask? hand;

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

    /// <summary>Where the hand is, found when first asked for.</summary>
    public HandMask Hand => hand ??= HandMask.Find(Full);

    /// <summary>Bytes of pixels in all levels.</summary>
    public long Bytes => levels.Sum(l => (long)l.Pixels.Length);

    /// <summary>The level that a view is best sampled from: at most about one and a half of its pixels to one of the view's.</summary>
    /// <param name="shrink">The full picture's pixels to one of the view's.</param>
    public Image Level(float shrink) => levels[Math.Clamp((int)MathF.Floor(MathF.Log2(Math.Max(1, shrink) / 1.5f)) + 1, 0, levels.Count - 1)];

    /// <summary>The picture, but with its only row or column twice: there must be a neighbour to sample between.</summary>
    internal static Image AtLeastTwo(Image image)
    {
        if (image.Width > 1 && image.Height > 1)
        {
            return image;
        }
        Image wider = new(Math.Max(2, image.Width), Math.Max(2, image.Height), image.Channels);
        for (int y = 0; y < wider.Height; y++)
        {
            for (int x = 0; x < wider.Width; x++)
            {
                image.Row(Math.Min(y, image.Height - 1)).Slice(Math.Min(x, image.Width - 1) * image.Channels, image.Channels).CopyTo(wider.Row(y)[(x * image.Channels)..]);
            }
        }
        return wider;
    }
}
