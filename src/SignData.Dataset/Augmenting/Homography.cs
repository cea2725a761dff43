using System.Numerics;

namespace SignData.Dataset.Augmenting;

/// <summary>A map of the plane that keeps lines straight: (x, y) goes to ((Ax + By + C) / w, (Dx + Ey + F) / w) with w = Gx + Hy + 1.</summary>
public readonly record struct Homography(float A, float B, float C, float D, float E, float F, float G = 0, float H = 0)
{
    /// <summary>Every point stays.</summary>
    public static Homography Identity { get; } = new(1, 0, 0, 0, 1, 0);

    /// <summary>Whether parallels stay parallel.</summary>
    public bool IsAffine => G == 0 && H == 0;

    /// <summary>An affine map.</summary>
    /// <param name="map">Of row vectors, as System.Numerics has it.</param>
    public static implicit operator Homography(Matrix3x2 map) => new(map.M11, map.M21, map.M31, map.M12, map.M22, map.M32);

    /// <summary>First the other, then this.</summary>
    /// <param name="first">What is applied first.</param>
    public Homography After(Homography first)
    {
        float w = (G * first.C) + (H * first.F) + 1;
        float Entry(float x, float y, float z) => ((x * first.A) + (y * first.D) + (z * first.G)) / w;
        float Next(float x, float y, float z) => ((x * first.B) + (y * first.E) + (z * first.H)) / w;
        float Last(float x, float y, float z) => ((x * first.C) + (y * first.F) + z) / w;
        return new(Entry(A, B, C), Next(A, B, C), Last(A, B, C), Entry(D, E, F), Next(D, E, F), Last(D, E, F), Entry(G, H, 1), Next(G, H, 1));
    }

    /// <summary>Where a point goes.</summary>
    /// <param name="p">Any point that does not lie on the horizon.</param>
    public Vector2 Map(Vector2 p)
    {
        if (IsAffine)
        {
            return new((A * p.X) + (B * p.Y) + C, (D * p.X) + (E * p.Y) + F);
        }
        float w = (G * p.X) + (H * p.Y) + 1;
        // Behind the horizon there is nothing to see; stay in front of it.
        w = 1 / MathF.Max(w, 1e-3f);
        return new(((A * p.X) + (B * p.Y) + C) * w, ((D * p.X) + (E * p.Y) + F) * w);
    }

    /// <summary>The map that takes the corners of a rectangle about the origin to four points.</summary>
    /// <param name="size">The rectangle's sides.</param>
    /// <param name="topLeft">Where (-w/2, -h/2) goes.</param>
    /// <param name="topRight">Where (w/2, -h/2) goes.</param>
    /// <param name="bottomRight">Where (w/2, h/2) goes.</param>
    /// <param name="bottomLeft">Where (-w/2, h/2) goes.</param>
    public static Homography FromCorners(Vector2 size, Vector2 topLeft, Vector2 topRight, Vector2 bottomRight, Vector2 bottomLeft)
    {
        // Heckbert 1989: from the unit square.
        Vector2 d1 = topRight - bottomRight, d2 = bottomLeft - bottomRight, s = topLeft - topRight + bottomRight - bottomLeft;
        float det = (d1.X * d2.Y) - (d2.X * d1.Y);
        float g = ((s.X * d2.Y) - (d2.X * s.Y)) / det, h = ((d1.X * s.Y) - (s.X * d1.Y)) / det;
        Homography unit = new(
            topRight.X - topLeft.X + (g * topRight.X), bottomLeft.X - topLeft.X + (h * bottomLeft.X), topLeft.X,
            topRight.Y - topLeft.Y + (g * topRight.Y), bottomLeft.Y - topLeft.Y + (h * bottomLeft.Y), topLeft.Y, g, h);
        return unit.After(new Homography(1 / size.X, 0, 0.5f, 0, 1 / size.Y, 0.5f));
    }
}
