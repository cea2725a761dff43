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
}
