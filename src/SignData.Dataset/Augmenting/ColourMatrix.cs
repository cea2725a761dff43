using System.Numerics;

namespace SignData.Dataset.Augmenting;

/// <summary>What each channel becomes: weights of R, G and B and a constant, in units of 0..255.</summary>
/// <param name="Red">Of red.</param>
/// <param name="Green">Of green.</param>
/// <param name="Blue">Of blue.</param>
public readonly record struct ColourMatrix(Vector4 Red, Vector4 Green, Vector4 Blue)
{
    /// <summary>BT.601, as JPEG, OpenCV and torchvision weigh grey.</summary>
    public static Vector3 Luma { get; } = new(0.299f, 0.587f, 0.114f);

    /// <summary>Colours stay.</summary>
    public static ColourMatrix Identity { get; } = new(Vector4.UnitX, Vector4.UnitY, Vector4.UnitZ);

    /// <summary>Whether no channel looks at another.</summary>
    public bool IsDiagonal => Red.Y == 0 && Red.Z == 0 && Green.X == 0 && Green.Z == 0 && Blue.X == 0 && Blue.Y == 0;

    /// <summary>Each channel by itself: multiplied, then shifted.</summary>
    /// <param name="gain">The factors of R, G, B.</param>
    /// <param name="offset">What is added.</param>
    public static ColourMatrix Diagonal(Vector3 gain, Vector3 offset) => new(new(gain.X, 0, 0, offset.X), new(0, gain.Y, 0, offset.Y), new(0, 0, gain.Z, offset.Z));

    /// <summary>All channels alike.</summary>
    /// <param name="gain">The factor.</param>
    /// <param name="offset">What is added.</param>
    public static ColourMatrix Alike(float gain, float offset) => Diagonal(new(gain), new(offset));

    /// <summary>First the other, then this.</summary>
    /// <param name="first">What is applied first.</param>
    public ColourMatrix After(ColourMatrix first)
    {
        Vector4 Row(Vector4 own) => (own.X * first.Red) + (own.Y * first.Green) + (own.Z * first.Blue) + new Vector4(0, 0, 0, own.W);
        return new(Row(Red), Row(Green), Row(Blue));
    }

    /// <summary>Writes 3 x 4 values, row by row.</summary>
    /// <param name="target">12 floats.</param>
    public void CopyTo(Span<float> target)
    {
        Red.CopyTo(target);
        Green.CopyTo(target[4..]);
        Blue.CopyTo(target[8..]);
    }
}
