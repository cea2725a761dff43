using System.Numerics;

namespace SignData.Vision.Synthesis;

/// <summary>What a bone carries, in the order in which the distance field joins them.</summary>
internal enum Part
{
    /// <summary>Palm, ball of the thumb, edge of the hand: melted into one.</summary>
    Palm,

    /// <summary>As the palm, but beyond the wrist.</summary>
    Forearm,

    /// <summary>A finger's first segment: joined softly to the palm.</summary>
    Root,

    /// <summary>A finger's further segments: joined to their finger, creased against all else.</summary>
    Segment,

    /// <summary>Cloth over the forearm.</summary>
    Sleeve,
}

/// <summary>A tapered rod with round ends, in centimetres of the right hand (see <see cref="Thumb"/> for the axes).</summary>
/// <param name="Part">What it carries.</param>
/// <param name="Digit">0 the thumb, 1 the index to 4 the little finger; 5 none.</param>
/// <param name="Joint">0 the first segment beyond the palm, 1, 2; of the palm 0.</param>
/// <param name="From">The end nearer to the wrist.</param>
/// <param name="To">The other end.</param>
/// <param name="FromRadius">In centimetres.</param>
/// <param name="ToRadius">In centimetres.</param>
/// <param name="Dorsal">Towards the back of the hand, where nails are.</param>
internal readonly record struct Bone(Part Part, int Digit, int Joint, Vector3 From, Vector3 To, float FromRadius, float ToRadius, Vector3 Dorsal);

/// <summary>A signer's hand in a pose.</summary>
internal static class Skeleton
{
    /// <summary>No more bones than this.</summary>
    public const int MaxBones = 32;

    // Lengths of metacarpals, proximal, middle and distal phalanges in centimetres, thumb to little finger, the flesh of the
    // tip included in the last: Buryanov & Kotiuk 2010, "Proportions of Hand Segments", Int. J. Morphol. 28(3), means.
    private static readonly float[] ThumbLengths = [4.62f, 3.16f, 2.17f + 0.37f];
    private static readonly float[][] FingerLengths =
    [
        [3.98f, 2.24f, 1.58f + 0.38f],
        [4.46f, 2.63f, 1.74f + 0.40f],
        [4.14f, 2.57f, 1.73f + 0.40f],
        [3.27f, 1.81f, 1.60f + 0.37f],
    ];

    // The heads of the metacarpals, and how thick each finger is at its root, its joints and its tip.
    private static readonly Vector3[] Knuckles = [new(2.75f, 8.75f, 0), new(0.75f, 9.0f, -0.2f), new(-1.2f, 8.5f, -0.1f), new(-2.95f, 7.6f, 0.25f)];
    private static readonly float[][] Radii =
    [
        [1.06f, 0.95f, 0.88f, 0.68f],
        [1.08f, 0.98f, 0.90f, 0.70f],
        [1.03f, 0.93f, 0.85f, 0.66f],
        [0.90f, 0.79f, 0.72f, 0.57f],
    ];

    private static readonly Vector3 ThumbBase = new(2.0f, 1.9f, 0.7f);

    /// <summary>The bones of the hand, the palm's first, then each finger's in turn, then the sleeve.</summary>
    public static List<Bone> Of(Handshape shape, Signer signer, Quaternion facing)
    {
        List<Bone> bones = new(MaxBones);
        Vector3 size = new(signer.PalmWidth, signer.PalmLength, 0.5f * (signer.PalmWidth + signer.PalmLength));
        float flesh = signer.Thickness * MathF.Sqrt(signer.PalmWidth);
        Vector3[] thumb = Chain(ThumbBase * size, [shape.Thumb.Knuckle * size, shape.Thumb.Middle * size, shape.Thumb.Tip * size], ThumbLengths, signer.FingerLength);
        Palm(bones, size, flesh, thumb);
        Vector3 along = shape.Forearm is { } seen ? Vector3.Transform(Vector3.Normalize(seen), Quaternion.Conjugate(facing)) : -Vector3.UnitY;
        Forearm(bones, along, flesh);
        ThumbBones(bones, thumb, flesh);
        for (int f = 0; f < 4; f++)
        {
            FingerBones(bones, f, shape.Fingers[f], size, flesh, signer.FingerLength);
        }
        Vector3 wrist = new(0, 0.4f, 0);
        bones.Add(new Bone(Part.Sleeve, 5, 0, wrist + (along * 9.5f), wrist + (along * 34), 3.5f * flesh, 4.9f * flesh, -Vector3.UnitZ));
        return bones;
    }

