using System.Numerics;

namespace SignData.Vision.Synthesis;

/// <summary>The colour of the hand's surface: what it reflects where, and how that looks in a light.</summary>
internal sealed class Skin
{
    private static readonly Vector3 Viewer = Vector3.UnitZ;

    // The palm's three main lines as quadratic curves in centimetres of the reference hand: head, heart, life.
    private static readonly (Vector2 From, Vector2 Bend, Vector2 To)[] Lines =
    [
        (new(3.3f, 6.6f), new(0.9f, 6.5f), new(-2.2f, 4.6f)),
        (new(-3.4f, 6.3f), new(-0.2f, 6.3f), new(1.4f, 8.3f)),
        (new(3.2f, 6.4f), new(0.2f, 5.6f), new(0.6f, 1.4f)),
    ];

    private readonly Bone[] bones = new Bone[Skeleton.MaxBones];
    private readonly Vector3[] dorsal = new Vector3[Skeleton.MaxBones], before = new Vector3[Skeleton.MaxBones], after = new Vector3[Skeleton.MaxBones];
    private readonly Vector3 back, palm, nail, cloth;
    private readonly float depth;
    private Placement placement;

    /// <summary>The skin of a signer in a sleeve of that linear colour.</summary>
    public Skin(Signer signer, Vector3 sleeve)
    {
        back = signer.Skin * new Vector3(1, 0.95f, 0.94f);
        // Palms carry little pigment: the darker the skin, the further the palm from it.
        depth = (signer.Tone - 1) / 9f;
        palm = Vector3.Lerp(back * new Vector3(1.02f, 0.93f, 0.9f), new Vector3(0.56f, 0.33f, 0.24f), 0.12f + (0.32f * depth));
        nail = Vector3.Lerp(palm * new Vector3(1.08f, 1.0f, 1.02f), new Vector3(0.85f, 0.62f, 0.56f), 0.35f);
        cloth = sleeve;
    }

    /// <summary>Takes on a pose.</summary>
    public void Pose(ReadOnlySpan<Bone> posed, in Placement where)
    {
        placement = where;
        posed.CopyTo(bones);
        for (int i = 0; i < posed.Length; i++)
        {
            dorsal[i] = where.Direction(posed[i].Dorsal);
        }
        for (int i = 0; i < posed.Length; i++)
        {
            before[i] = posed[i].Part == Part.Segment ? Vector3.Normalize(dorsal[i] + dorsal[i - 1]) : dorsal[0];
            after[i] = i + 1 < posed.Length && posed[i + 1].Part == Part.Segment ? Vector3.Normalize(dorsal[i] + dorsal[i + 1]) : dorsal[i];
        }
    }

