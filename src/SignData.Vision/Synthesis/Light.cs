using System.Numerics;

namespace SignData.Vision.Synthesis;

/// <summary>One key light and what the room throws back. Colours are linear light; 1 lights a white wall to white.</summary>
/// <param name="Name">What the truth calls it.</param>
/// <param name="Direction">Towards the light: x to the picture's right, y up, z to the viewer.</param>
/// <param name="Key">The key light's colour times its strength.</param>
/// <param name="Above">The ambient light that comes from above.</param>
/// <param name="Below">The ambient light that comes from below.</param>
public sealed record Light(string Name, Vector3 Direction, Vector3 Key, Vector3 Above, Vector3 Below)
{
    /// <summary>Every kind of light that clips are made in.</summary>
    public static IReadOnlyList<Light> All { get; } =
    [
        new("daylight", new(-0.5f, 0.6f, 0.65f), new(0.80f, 0.80f, 0.78f), new(0.34f, 0.37f, 0.42f), new(0.20f, 0.19f, 0.17f)),
        new("lamp", new(0.65f, 0.35f, 0.65f), new(1.00f, 0.76f, 0.50f), new(0.26f, 0.22f, 0.18f), new(0.16f, 0.12f, 0.09f)),
        new("office", new(0.1f, 0.85f, 0.5f), new(0.70f, 0.76f, 0.76f), new(0.36f, 0.39f, 0.40f), new(0.22f, 0.23f, 0.24f)),
        new("window", new(-0.85f, 0.3f, 0.4f), new(0.85f, 0.92f, 1.05f), new(0.24f, 0.27f, 0.32f), new(0.15f, 0.15f, 0.16f)),
        new("evening", new(0.6f, 0.2f, 0.75f), new(0.95f, 0.62f, 0.42f), new(0.22f, 0.22f, 0.30f), new(0.13f, 0.11f, 0.12f)),
        new("dim", new(0.3f, 0.7f, 0.6f), new(0.58f, 0.56f, 0.53f), new(0.23f, 0.24f, 0.26f), new(0.13f, 0.13f, 0.13f)),
    ];

    /// <summary>Even daylight, for a reference picture.</summary>
    public static Light Studio { get; } = All[0] with { Name = "studio", Direction = new(-0.4f, 0.55f, 0.75f) };
}
