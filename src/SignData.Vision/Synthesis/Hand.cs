using System.Numerics;
using SignData.Core;

namespace SignData.Vision.Synthesis;

/// <summary>A picture of a hand and where in it the hand is.</summary>
/// <param name="Picture">RGB.</param>
/// <param name="Mask">Grey, 255 where the hand is: fingers, thumb and palm, not the forearm.</param>
/// <param name="Box">Left, top, width and height of the mask in pixels; all 0 where it is empty.</param>
public sealed record HandPicture(Image Picture, Image Mask, Box Box);

/// <summary>A rectangle of pixels.</summary>
/// <param name="Left">The first column.</param>
/// <param name="Top">The first row.</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
public readonly record struct Box(int Left, int Top, int Width, int Height);

/// <summary>Draws hands that show a letter of the American manual alphabet.</summary>
public static class Hand
{
    /// <summary>The 24 letters that are handshapes: A to Y without J (and without Z), which are movements.</summary>
    public static IReadOnlyList<char> Letters => Handshapes.Letters;

    /// <summary>One hand before a plain wall.</summary>
    /// <param name="letter">One of <see cref="Letters"/>.</param>
    /// <param name="signer">Whose hand.</param>
    /// <param name="view">Where the camera stands.</param>
    /// <param name="light">What shines on it.</param>
    /// <param name="width">In pixels, 16 to 4096.</param>
    /// <param name="height">In pixels, 16 to 4096.</param>
    public static HandPicture Render(char letter, Signer signer, View view, Light light, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(signer);
        ArgumentNullException.ThrowIfNull(light);
        if (width is < 16 or > 4096 || height is < 16 or > 4096)
        {
            throw new ArgumentException($"A picture of {width}x{height} is not between 16 and 4096 pixels a side.", nameof(width));
        }
        Handshape shape = Handshapes.Of(letter, signer);
        HandLayer layer = new(width, height);
        Draw(layer, shape, signer, view, light, new Skin(signer, new Vector3(0.10f, 0.13f, 0.20f)));
        Image picture = new(width, height), mask = new(width, height, 1);
        for (int y = 0; y < height; y++)
        {
            Span<byte> row = picture.Row(y), marks = mask.Row(y);
            for (int x = 0; x < width; x++)
            {
                int at = ((y + layer.Margin) * layer.Stride) + x + layer.Margin;
                Vector4 hand = layer.Light[at];
                Vector3 wall = new Vector3(0.42f, 0.45f, 0.47f) * (1.1f - (0.35f * y / height)) * (light.Key + light.Above) * 0.7f;
                Vector3 seen = new Vector3(hand.X, hand.Y, hand.Z) + (wall * (1 - hand.W));
                (row[3 * x], row[(3 * x) + 1], row[(3 * x) + 2]) = (Colour.ToSrgb(seen.X), Colour.ToSrgb(seen.Y), Colour.ToSrgb(seen.Z));
                marks[x] = layer.IsHand[at] ? (byte)255 : (byte)0;
            }
        }
        return new HandPicture(picture, mask, BoxOf(layer));
    }

    /// <summary>Draws a posed hand into a layer and says where it is.</summary>
    internal static Placement Draw(HandLayer layer, Handshape shape, Signer signer, View view, Light light, Skin skin)
    {
        Quaternion facing = shape.Turn;
        Bone[] bones = [.. Skeleton.Of(shape, signer, facing)];
        Placement placement = Placement.Of(bones, shape, signer, view, layer.Width, layer.Height);
        layer.Draw(bones, placement, skin, light);
        return placement;
    }

    /// <summary>The part of the picture that shows the hand.</summary>
    internal static Box BoxOf(HandLayer layer)
    {
        int left = int.MaxValue, top = int.MaxValue, right = -1, bottom = -1;
        for (int y = 0; y < layer.Height; y++)
        {
            ReadOnlySpan<bool> row = layer.IsHand.AsSpan(((y + layer.Margin) * layer.Stride) + layer.Margin, layer.Width);
            int first = row.IndexOf(true);
            if (first >= 0)
            {
                (left, right) = (Math.Min(left, first), Math.Max(right, row.LastIndexOf(true)));
                (top, bottom) = (Math.Min(top, y), y);
            }
        }
        return right < 0 ? default : new Box(left, top, right - left + 1, bottom - top + 1);
    }
}
