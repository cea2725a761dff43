using System.Numerics;

namespace SignData.Dataset.Batches;

/// <summary>The rectangle that a hand fills, in sides of its picture: (0, 0, 1, 1) is all of it; a hand that its sides cut off may reach beyond.</summary>
/// <param name="Left">Of its left edge, from the picture's.</param>
/// <param name="Top">Of its upper edge, from the picture's.</param>
/// <param name="Width">Above 0.</param>
/// <param name="Height">Above 0.</param>
public readonly record struct HandBox(float Left, float Top, float Width, float Height)
{
    /// <summary>Its middle, from the picture's.</summary>
    public Vector2 Middle => new(Left + (Width / 2) - 0.5f, Top + (Height / 2) - 0.5f);

    /// <summary>Its longer side.</summary>
    public float Side => Math.Max(Width, Height);

    /// <summary>A square.</summary>
    /// <param name="middle">Of it, from the picture's.</param>
    /// <param name="side">Above 0.</param>
    public static HandBox Square(Vector2 middle, float side) => new(middle.X + 0.5f - (side / 2), middle.Y + 0.5f - (side / 2), side, side);

    /// <summary>The box of what a mask shows; null if it shows nothing.</summary>
    /// <param name="mask">Rows of one byte a pixel: 128 and more on the hand.</param>
    /// <param name="width">Pixels of a row.</param>
    public static HandBox? Around(ReadOnlySpan<byte> mask, int width)
    {
        (int left, int top, int right, int bottom) = (int.MaxValue, int.MaxValue, -1, -1);
        int height = mask.Length / width;
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<byte> row = mask.Slice(y * width, width);
            int first = row.IndexOfAnyInRange((byte)128, (byte)255);
            if (first >= 0)
            {
                (left, right) = (Math.Min(left, first), Math.Max(right, row.LastIndexOfAnyInRange((byte)128, (byte)255)));
                (top, bottom) = (Math.Min(top, y), y);
            }
        }
        return right < left ? null : new((float)left / width, (float)top / height, (float)(right + 1 - left) / width, (float)(bottom + 1 - top) / height);
    }

    /// <summary>What of it lies in the picture; null if nothing does.</summary>
    public HandBox? Inside()
    {
        (float left, float top) = (Math.Max(Left, 0), Math.Max(Top, 0));
        (float width, float height) = (Math.Min(Left + Width, 1) - left, Math.Min(Top + Height, 1) - top);
        return width > 0 && height > 0 ? new(left, top, width, height) : null;
    }

    /// <summary>What two boxes share, of what they cover together: 1 if they are the same, 0 if they do not touch.</summary>
    /// <param name="other">The other one.</param>
    public float Overlap(HandBox other)
    {
        float across = Math.Min(Left + Width, other.Left + other.Width) - Math.Max(Left, other.Left);
        float down = Math.Min(Top + Height, other.Top + other.Height) - Math.Max(Top, other.Top);
        float shared = Math.Max(0, across) * Math.Max(0, down);
        return shared / ((Width * Height) + (other.Width * other.Height) - shared);
    }
}
