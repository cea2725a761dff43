using System.Numerics;

namespace SignData.Vision.Synthesis;

/// <summary>How one finger is bent, in degrees; 0 everywhere is straight in the plane of the palm.</summary>
/// <param name="Knuckle">Flexion at the metacarpophalangeal joint, towards the palm.</param>
/// <param name="Spread">Towards the thumb's side; negative towards the little finger's.</param>
/// <param name="Middle">Flexion at the proximal interphalangeal joint.</param>
/// <param name="Tip">Flexion at the distal interphalangeal joint.</param>
internal readonly record struct Finger(float Knuckle, float Spread, float Middle, float Tip)
{
    public static Finger Lerp(Finger a, Finger b, float t) => new(
        float.Lerp(a.Knuckle, b.Knuckle, t), float.Lerp(a.Spread, b.Spread, t), float.Lerp(a.Middle, b.Middle, t), float.Lerp(a.Tip, b.Tip, t));
}

/// <summary>
/// Where the thumb's three joints aim, in centimetres of the reference hand: x towards the thumb's side, y towards the
/// fingers, z out of the palm, the wrist at the origin. The bones keep their lengths and point where they are told.
/// </summary>
/// <param name="Knuckle">The metacarpophalangeal joint.</param>
/// <param name="Middle">The interphalangeal joint.</param>
/// <param name="Tip">The tip.</param>
internal readonly record struct Thumb(Vector3 Knuckle, Vector3 Middle, Vector3 Tip)
{
    public static Thumb Lerp(Thumb a, Thumb b, float t) => new(
        Vector3.Lerp(a.Knuckle, b.Knuckle, t), Vector3.Lerp(a.Middle, b.Middle, t), Vector3.Lerp(a.Tip, b.Tip, t));
}

/// <summary>A posed hand: five digits, how the signer turns it towards the viewer, and where the forearm comes from.</summary>
internal sealed record Handshape
{
    /// <summary>The four fingers from the index to the little one.</summary>
    public required Finger[] Fingers { get; init; }

    /// <summary>The thumb.</summary>
    public required Thumb Thumb { get; init; }

    /// <summary>Where straight fingers point, as the viewer sees a right hand (x right, y up, z to the viewer).</summary>
    public Vector3 Pointing { get; init; } = Vector3.UnitY;

    /// <summary>Where the palm faces, as the viewer sees a right hand.</summary>
    public Vector3 Facing { get; init; } = Vector3.UnitZ;

    /// <summary>From the hand's axes to the viewer's.</summary>
    public Quaternion Turn
    {
        get
        {
            Vector3 y = Vector3.Normalize(Pointing), x = Vector3.Normalize(Vector3.Cross(y, Facing)), z = Vector3.Cross(x, y);
            return Quaternion.CreateFromRotationMatrix(new Matrix4x4(x.X, x.Y, x.Z, 0, y.X, y.Y, y.Z, 0, z.X, z.Y, z.Z, 0, 0, 0, 0, 1));
        }
    }

    /// <summary>From the wrist along the forearm, as the viewer sees a right hand (x right, y up, z to the viewer); null continues the palm.</summary>
    public Vector3? Forearm { get; init; }

    /// <summary>The pose that lies between two, in its turn as well.</summary>
    public static Handshape Lerp(Handshape a, Handshape b, float t) => new()
    {
        Fingers = [.. a.Fingers.Zip(b.Fingers, (x, y) => Finger.Lerp(x, y, t))],
        Thumb = Thumb.Lerp(a.Thumb, b.Thumb, t),
        Pointing = Vector3.Lerp(a.Pointing, b.Pointing, t),
        Facing = Vector3.Lerp(a.Facing, b.Facing, t),
        Forearm = a.Forearm is null && b.Forearm is null ? null : Vector3.Lerp(a.Forearm ?? -a.Pointing, b.Forearm ?? -b.Pointing, t),
    };
}
