using System.Numerics;

namespace SignData.Vision.Synthesis;

/// <summary>How the camera sees the hand. Sizes are fractions, so that a view fits pictures of any size.</summary>
/// <param name="X">The hand's middle, as a fraction of the picture's width.</param>
/// <param name="Y">The hand's middle, as a fraction of the picture's height, from the top.</param>
/// <param name="Fill">The size of an open hand against the picture's height; about 0.5 to 0.8.</param>
/// <param name="Yaw">Degrees about the upright axis, beyond how the letter is shown anyway.</param>
/// <param name="Pitch">Degrees about the horizontal axis.</param>
/// <param name="Roll">Degrees in the picture, counter-clockwise.</param>
public readonly record struct View(float X, float Y, float Fill, float Yaw, float Pitch, float Roll)
{
    /// <summary>The hand in the middle, upright, seen as the letter is usually shown.</summary>
    public static View Centred { get; } = new(0.5f, 0.5f, 0.72f, 0, 0, 0);

    /// <summary>The view between two.</summary>
    internal static View Lerp(View a, View b, float t) => new(
        float.Lerp(a.X, b.X, t), float.Lerp(a.Y, b.Y, t), float.Lerp(a.Fill, b.Fill, t),
        float.Lerp(a.Yaw, b.Yaw, t), float.Lerp(a.Pitch, b.Pitch, t), float.Lerp(a.Roll, b.Roll, t));

    /// <summary>Yaw first, then pitch, then roll, in degrees; for column vectors.</summary>
    internal static Quaternion Rotation(float yaw, float pitch, float roll)
    {
        const float Radians = MathF.PI / 180;
        return Quaternion.CreateFromAxisAngle(Vector3.UnitZ, roll * Radians)
            * Quaternion.CreateFromAxisAngle(Vector3.UnitX, pitch * Radians)
            * Quaternion.CreateFromAxisAngle(Vector3.UnitY, yaw * Radians);
    }
}
