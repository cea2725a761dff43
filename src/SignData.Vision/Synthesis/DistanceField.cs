using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SignData.Vision.Synthesis;

/// <summary>
/// The hand's surface as the zero of a signed distance, in pixels, for eight points at a time: tapered rods, melted into one
/// another by smooth minima (Quilez, "smooth minimum", iquilezles.org/articles/smin, the quadratic polynomial one).
/// No fused multiply-add is used, so that every processor gives the same bits.
/// </summary>
internal sealed class DistanceField
{
    // How far, in centimetres, parts melt into each other: the palm's into one, a finger's root into the palm, its segments.
    private const float PalmMelt = 0.95f, RootMelt = 0.34f, SegmentMelt = 0.15f;

    private readonly Rod[] rods = new Rod[Skeleton.MaxBones];
    private float palmMelt, rootMelt, segmentMelt;

    /// <summary>The number of rods.</summary>
    public int Count { get; private set; }

    /// <summary>The rods in pixels.</summary>
    public ReadOnlySpan<Rod> Rods => rods.AsSpan(0, Count);

    /// <summary>Takes on another pose.</summary>
    public void Pose(ReadOnlySpan<Bone> bones, in Placement placement)
    {
        Count = bones.Length;
        (palmMelt, rootMelt, segmentMelt) = (PalmMelt * placement.Scale, RootMelt * placement.Scale, SegmentMelt * placement.Scale);
        for (int i = 0; i < bones.Length; i++)
        {
            Bone bone = bones[i];
            Vector3 a = placement.Point(bone.From, out float nearA), b = placement.Point(bone.To, out float nearB);
            rods[i] = new Rod(bone.Part, bone.Digit, a, b - a, bone.FromRadius * placement.Scale * nearA, bone.ToRadius * placement.Scale * nearB);
        }
    }

    /// <summary>The rods that matter within a circle of the picture, in order, and the depths between which they lie.</summary>
    /// <returns>How many were put into <paramref name="near"/>.</returns>
    public int Near(float x, float y, float radius, Span<int> near, out float front, out float back)
    {
        int found = 0;
        (front, back) = (float.MinValue, float.MaxValue);
        for (int i = 0; i < Count; i++)
        {
            ref readonly Rod rod = ref rods[i];
            float melt = rod.Part switch { Part.Palm or Part.Forearm => palmMelt, Part.Root => rootMelt, _ => segmentMelt };
            if (rod.IsWithin(x, y, radius + melt))
            {
                near[found++] = i;
                front = MathF.Max(front, MathF.Max(rod.Az + rod.Radius, rod.Az + rod.Bz + rod.Radius + rod.Taper) + (0.25f * melt));
                back = MathF.Min(back, MathF.Min(rod.Az - rod.Radius, rod.Az + rod.Bz - rod.Radius - rod.Taper));
            }
        }
        return found;
    }

    /// <summary>The signed distance to the hand made of the named rods.</summary>
    public Vector256<float> Distance(ReadOnlySpan<int> near, Vector256<float> x, Vector256<float> y, Vector256<float> z)
    {
        Vector256<float> palm = Vector256.Create(1e6f);
        int i = 0;
        for (; i < near.Length && rods[near[i]].Part is Part.Palm or Part.Forearm; i++)
        {
            palm = Melt(palm, rods[near[i]].Distance(x, y, z), palmMelt);
        }
        Vector256<float> nearest = palm;
        while (i < near.Length)
        {
            ref readonly Rod rod = ref rods[near[i]];
            if (rod.Part == Part.Sleeve)
            {
                nearest = Vector256.MinNative(nearest, rod.ClippedDistance(x, y, z));
                i++;
                continue;
            }
            Vector256<float> finger = palm;
            int digit = rod.Digit;
            if (rod.Part == Part.Root)
            {
                finger = Melt(palm, rod.Distance(x, y, z), rootMelt);
                i++;
            }
            Vector256<float> rest = Vector256.Create(1e6f);
            for (; i < near.Length && rods[near[i]].Digit == digit && rods[near[i]].Part == Part.Segment; i++)
            {
                rest = Melt(rest, rods[near[i]].Distance(x, y, z), segmentMelt);
            }
            nearest = Vector256.MinNative(nearest, Melt(finger, rest, segmentMelt));
        }
        return nearest;
    }

    /// <summary>The rods that may stand between a circle of the picture and a light; none of cloth.</summary>
    /// <param name="x">The circle's middle.</param>
    /// <param name="y">The circle's middle.</param>
    /// <param name="toLight">Of unit length, y up.</param>
    /// <param name="length">How far towards the light, in pixels.</param>
    /// <param name="radius">How far aside, in pixels.</param>
    /// <param name="deepest">The depth of the deepest point in the circle: what lies behind it is in nobody's way.</param>
    /// <param name="before">Takes their indices.</param>
    /// <returns>How many they are.</returns>
    public int Towards(float x, float y, Vector3 toLight, float length, float radius, float deepest, Span<int> before)
    {
        int found = 0;
        for (int i = 0; i < Count; i++)
        {
            ref readonly Rod rod = ref rods[i];
            float front = MathF.Max(rod.Az + rod.Radius, rod.Az + rod.Bz + rod.Radius + rod.Taper);
            if (rod.Part == Part.Sleeve || front + radius < deepest)
            {
                continue;
            }
            for (int step = 0; step <= 2; step++)
            {
                float t = 0.5f * step * length;
                if (rod.IsWithin(x + (toLight.X * t), y - (toLight.Y * t), radius + (0.25f * length)))
                {
                    before[found++] = i;
                    break;
                }
            }
        }
        return found;
    }

