using System.Numerics;
using System.Runtime.Intrinsics;

namespace SignData.Vision.Synthesis;

/// <summary>
/// A drawn hand: linear light in X, Y, Z, already multiplied by the coverage in W, with a margin around the picture so that
/// what moves in from outside exists. Drawn by sphere tracing the distance field, eight pixels at a time; not thread-safe.
/// </summary>
internal sealed class HandLayer
{
    private const int Tile = 8;
    private const int MostSteps = 36;

    // In centimetres: what is further towards the light throws no shadow.
    private const float LongestShadow = 4.8f;

    private readonly DistanceField field = new();
    private readonly float[] depth = new float[Tile * Tile], cover = new float[Tile * Tile], open = new float[Tile * Tile], lit = new float[Tile * Tile];
    private readonly float[] normalX = new float[Tile * Tile], normalY = new float[Tile * Tile], normalZ = new float[Tile * Tile];
    private readonly int[] bone = new int[Tile * Tile];
    private float centimetre;

    /// <summary>An empty layer for pictures of that size.</summary>
    public HandLayer(int width, int height)
    {
        Margin = Math.Max(16, height / 10);
        // Whole tiles, so that no tile needs a bounds check.
        Stride = (width + (2 * Margin) + Tile - 1) / Tile * Tile;
        Rows = (height + (2 * Margin) + Tile - 1) / Tile * Tile;
        (Width, Height) = (width, height);
        Light = new Vector4[Stride * Rows];
        IsHand = new bool[Stride * Rows];
    }

    /// <summary>Pixels around the picture that are drawn too: further than the hand moves in half an exposure.</summary>
    public int Margin { get; }

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

    /// <summary>The columns and rows, the margin counted, outside which nothing is drawn; whole tiles.</summary>
    public Box Drawn { get; private set; }

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
        (int first, int last, int highest, int lowest) = (Stride, 0, Rows, 0);
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
                Vector256<float> start = Approach(near[..count], x, top - Margin, front, back);
                float deepest = float.MaxValue;
                for (int row = 0; row < Tile; row++)
                {
                    deepest = MathF.Min(deepest, Trace(near[..count], wide[..around], left - Margin, top - Margin + row, row * Tile, start[row], back));
                }
                if (deepest < float.MaxValue)
                {
                    int before = field.Towards(x, y, toLight, LongestShadow * centimetre, HalfDiagonal + (0.9f * centimetre), deepest, near);
                    for (int row = 0; row < Tile; row++)
                    {
                        Shadow(near[..before], left - Margin, top - Margin + row, row * Tile, toLight);
                    }
                    Paint(bones, left, top, skin, light, toLight);
                    (first, last) = (Math.Min(first, left), Math.Max(last, left + Tile));
                    (highest, lowest) = (Math.Min(highest, top), Math.Max(lowest, top + Tile));
                }
            }
        }
        Drawn = last > 0 ? new Box(first, highest, last - first, lowest - highest) : default;
    }

    /// <summary>For each of a tile's rows, the depth down to which nothing can be met by any ray of the row.</summary>
    private Vector256<float> Approach(ReadOnlySpan<int> near, float middle, int top, float front, float back)
    {
        const float HalfRow = (Tile / 2f) + 0.2f;
        Vector256<float> x = Vector256.Create(middle), y = Vector256.Create(top + 0.5f) + Vector256.Create(0f, 1, 2, 3, 4, 5, 6, 7);
        Vector256<float> z = Vector256.Create(front), end = Vector256.Create(back), reach = Vector256.Create(HalfRow);
        for (int step = 0; step < MostSteps; step++)
        {
            Vector256<float> free = field.Distance(near, x, y, z) - reach;
            Vector256<float> on = Vector256.GreaterThan(free, Vector256<float>.One) & Vector256.GreaterThan(z, end);
            if (on == Vector256<float>.Zero)
            {
                break;
            }
            z -= Vector256.ConditionalSelect(on, free * Vector256.Create(0.93f), Vector256<float>.Zero);
        }
        return z;
    }

    /// <summary>Finds the surface under eight pixels, its normal, and how open it is.</summary>
    /// <returns>The depth of the deepest point that shows the hand; <see cref="float.MaxValue"/> where none does.</returns>
    private float Trace(ReadOnlySpan<int> near, ReadOnlySpan<int> wide, int left, int top, int at, float start, float back)
    {
        Vector256<float> x = Vector256.Create(left + 0.5f) + Vector256.Create(0f, 1, 2, 3, 4, 5, 6, 7);
        Vector256<float> y = Vector256.Create(top + 0.5f);
        Vector256<float> z = Vector256.Create(start), closest = Vector256.Create(1e6f), best = z;
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
            return float.MaxValue;
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
        Vector256<float> shown = Vector256.ConditionalSelect(Vector256.GreaterThan(covered, Vector256<float>.Zero), best, Vector256.Create(float.MaxValue));
        float deepest = float.MaxValue;
        for (int i = 0; i < Tile; i++)
        {
            deepest = MathF.Min(deepest, shown[i]);
        }
        return deepest;
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
    private void Shadow(ReadOnlySpan<int> before, int left, int top, int at, Vector3 toLight)
    {
        Vector256<float> off = Vector256.Create(0.22f * centimetre);
        Vector256<float> x = Vector256.Create(left + 0.5f) + Vector256.Create(0f, 1, 2, 3, 4, 5, 6, 7) + (Vector256.Create(normalX, at) * off);
        Vector256<float> y = Vector256.Create(top + 0.5f) - (Vector256.Create(normalY, at) * off);
        Vector256<float> z = Vector256.Create(depth, at) + (Vector256.Create(normalZ, at) * off);
        Vector256<float> light = Vector256<float>.One;
        foreach (float reach in (ReadOnlySpan<float>)[0.45f, 1.0f, 1.8f, 3.0f, LongestShadow])
        {
            float t = reach * centimetre;
            Vector256<float> d = field.RoughDistance(
                before, x + Vector256.Create(toLight.X * t), y - Vector256.Create(toLight.Y * t), z + Vector256.Create(toLight.Z * t));
            light = Vector256.MinNative(light, Vector256.Create(0.4f) + (d * Vector256.Create(3.2f / t)));
        }
        Vector256.MaxNative(light, Vector256.Create(0.06f)).CopyTo(lit, at);
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
