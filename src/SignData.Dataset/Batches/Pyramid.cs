using SignData.Core;
using SignData.Vision;
using SignData.Vision.Retouching;

namespace SignData.Dataset.Batches;

/// <summary>A picture and its halves, down to a small one: a view that shrinks it is sampled from the size that is near, or fine detail would flicker.</summary>
public sealed class Pyramid
{
    private const int Smallest = 8;

    private readonly Image?[] levels;
    private readonly Func<HandMask> find;
    private HandMask? hand;

    /// <summary>The pyramid of a picture.</summary>
    /// <param name="image">Its largest size, of any channels.</param>
    /// <param name="hand">Finds the hand when it is asked for; null looks for it in the picture.</param>
    public Pyramid(Image image, Func<HandMask>? hand = null)
    {
        ArgumentNullException.ThrowIfNull(image);
        int halvings = 0;
        for (int shorter = Math.Min(image.Width, image.Height); shorter >= 2 * Smallest; shorter /= 2)
        {
            halvings++;
        }
        levels = new Image?[halvings + 1];
        (levels[0], Full, find) = (image, image, hand ?? (() => HandMask.Find(image)));
    }

    /// <summary>The picture at its largest.</summary>
    public Image Full { get; }

    /// <summary>Where the hand is, found when first asked for.</summary>
    public HandMask Hand => hand ??= find();

    /// <summary>The hand's box up to the wrist, as far as it is shown; null where it was not found for sure.</summary>
    public HandBox? HandBox => Hand.Confidence >= HandMask.Sure ? Batches.HandBox.Around(Hand.Hand.Pixels, Hand.Hand.Width) : null;

    /// <summary>Whether it shows no hand.</summary>
    /// <param name="hasHand">Whether it is known to show one: not every hand is found.</param>
    public bool ShowsNoHand(bool hasHand) => !hasHand && Hand.Confidence <= HandMask.Unseen;

    /// <summary>The level that a view is best sampled from, made when first asked for: at most about one and a half of its pixels to one of the view's.</summary>
    /// <param name="shrink">The full picture's pixels to one of the view's.</param>
    public Image Level(float shrink) => Halved(Math.Clamp((int)MathF.Floor(MathF.Log2(Math.Max(1, shrink) / 1.5f)) + 1, 0, levels.Length - 1));

    private Image Halved(int times)
    {
        if (levels[times] is { } made)
        {
            return made;
        }
        Image larger = Halved(times - 1);
        return levels[times] = Resample.Resize(larger, larger.Width / 2, larger.Height / 2);
    }

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
