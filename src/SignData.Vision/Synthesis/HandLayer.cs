using System.Numerics;
using System.Runtime.Intrinsics;

namespace SignData.Vision.Synthesis;

/// <summary>
/// A drawn hand: linear light in X, Y, Z, already multiplied by the coverage in W, with a margin around the picture so that
/// what moves in from outside exists. Drawn by sphere tracing the distance field, eight pixels at a time; not thread-safe.
/// </summary>
internal sealed class HandLayer
{
    /// <summary>Pixels around the picture that are drawn too.</summary>
    public const int Margin = 16;

    private const int Tile = 8;
    private const int MostSteps = 36;

    private readonly DistanceField field = new();
    private readonly float[] depth = new float[Tile * Tile], cover = new float[Tile * Tile], open = new float[Tile * Tile], lit = new float[Tile * Tile];
    private readonly float[] normalX = new float[Tile * Tile], normalY = new float[Tile * Tile], normalZ = new float[Tile * Tile];
    private readonly int[] bone = new int[Tile * Tile];
    private float centimetre;

    /// <summary>An empty layer for pictures of that size.</summary>
    public HandLayer(int width, int height)
    {
        // Whole tiles, so that no tile needs a bounds check.
        Stride = (width + (2 * Margin) + Tile - 1) / Tile * Tile;
        Rows = (height + (2 * Margin) + Tile - 1) / Tile * Tile;
        (Width, Height) = (width, height);
        Light = new Vector4[Stride * Rows];
        IsHand = new bool[Stride * Rows];
    }

    /// <summary>The picture's columns, the margin not counted.</summary>
    public int Width { get; }

    /// <summary>The picture's rows, the margin not counted.</summary>
    public int Height { get; }

    /// <summary>Columns with the margin.</summary>
    public int Stride { get; }

    /// <summary>Rows with the margin.</summary>
    public int Rows { get; }

    /// <summary>What is drawn, <see cref="Rows"/> x <see cref="Stride"/>.</summary>
    public Vector4[] Light { get; }

    /// <summary>Whether the pixel shows the hand itself: not the forearm, not the sleeve.</summary>
    public bool[] IsHand { get; }

    /// <summary>Replaces what is drawn.</summary>
    public void Draw(ReadOnlySpan<Bone> bones, in Placement placement, Skin skin, Light light)
    {
        Array.Clear(Light);
        Array.Clear(IsHand);
        centimetre = placement.Scale;
        field.Pose(bones, placement);
        skin.Pose(bones, placement);
        Vector3 toLight = Vector3.Normalize(light.Direction);
        Span<int> near = stackalloc int[Skeleton.MaxBones], wide = stackalloc int[Skeleton.MaxBones];
        const float HalfDiagonal = Tile * 0.70711f;
        for (int top = 0; top < Rows; top += Tile)
        {
            for (int left = 0; left < Stride; left += Tile)
            {
                float x = left + (Tile / 2f) - Margin, y = top + (Tile / 2f) - Margin;
                int count = field.Near(x, y, HalfDiagonal + 1.5f, near, out float front, out float back);
                if (count == 0)
                {
                    continue;
                }
                int around = field.Near(x, y, HalfDiagonal + (0.9f * centimetre), wide, out _, out _);
                bool any = false;
                for (int row = 0; row < Tile; row++)
                {
                    any |= Trace(near[..count], wide[..around], left - Margin, top - Margin + row, row * Tile, front, back, toLight);
                }
                if (any)
                {
                    Paint(bones, left, top, skin, light, toLight);
                }
            }
        }
    }