    private static void Palm(List<Bone> bones, Vector3 size, float flesh, Vector3[] thumb)
    {
        for (int f = 0; f < 4; f++)
        {
            Vector3 carpal = new Vector3((1.05f - (0.75f * f)), 1.5f, 0) * size;
            bones.Add(new Bone(Part.Palm, 5, 0, carpal, Knuckles[f] * size, 1.25f * flesh, (f == 3 ? 1.02f : 1.15f) * flesh, -Vector3.UnitZ));
        }
        // The pad below the fingers, the edge of the hand, and the ball of the thumb with its web.
        bones.Add(new Bone(Part.Palm, 5, 0, new Vector3(2.5f, 8.7f, 0.45f) * size, new Vector3(-2.6f, 7.7f, 0.55f) * size, 0.98f * flesh, 0.92f * flesh, -Vector3.UnitZ));
        bones.Add(new Bone(Part.Palm, 5, 0, new Vector3(-1.9f, 1.7f, 0.5f) * size, new Vector3(-2.75f, 5.6f, 0.5f) * size, 1.42f * flesh, 1.2f * flesh, -Vector3.UnitZ));
        bones.Add(new Bone(Part.Palm, 0, 0, thumb[0], thumb[1], 1.55f * flesh, 1.1f * flesh, -Vector3.UnitZ));
        bones.Add(new Bone(Part.Palm, 5, 0, Vector3.Lerp(thumb[0], thumb[1], 0.6f), new Vector3(2.2f, 6.6f, 0.2f) * size, 0.95f * flesh, 0.75f * flesh, -Vector3.UnitZ));
    }

    private static void Forearm(List<Bone> bones, Vector3 along, float flesh)
    {
        foreach (int side in (ReadOnlySpan<int>)[-1, 1])
        {
            Vector3 wrist = new(0.95f * side, 1.2f, 0), elbow = new Vector3(1.4f * side, 0, 0) + (along * 30);
            bones.Add(new Bone(Part.Forearm, 5, 0, wrist, elbow, 1.72f * flesh, 2.9f * flesh, -Vector3.UnitZ));
        }
    }

    private static void ThumbBones(List<Bone> bones, Vector3[] joints, float flesh)
    {
        Vector3 tip = Vector3.Normalize(joints[3] - joints[2]);
        // The nail faces the side when the thumb stands upright, the viewer when it lies across the palm, the back when it points away.
        Vector3 nail = new(0.7f, 0.35f * MathF.Max(tip.X, 0), 0.25f - (1.25f * tip.X));
        Vector3 end = joints[3] - (tip * 0.68f * flesh);
        bones.Add(new Bone(Part.Root, 0, 0, joints[1], joints[2], 1.08f * flesh, 0.98f * flesh, Across(nail, joints[2] - joints[1])));
        bones.Add(new Bone(Part.Segment, 0, 2, joints[2], end, 0.97f * flesh, 0.72f * flesh, Across(nail, tip)));
    }

    private static void FingerBones(List<Bone> bones, int f, Finger pose, Vector3 size, float flesh, float length)
    {
        const float Radians = MathF.PI / 180;
        Vector3 out_ = new(MathF.Sin(pose.Spread * Radians), MathF.Cos(pose.Spread * Radians), 0);
        Vector3 from = Knuckles[f] * size;
        float bend = 0;
        for (int j = 0; j < 3; j++)
        {
            bend += (j switch { 0 => pose.Knuckle, 1 => pose.Middle, _ => pose.Tip }) * Radians;
            Vector3 way = (out_ * MathF.Cos(bend)) + (Vector3.UnitZ * MathF.Sin(bend));
            Vector3 dorsal = (out_ * MathF.Sin(bend)) - (Vector3.UnitZ * MathF.Cos(bend));
            Vector3 to = from + (way * FingerLengths[f][j] * length);
            float end = Radii[f][j + 1] * flesh;
            Vector3 stop = j == 2 ? to - (way * end) : to;
            bones.Add(new Bone(j == 0 ? Part.Root : Part.Segment, f + 1, j, from, stop, Radii[f][j] * flesh, end, dorsal));
            from = to;
        }
    }

    private static Vector3[] Chain(Vector3 root, ReadOnlySpan<Vector3> aims, float[] lengths, float scale)
    {
        Vector3[] joints = [root, root, root, root];
        for (int j = 0; j < 3; j++)
        {
            joints[j + 1] = joints[j] + (Vector3.Normalize(aims[j] - joints[j]) * lengths[j] * scale);
        }
        return joints;
    }

    private static Vector3 Across(Vector3 wanted, Vector3 axis)
    {
        axis = Vector3.Normalize(axis);
        return Vector3.Normalize(wanted - (axis * Vector3.Dot(wanted, axis)));
    }
}