    /// <summary>The distance to the nearest of the named rods, unmelted: cheap, for shadows.</summary>
    public Vector256<float> RoughDistance(ReadOnlySpan<int> before, Vector256<float> x, Vector256<float> y, Vector256<float> z)
    {
        Vector256<float> nearest = Vector256.Create(1e6f);
        foreach (int i in before)
        {
            nearest = Vector256.MinNative(nearest, rods[i].Distance(x, y, z));
        }
        return nearest;
    }

    /// <summary>The index of the rod that each point is nearest to.</summary>
    public Vector256<int> Nearest(ReadOnlySpan<int> near, Vector256<float> x, Vector256<float> y, Vector256<float> z)
    {
        Vector256<float> least = Vector256.Create(1e6f);
        Vector256<int> index = Vector256<int>.Zero;
        foreach (int i in near)
        {
            Vector256<float> d = rods[i].Part == Part.Sleeve ? rods[i].ClippedDistance(x, y, z) : rods[i].Distance(x, y, z);
            Vector256<float> closer = Vector256.LessThan(d, least);
            least = Vector256.ConditionalSelect(closer, d, least);
            index = Vector256.ConditionalSelect(closer.AsInt32(), Vector256.Create(i), index);
        }
        return index;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Melt(Vector256<float> a, Vector256<float> b, float width)
    {
        Vector256<float> h = Vector256.MaxNative(Vector256.Create(width) - Vector256.Abs(a - b), Vector256<float>.Zero);
        return Vector256.MinNative(a, b) - (h * h * Vector256.Create(0.25f / width));
    }

    /// <summary>A tapered rod in pixels: one end, the way to the other, and the radii.</summary>
    internal readonly struct Rod
    {
        public readonly float Ax, Ay, Az, Bx, By, Bz, Radius, Taper;
        public readonly Part Part;
        public readonly int Digit;
        private readonly float perLength2;

        public Rod(Part part, int digit, Vector3 from, Vector3 way, float fromRadius, float toRadius)
        {
            (Part, Digit) = (part, digit);
            (Ax, Ay, Az) = (from.X, from.Y, from.Z);
            (Bx, By, Bz) = (way.X, way.Y, way.Z);
            (Radius, Taper) = (fromRadius, toRadius - fromRadius);
            perLength2 = 1 / MathF.Max(way.LengthSquared(), 1e-6f);
        }

        /// <summary>The way from one end to the other.</summary>
        public Vector3 Way => new(Bx, By, Bz);

        /// <summary>Whether the rod, seen from the front, comes that near to a point of the picture.</summary>
        public bool IsWithin(float x, float y, float distance)
        {
            float reach = distance + MathF.Max(Radius, Radius + Taper);
            float length2 = MathF.Max((Bx * Bx) + (By * By), 1e-6f);
            float t = Math.Clamp((((x - Ax) * Bx) + ((y - Ay) * By)) / length2, 0, 1);
            float dx = x - Ax - (t * Bx), dy = y - Ay - (t * By);
            return (dx * dx) + (dy * dy) <= reach * reach;
        }

        /// <summary>Where between the ends a point lies, 0 to 1 within.</summary>
        public float Along(Vector3 p) => (((p.X - Ax) * Bx) + ((p.Y - Ay) * By) + ((p.Z - Az) * Bz)) * perLength2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector256<float> Distance(Vector256<float> x, Vector256<float> y, Vector256<float> z)
        {
            x -= Vector256.Create(Ax);
            y -= Vector256.Create(Ay);
            z -= Vector256.Create(Az);
            Vector256<float> bx = Vector256.Create(Bx), by = Vector256.Create(By), bz = Vector256.Create(Bz);
            Vector256<float> t = ((x * bx) + (y * by) + (z * bz)) * Vector256.Create(perLength2);
            t = Vector256.MinNative(Vector256.MaxNative(t, Vector256<float>.Zero), Vector256<float>.One);
            x -= bx * t;
            y -= by * t;
            z -= bz * t;
            return Vector256.Sqrt((x * x) + (y * y) + (z * z)) - (Vector256.Create(Radius) + (Vector256.Create(Taper) * t));
        }

        /// <summary>As <see cref="Distance"/>, cut off square at the first end.</summary>
        public Vector256<float> ClippedDistance(Vector256<float> x, Vector256<float> y, Vector256<float> z)
        {
            float unit = MathF.Sqrt(perLength2);
            Vector256<float> beyond = ((x - Vector256.Create(Ax)) * Vector256.Create(-Bx * unit))
                + ((y - Vector256.Create(Ay)) * Vector256.Create(-By * unit))
                + ((z - Vector256.Create(Az)) * Vector256.Create(-Bz * unit));
            return Vector256.MaxNative(Distance(x, y, z), beyond);
        }
    }
}