    /// <summary>The light that a point sends to the camera, linear.</summary>
    /// <param name="index">The bone that the point belongs to.</param>
    /// <param name="rod">The same bone in pixels.</param>
    /// <param name="pixel">The point in pixels.</param>
    /// <param name="normal">Its normal as the viewer sees it, y up.</param>
    /// <param name="light">What shines on it.</param>
    /// <param name="toLight">The light's direction, of unit length.</param>
    /// <param name="open">How much of the surroundings it sees, 0 to 1.</param>
    /// <param name="lit">How much of the key light reaches it, 0 to 1.</param>
    public Vector3 Shade(int index, in DistanceField.Rod rod, Vector3 pixel, Vector3 normal, Light light, Vector3 toLight, float open, float lit)
    {
        Bone bone = bones[index];
        if (bone.Part == Part.Sleeve)
        {
            return Cloth(rod, pixel, normal, light, toLight, open, lit);
        }
        Vector3 local = placement.Local(pixel);
        float facing = Vector3.Dot(normal, Back(index, rod.Along(pixel)));
        float inner = Smooth(-0.15f, 0.55f, -facing);
        Vector3 albedo = Vector3.Lerp(back, palm, inner);
        float gloss = 0.035f + (0.025f * depth);
        if (bone.Part is Part.Root or Part.Segment)
        {
            albedo *= Finger(bone, rod, pixel, facing, inner);
            float covered = Nail(index, bone, rod, pixel, normal);
            albedo = Vector3.Lerp(albedo, nail, covered);
            gloss += 0.10f * covered;
        }
        else if (bone.Part == Part.Palm && inner > 0)
        {
            albedo *= Vector3.One - ((0.30f + (0.12f * depth)) * inner * PalmLine(local) * new Vector3(0.8f, 1, 1));
        }
        float mottle = Noise(local * 0.9f) + (0.5f * Noise(local * 3.1f));
        albedo *= Vector3.One + (mottle * new Vector3(0.035f, 0.06f, 0.06f));

        // Light that enters beside the terminator and leaves reddened: wrap the cosine, most for red.
        float cosine = Vector3.Dot(normal, toLight);
        Vector3 wrap = new(0.32f, 0.16f, 0.11f);
        Vector3 key = Vector3.Max((new Vector3(cosine) + wrap) / (Vector3.One + wrap), Vector3.Zero);
        key *= key * 0.35f + new Vector3(0.65f);
        Vector3 shadow = new(0.5f * (lit + MathF.Sqrt(lit)), lit, lit);
        // What the crevices see is other skin, so that they go warm before they go dark.
        Vector3 crevice = new(0.6f * open + (0.4f * MathF.Sqrt(open)), open, open);
        Vector3 ambient = Vector3.Lerp(light.Below, light.Above, 0.5f + (0.5f * normal.Y)) * crevice;
        Vector3 half = Vector3.Normalize(toLight + Viewer);
        float shine = MathF.Max(Vector3.Dot(normal, half), 0);
        shine *= shine;
        shine *= shine;
        shine *= shine;
        shine *= shine * shine;
        float rim = 1 - MathF.Max(normal.Z, 0);
        return (albedo * ((light.Key * key * shadow * (0.5f + (0.5f * open))) + ambient))
            + (light.Key * (gloss * shine * lit * 1.6f))
            + (light.Above * (0.03f * rim * rim * rim * open));
    }

    /// <summary>The direction of the back at a place along a bone: it turns gradually from one bone to the next.</summary>
    private Vector3 Back(int index, float along)
    {
        if (bones[index].Part is not (Part.Root or Part.Segment))
        {
            return dorsal[index];
        }
        float length = Vector3.Distance(bones[index].From, bones[index].To);
        float s = along * length, reach = bones[index] is { Part: Part.Root, Digit: 0 } ? 2.2f : 0.9f;
        return s < reach
            ? Vector3.Lerp(before[index], dorsal[index], Smooth(0, reach, s))
            : Vector3.Lerp(after[index], dorsal[index], Smooth(0, 0.9f, length - s));
    }

    private Vector3 Cloth(in DistanceField.Rod rod, Vector3 pixel, Vector3 normal, Light light, Vector3 toLight, float open, float lit)
    {
        Vector3 axis = Vector3.Normalize(rod.Way * new Vector3(1, -1, 1));
        float end = Vector3.Dot(normal, axis);
        if (end < -0.8f)
        {
            return cloth * light.Above * 0.25f;
        }
        float down = rod.Along(pixel) * 24;
        float weave = 1 + (0.10f * Noise(placement.Local(pixel) * new Vector3(5, 1.4f, 5))) - (0.25f * Bump(down - 0.9f, 0.12f));
        float cosine = MathF.Max(Vector3.Dot(normal, toLight), 0);
        Vector3 ambient = Vector3.Lerp(light.Below, light.Above, 0.5f + (0.5f * normal.Y)) * open;
        return cloth * weave * ((light.Key * cosine * lit) + ambient);
    }

