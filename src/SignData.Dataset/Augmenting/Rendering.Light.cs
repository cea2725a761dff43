using System.Numerics;
using SignData.Dataset.Batches;
using SignData.Vision.Retouching;

namespace SignData.Dataset.Augmenting;

/// <content>What steps that look at places need: fields of light, the hand, other pictures.</content>
public sealed partial class Rendering
{
    private float[] field = [], gains = [], stretchX = [], stretchY = [];
    private byte[] detail = [];

    /// <summary>Rows of the picture to one of a field of light's.</summary>
    internal int LightSpacing => Size < 64 ? 1 : 4;

    /// <summary>A third picture of the same size, with anything in it.</summary>
    internal Span<byte> Detail => Room(ref detail, Size * Size * 3);

    /// <summary>A field over the picture, to be filled before <see cref="Light"/>.</summary>
    /// <param name="rows">Its rows, one for every <see cref="LightSpacing"/> of the picture's.</param>
    /// <returns>rows x Size values; 0 stands for the first gain, 1 for the second.</returns>
    internal Span<float> LightField(out int rows)
    {
        rows = Warp.Nodes(Size, LightSpacing);
        return Room(ref field, rows * Size);
    }

    /// <summary>Multiplies the picture by the field.</summary>
    /// <param name="dark">The gains of R, G, B where the field is 0.</param>
    /// <param name="bright">The gains where it is 1.</param>
    internal void Light(Vector3 dark, Vector3 bright)
    {
        ReadOnlySpan<float> values = LightField(out int rows);
        Span<float> rgb = Room(ref gains, rows * Size * 3);
        Vector3 span = bright - dark;
        for (int i = 0; i < values.Length; i++)
        {
            float v = values[i];
            rgb[3 * i] = dark.X + (v * span.X);
            rgb[(3 * i) + 1] = dark.Y + (v * span.Y);
            rgb[(3 * i) + 2] = dark.Z + (v * span.Z);
        }
        Retouch.Gain(Pixels, Size, rgb, LightSpacing);
    }

    /// <summary>A square picture at another size, straight between its pixels.</summary>
    /// <param name="from">side x side x 3, side at least 2.</param>
    /// <param name="side">In pixels.</param>
    /// <param name="to">toSide x toSide x 3.</param>
    /// <param name="toSide">In pixels.</param>
    internal void Stretch(ReadOnlySpan<byte> from, int side, Span<byte> to, int toSide)
    {
        int nodes = Warp.Nodes(toSide, AffineSpacing);
        Span<float> x = Room(ref stretchX, nodes * nodes), y = Room(ref stretchY, nodes * nodes);
        for (int j = 0; j < nodes; j++)
        {
            for (int i = 0; i < nodes; i++)
            {
                x[(j * nodes) + i] = ((((i * AffineSpacing) + 0.5f) / toSide) * side) - 0.5f;
                y[(j * nodes) + i] = ((((j * AffineSpacing) + 0.5f) / toSide) * side) - 0.5f;
            }
        }
        Warp.Sample(from, side, side, 3, x, y, AffineSpacing, Border.Edge, [], to, toSide, toSide);
    }

    /// <summary>Whether the picture is known to show no hand: <see cref="Hand"/> is 0 everywhere then.</summary>
    internal bool Handless => ReferenceEquals(sourceMask, HandMask.None);

    /// <summary>The hand's box, up to the wrist, on the canvas before anything is sampled: left, top, width, height; null where it is not known.</summary>
    internal (float Left, float Top, float Width, float Height)? FindHand()
    {
        if (!handWanted || rendered || sourceMask is not { Hand: var mask } || HandBox.Around(mask.Pixels, mask.Width) is not { } box)
        {
            return null;
        }
        Vector2 sides = new Vector2(mask.Width, mask.Height) / Math.Min(mask.Width, mask.Height);
        return ((box.Left - 0.5f) * sides.X, (box.Top - 0.5f) * sides.Y, box.Width * sides.X, box.Height * sides.Y);
    }
}
