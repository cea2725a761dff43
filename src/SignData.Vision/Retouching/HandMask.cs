using System.Numerics;
using SignData.Core;

namespace SignData.Vision.Retouching;

/// <summary>Where the hand is in a picture.</summary>
/// <param name="Mask">One channel: 255 on the hand, 0 elsewhere, softly edged; smaller than the picture and of its shape. It is cleared along the sides but the one that the arm comes from, beyond which it goes on.</param>
/// <param name="Confidence">How sure it is, 0 to 1: from the hand's area, its share of the middle, and how its colours differ from the rest.</param>
public sealed unsafe record HandMask(Image Mask, float Confidence)
{
    /// <summary>The shorter side of a mask, in pixels: an outline within half a per cent, at a hundredth of a second a picture.</summary>
    public const int Side = 80;

    /// <summary>Raised whenever the same picture gets another mask or confidence: masks that were kept are found anew.</summary>
    public const int Version = 3;

    /// <summary>Below this a mask is better not used.</summary>
    public const float Sure = 0.5f;

    /// <summary>Up to this no hand is seen; one may be there all the same.</summary>
    public const float Unseen = 0.05f;

    // A hand from wrist to fingertips is some 3 times as long as its wrist is broad, and 2.2 times as long as the forearm near the elbow is; a fist less than 2.
    private const float HandOfArm = 2.7f;

    // Of the length of what is seen: how much of its end tells how broad the arm is, and how much of it may be forearm.
    private const float End = 0.15f, MostForearm = 0.5f;

    /// <summary>The mask of a picture that is known to show no hand: nothing of it must stay.</summary>
    public static HandMask None { get; } = new(new Image(8, 8, 1), 1);

    /// <summary>The mask up to the wrist: where an arm leaves the picture, what lies farther from the fingertips than a hand is long is cleared. The mask itself where no arm does.</summary>
    public Image Hand => field ??= WithoutArm();

    /// <summary>
    /// Finds the hand by GrabCut (Rother, Kolmogorov, Blake 2004), begun from the colour of skin (a* + b* of Lab) and from the middle of the picture;
    /// of what it cuts out, the part that holds most of the middle stays.
    /// </summary>
    /// <param name="picture">RGB.</param>
    public static HandMask Find(Image picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        double scale = (double)Side / Math.Min(picture.Width, picture.Height);
        int width = Math.Clamp((int)Math.Round(picture.Width * scale), 8, 4 * Side), height = Math.Clamp((int)Math.Round(picture.Height * scale), 8, 4 * Side);
        Image small = Resample.Resize(picture, width, height);
        Image mask = new(width, height, 1);
        fixed (byte* from = small.Pixels, to = mask.Pixels)
        {
            NativeMethods.Check(NativeMethods.sd_hand_mask(from, width, height, to, out float confidence));
            return new HandMask(mask, confidence);
        }
    }

    private Image WithoutArm()
    {
        (int width, int height) = (Mask.Width, Mask.Height);
        Vector2 left = Vector2.Zero, all = Vector2.Zero;
        int lefts = 0, alls = 0;
        foreach ((int x, int y) in Held(Mask))
        {
            bool leaves = x == 0 || y == 0 || x == width - 1 || y == height - 1;
            (left, lefts) = leaves ? (left + new Vector2(x, y), lefts + 1) : (left, lefts);
            (all, alls) = (all + new Vector2(x, y), alls + 1);
        }
        if (lefts < 3 || Vector2.Distance(left / lefts, all / alls) < 1)
        {
            return Mask;
        }
        Vector2 middle = all / alls, along = Vector2.Normalize((left / lefts) - middle);
        (float first, float last) = (float.MaxValue, float.MinValue);
        foreach ((int x, int y) in Held(Mask))
        {
            float t = Vector2.Dot(new Vector2(x, y) - middle, along);
            (first, last) = (Math.Min(first, t), Math.Max(last, t));
        }
        float end = Math.Max(2, End * (last - first));
        int ends = 0;
        foreach ((int x, int y) in Held(Mask))
        {
            ends += Vector2.Dot(new Vector2(x, y) - middle, along) > last - end ? 1 : 0;
        }
        float wrist = Math.Max(first + (HandOfArm * ends / end), last - (MostForearm * (last - first)));
        if (wrist >= last)
        {
            return Mask;
        }
        Image hand = new(width, height, 1);
        Mask.Pixels.CopyTo(hand.Pixels, 0);
        foreach ((int x, int y) in Held(Mask))
        {
            if (Vector2.Dot(new Vector2(x, y) - middle, along) > wrist)
            {
                hand.Pixels[(y * width) + x] = 0;
            }
        }
        return hand;
    }

    private static IEnumerable<(int X, int Y)> Held(Image mask)
    {
        for (int i = 0; i < mask.Pixels.Length; i++)
        {
            if (mask.Pixels[i] >= 128)
            {
                yield return (i % mask.Width, i / mask.Width);
            }
        }
    }
}