    /// <summary>Finds the surface under eight pixels, its normal, and how much light reaches it.</summary>
    /// <returns>Whether any of them shows the hand.</returns>
    private bool Trace(ReadOnlySpan<int> near, ReadOnlySpan<int> wide, int left, int top, int at, float front, float back, Vector3 toLight)
    {
        Vector256<float> x = Vector256.Create(left + 0.5f) + Vector256.Create(0f, 1, 2, 3, 4, 5, 6, 7);
        Vector256<float> y = Vector256.Create(top + 0.5f);
        Vector256<float> z = Vector256.Create(front), closest = Vector256.Create(1e6f), best = z;
        Vector256<float> end = Vector256.Create(back), touch = Vector256.Create(0.06f);
        for (int step = 0; step < MostSteps; step++)
        {
            Vector256<float> d = field.Distance(near, x, y, z);
            Vector256<float> closer = Vector256.LessThan(d, closest);
            closest = Vector256.ConditionalSelect(closer, d, closest);
            best = Vector256.ConditionalSelect(closer, z, best);
            Vector256<float> on = Vector256.GreaterThan(d, touch) & Vector256.GreaterThan(z, end);
            if (on == Vector256<float>.Zero)
            {
                break;
            }
            // Melted tapered rods overstate distances a little; a ray that grazes an edge must still get past it.
            z -= Vector256.ConditionalSelect(on, Vector256.MaxNative(d * Vector256.Create(0.93f), Vector256.Create(0.3f)), Vector256<float>.Zero);
        }
        Vector256<float> missed = Vector256.LessThanOrEqual(z, end);
        Vector256<float> off = Vector256.ConditionalSelect(missed, Vector256.MaxNative(closest - touch, Vector256<float>.Zero), Vector256<float>.Zero);
        Vector256<float> covered = Vector256.MaxNative(Vector256<float>.One - off, Vector256<float>.Zero);
        covered.CopyTo(cover, at);
        if (covered == Vector256<float>.Zero)
        {
            return false;
        }
        best.CopyTo(depth, at);
        field.Nearest(near, x, y, best).CopyTo(bone, at);

        // The gradient from the corners of a tetrahedron.
        Vector256<float> e = Vector256.Create(0.6f);
        Vector256<float> a = field.Distance(near, x + e, y - e, best - e), b = field.Distance(near, x - e, y - e, best + e);
        Vector256<float> c = field.Distance(near, x - e, y + e, best - e), f = field.Distance(near, x + e, y + e, best + e);
        Vector256<float> nx = a - b - c + f, ny = c + f - a - b, nz = b + f - a - c;
        Vector256<float> inverse = Vector256<float>.One / Vector256.Sqrt(Vector256.MaxNative((nx * nx) + (ny * ny) + (nz * nz), Vector256.Create(1e-6f)));
        nx *= inverse;
        ny *= inverse;
        nz *= inverse;
        nx.CopyTo(normalX, at);
        (-ny).CopyTo(normalY, at);
        nz.CopyTo(normalZ, at);
        Openness(wide, x, y, best, nx, ny, nz).CopyTo(open, at);
        Shadow(x, y, best, nx, ny, nz, toLight).CopyTo(lit, at);
        return true;
    }

    /// <summary>Ambient occlusion: how much nearer the surface is, a little way out, than it would be in the open.</summary>
    private Vector256<float> Openness(ReadOnlySpan<int> wide, Vector256<float> x, Vector256<float> y, Vector256<float> z, Vector256<float> nx, Vector256<float> ny, Vector256<float> nz)
    {
        Vector256<float> occlusion = Vector256<float>.Zero;
        foreach ((float reach, float weight) in (ReadOnlySpan<(float, float)>)[(0.25f, 0.42f), (0.75f, 0.42f)])
        {
            Vector256<float> h = Vector256.Create(reach * centimetre);
            Vector256<float> d = field.Distance(wide, x + (nx * h), y + (ny * h), z + (nz * h));
            occlusion += Vector256.MaxNative(h - d, Vector256<float>.Zero) * Vector256.Create(weight / (reach * centimetre));
        }
        return Vector256.MaxNative(Vector256<float>.One - occlusion, Vector256.Create(0.12f));
    }

    /// <summary>A soft shadow: how narrowly the way to the light passes other parts.</summary>
    private Vector256<float> Shadow(Vector256<float> x, Vector256<float> y, Vector256<float> z, Vector256<float> nx, Vector256<float> ny, Vector256<float> nz, Vector3 toLight)
    {
        Vector256<float> off = Vector256.Create(0.22f * centimetre);
        (x, y, z) = (x + (nx * off), y + (ny * off), z + (nz * off));
        Vector256<float> light = Vector256<float>.One;
        foreach (float reach in (ReadOnlySpan<float>)[0.45f, 1.0f, 1.8f, 3.0f, 4.8f])
        {
            float t = reach * centimetre;
            Vector256<float> d = field.RoughDistance(
                x + Vector256.Create(toLight.X * t), y - Vector256.Create(toLight.Y * t), z + Vector256.Create(toLight.Z * t));
            light = Vector256.MinNative(light, Vector256.Create(0.4f) + (d * Vector256.Create(3.2f / t)));
        }
        return Vector256.MaxNative(light, Vector256.Create(0.06f));
    }

    private void Paint(ReadOnlySpan<Bone> bones, int left, int top, Skin skin, Light light, Vector3 toLight)
    {
        for (int i = 0; i < Tile * Tile; i++)
        {
            if (cover[i] <= 0)
            {
                continue;
            }
            int x = left + (i % Tile), y = top + (i / Tile);
            Vector3 pixel = new(x + 0.5f - Margin, y + 0.5f - Margin, depth[i]);
            Vector3 seen = skin.Shade(bone[i], field.Rods[bone[i]], pixel, new Vector3(normalX[i], normalY[i], normalZ[i]), light, toLight, open[i], lit[i]);
            Light[(y * Stride) + x] = new Vector4(seen * cover[i], cover[i]);
            IsHand[(y * Stride) + x] = cover[i] >= 0.5f && bones[bone[i]].Part is not (Part.Forearm or Part.Sleeve);
        }
    }
}