    /// <summary>Creases where a finger bends, redder joints and tips.</summary>
    private static Vector3 Finger(Bone bone, in DistanceField.Rod rod, Vector3 pixel, float facing, float inner)
    {
        float length = Vector3.Distance(bone.From, bone.To);
        float s = rod.Along(pixel) * length;
        float crease = inner * ((bone.Joint == 0 ? Bump(s - (0.52f * length), 0.14f) : Bump(s, 0.13f)) + (0.5f * Bump(s - length, 0.12f)));
        float wrinkles = 0;
        float outer = MathF.Max(facing, 0);
        if (outer > 0)
        {
            float near = bone.Joint == 0 ? s - length : bone.Joint == 1 ? s : 9;
            wrinkles = outer * (Bump(near, 0.08f) + (0.7f * Bump(near - 0.22f, 0.08f)) + (0.7f * Bump(near + 0.22f, 0.08f)));
        }
        float joint = outer * Bump(bone.Joint == 0 ? s - length : s, 0.7f) * 0.12f;
        float tip = bone.Joint == 2 ? 0.10f * Smooth(0.35f, 1.0f, s / length) : 0;
        float dark = (0.34f * crease) + (0.20f * wrinkles);
        return (Vector3.One - (new Vector3(0.75f, 1, 1) * MathF.Min(dark, 0.5f))) * (Vector3.One - ((joint + tip) * new Vector3(0.1f, 0.9f, 0.7f)));
    }

    /// <summary>How much of a point is nail.</summary>
    private float Nail(int index, Bone bone, in DistanceField.Rod rod, Vector3 pixel, Vector3 normal)
    {
        if (bone.Joint != 2 || Vector3.Dot(normal, dorsal[index]) < 0.2f)
        {
            return 0;
        }
        Vector3 axis = Vector3.Normalize(rod.Way * new Vector3(1, -1, 1));
        Vector3 side = Vector3.Cross(axis, dorsal[index]);
        float length = Vector3.Distance(bone.From, bone.To);
        float along = ((rod.Along(pixel) * length) - (length * 0.86f)) / (bone.ToRadius * 0.95f);
        float across = Vector3.Dot(normal, side) / 0.72f;
        // A superellipse: straighter sides than an ellipse.
        float r = MathF.Sqrt(MathF.Sqrt((along * along * along * along) + (across * across * across * across)));
        return 1 - Smooth(0.84f, 1.02f, r);
    }

    private static float PalmLine(Vector3 local)
    {
        float most = 0;
        Vector2 p = new(local.X, local.Y);
        foreach ((Vector2 from, Vector2 bend, Vector2 to) in Lines)
        {
            Vector2 a = from;
            for (int i = 1; i <= 5; i++)
            {
                float t = i / 5f;
                Vector2 b = Vector2.Lerp(Vector2.Lerp(from, bend, t), Vector2.Lerp(bend, to, t), t);
                Vector2 ab = b - a;
                float h = Math.Clamp(Vector2.Dot(p - a, ab) / ab.LengthSquared(), 0, 1);
                most = MathF.Max(most, Bump(Vector2.Distance(p, a + (ab * h)), 0.16f));
                a = b;
            }
        }
        return most;
    }

    private static float Smooth(float low, float high, float value)
    {
        float t = Math.Clamp((value - low) / (high - low), 0, 1);
        return t * t * (3 - (2 * t));
    }

    private static float Bump(float x, float width)
    {
        float t = 1 - (x * x / (width * width));
        return t > 0 ? t * t : 0;
    }

    /// <summary>Value noise, -1 to 1, with features of about unit size.</summary>
    private static float Noise(Vector3 p)
    {
        int x = (int)MathF.Floor(p.X), y = (int)MathF.Floor(p.Y), z = (int)MathF.Floor(p.Z);
        float fx = p.X - x, fy = p.Y - y, fz = p.Z - z;
        fx *= fx * (3 - (2 * fx));
        fy *= fy * (3 - (2 * fy));
        fz *= fz * (3 - (2 * fz));
        float low = Mix(Mix(At(x, y, z), At(x + 1, y, z), fx), Mix(At(x, y + 1, z), At(x + 1, y + 1, z), fx), fy);
        float high = Mix(Mix(At(x, y, z + 1), At(x + 1, y, z + 1), fx), Mix(At(x, y + 1, z + 1), At(x + 1, y + 1, z + 1), fx), fy);
        return Mix(low, high, fz);
    }

    private static float Mix(float a, float b, float t) => a + ((b - a) * t);

    private static float At(int x, int y, int z)
    {
        uint h = ((uint)x * 0x8DA6B343) ^ ((uint)y * 0xD8163841) ^ ((uint)z * 0xCB1AB31F);
        h = (h ^ (h >> 13)) * 0x5BD1E995;
        return ((h ^ (h >> 15)) & 0xFFFF) * (2f / 65535) - 1;
    }
}
