using System.Numerics;

namespace SignData.Dataset.Augmenting;

/// <summary>How a <see cref="Bend"/> bends.</summary>
internal enum BendKind
{
    /// <summary>As a lens does: values k1, k2 of Brown's model and the focal length.</summary>
    Radial,

    /// <summary>Columns and rows of uneven width: values n + 1 places across, n + 1 down, in the canvas' sides.</summary>
    Grid,

    /// <summary>A smooth field of displacements, cubic B-splines over a lattice: values n x n pairs.</summary>
    Lattice,
}

/// <summary>A map of the plane that bends lines, from a canvas to itself. Kept and used again, so that drawing one allocates nothing.</summary>
internal sealed class Bend
{
    private readonly float[] values = new float[2 * MostNodes * MostNodes];

    /// <summary>The most lattice nodes along a side.</summary>
    public const int MostNodes = 24;

    /// <summary>What comes before it on the way from the target to the source is behind it in the list; this one's own map follows it.</summary>
    public Homography Then { get; set; }

    /// <summary>How it bends.</summary>
    public BendKind Kind { get; set; }

    /// <summary>The canvas that it bends.</summary>
    public Vector2 Canvas { get; set; }

    /// <summary>Nodes or cells along a side, by kind.</summary>
    public int Count { get; set; }

    /// <summary>By kind.</summary>
    public Span<float> Values => values;

    /// <summary>How dense its map must be sampled, in pixels of a target: a lens and a lattice are smooth against its side, a grid has edges.</summary>
    /// <param name="size">The target's side in pixels.</param>
    public int Spacing(int size) => Kind == BendKind.Grid ? 1 : Math.Clamp(size / (Kind == BendKind.Radial ? 28 : 56), 1, 8);

    /// <summary>Where a point comes from.</summary>
    public Vector2 Map(Vector2 p) => Kind switch
    {
        BendKind.Radial => Radial(p),
        BendKind.Grid => new Vector2(Column(p.X), Row(p.Y)),
        _ => p + Displacement(p),
    };

    /// <summary>Where a column of a grid comes from.</summary>
    public float Column(float x) => Uneven(x, Canvas.X, values);

    /// <summary>Where a row of a grid comes from.</summary>
    public float Row(float y) => Uneven(y, Canvas.Y, values.AsSpan(Count + 1));

    private Vector2 Radial(Vector2 p)
    {
        float r2 = Vector2.Dot(p, p) / (values[2] * values[2]);
        return p * (1 + (values[0] * r2) + (values[1] * r2 * r2));
    }

    private float Uneven(float v, float side, ReadOnlySpan<float> places)
    {
        float at = ((v / side) + 0.5f) * Count;
        int cell = Math.Clamp((int)MathF.Floor(at), 0, Count - 1);
        float t = at - cell;
        return (places[cell] + (t * (places[cell + 1] - places[cell])) - 0.5f) * side;
    }

    private Vector2 Displacement(Vector2 p)
    {
        // The lattice reaches one node beyond the canvas on each side, so that every point has four nodes both ways.
        float x = Math.Clamp(((p.X / Canvas.X) + 0.5f) * (Count - 3), 0, Count - 3.001f), y = Math.Clamp(((p.Y / Canvas.Y) + 0.5f) * (Count - 3), 0, Count - 3.001f);
        int left = (int)x, top = (int)y;
        Vector4 wx = Spline(x - left), wy = Spline(y - top);
        Vector2 sum = Vector2.Zero;
        for (int j = 0; j < 4; j++)
        {
            ReadOnlySpan<float> row = values.AsSpan(2 * (((top + j) * Count) + left), 8);
            sum += wy[j] * ((wx.X * new Vector2(row[0], row[1])) + (wx.Y * new Vector2(row[2], row[3])) + (wx.Z * new Vector2(row[4], row[5])) + (wx.W * new Vector2(row[6], row[7])));
        }
        return sum;
    }

    private static Vector4 Spline(float t)
    {
        float t2 = t * t, t3 = t2 * t, u = 1 - t;
        return new Vector4(u * u * u, (3 * t3) - (6 * t2) + 4, (-3 * t3) + (3 * t2) + (3 * t) + 1, t3) / 6;
    }
}
