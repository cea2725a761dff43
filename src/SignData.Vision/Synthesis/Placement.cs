using System.Numerics;

namespace SignData.Vision.Synthesis;

/// <summary>Where a posed hand lies in a picture: from centimetres of the hand to pixels (y down, z towards the viewer).</summary>
internal readonly struct Placement
{
    /// <summary>The camera's distance from the hand in centimetres: what makes near fingers larger.</summary>
    private const float Distance = 60;

    private readonly Quaternion turn;
    private readonly Vector3 pivot;
    private readonly float mirror;

    private Placement(Quaternion turn, Vector3 pivot, Vector2 centre, float scale, float mirror) =>
        (this.turn, this.pivot, Centre, Scale, this.mirror) = (turn, pivot, centre, scale, mirror);

    /// <summary>The hand's middle in pixels.</summary>
    public Vector2 Centre { get; }

    /// <summary>Pixels per centimetre at the hand's middle.</summary>
    public float Scale { get; }

    /// <summary>Puts the hand's middle where the view wants it.</summary>
    public static Placement Of(ReadOnlySpan<Bone> bones, Handshape shape, Signer signer, View view, int width, int height)
    {
        Quaternion facing = shape.Turn;
        Vector3 low = new(float.MaxValue), high = new(float.MinValue);
        foreach (Bone bone in bones)
        {
            if (bone.Part is not (Part.Forearm or Part.Sleeve))
            {
                Vector3 a = Vector3.Transform(bone.From, facing), b = Vector3.Transform(bone.To, facing);
                low = Vector3.Min(low, Vector3.Min(a - new Vector3(bone.FromRadius), b - new Vector3(bone.ToRadius)));
                high = Vector3.Max(high, Vector3.Max(a + new Vector3(bone.FromRadius), b + new Vector3(bone.ToRadius)));
            }
        }
        // Closed hands are filmed from a little nearer than open ones, as people do.
        const float Open = 18;
        float extent = (0.4f * Open) + (0.6f * MathF.Max(high.Y - low.Y, 0.9f * (high.X - low.X)));
        Vector3 pivot = Vector3.Transform(0.5f * (low + high), Quaternion.Conjugate(facing));
        // A left hand is the mirror image; mirroring turns yaw and roll around, so that the view means what it says.
        float mirror = signer.LeftHanded ? -1 : 1;
        Quaternion turn = View.Rotation(view.Yaw * mirror, view.Pitch, view.Roll * mirror) * facing;
        return new Placement(turn, pivot, new Vector2(view.X * width, view.Y * height), view.Fill * height / extent, mirror);
    }

    /// <summary>A point in pixels, and how much larger than at the middle things are there.</summary>
    public Vector3 Point(Vector3 local, out float magnified)
    {
        Vector3 seen = Direction(local - pivot);
        magnified = Distance / (Distance - seen.Z);
        return (seen * new Vector3(1, -1, 1) * (Scale * magnified)) + new Vector3(Centre, 0);
    }

    /// <summary>A direction as the viewer sees it, y up.</summary>
    public Vector3 Direction(Vector3 local) => Vector3.Transform(local, turn) * new Vector3(mirror, 1, 1);

    /// <summary>About where in the hand a pixel's point lies, in centimetres.</summary>
    public Vector3 Local(Vector3 pixel)
    {
        Vector3 seen = (pixel - new Vector3(Centre, 0)) / Scale * new Vector3(mirror, -1, 1);
        return Vector3.Transform(seen, Quaternion.Conjugate(turn)) + pivot;
    }
}
