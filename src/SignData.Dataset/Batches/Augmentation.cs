using System.Numerics;
using SignData.Core;

namespace SignData.Dataset.Batches;

/// <summary>How much a picture may be changed before it is learnt from: crops, flips, rotation and colour jitter.</summary>
public sealed record Augmentation
{
    /// <summary>The least of the picture that a crop shows, as a fraction of its sides.</summary>
    public float MinCrop { get; init; } = 1;

    /// <summary>The most that a crop shows; above 1 the picture shrinks and its border is continued.</summary>
    public float MaxCrop { get; init; } = 1;

    /// <summary>Width over height of a crop lies within e^+-this.</summary>
    public float Aspect { get; init; }

    /// <summary>The most that a crop's centre moves beyond what keeps it inside the picture, in shorter sides.</summary>
    public float Shift { get; init; }

    /// <summary>The chance of a mirrored picture: a left-handed signer makes the same letters mirrored.</summary>
    public float Flip { get; init; }

    /// <summary>The most that a picture is turned either way, in degrees. Far turns make other letters: G and Q, K and P.</summary>
    public float Rotation { get; init; }

    /// <summary>Brightness is multiplied by 1 +- this.</summary>
    public float Brightness { get; init; }

    /// <summary>Contrast about mid grey is multiplied by 1 +- this.</summary>
    public float Contrast { get; init; }

    /// <summary>Saturation is multiplied by 1 +- this.</summary>
    public float Saturation { get; init; }

    /// <summary>Hue turns by at most this fraction of the circle.</summary>
    public float Hue { get; init; }

    /// <summary>The gain of each channel (white balance) varies by 1 +- this.</summary>
    public float Balance { get; init; }

    /// <summary>The exponent of all channels lies within e^+-this.</summary>
    public float Gamma { get; init; }

    /// <summary>Pictures as they are.</summary>
    public static Augmentation None { get; } = new();

    /// <summary>About what a torchvision script does: crops, mirrors, 12 degrees, colour jitter.</summary>
    public static Augmentation Light { get; } = new()
    {
        MinCrop = 0.77f, MaxCrop = 1, Aspect = 0.29f, Flip = 0.5f, Rotation = 12,
        Brightness = 0.4f, Contrast = 0.4f, Saturation = 0.3f, Hue = 0.05f,
    };

    /// <summary>The trainer's default: wider crops and light, for other rooms and cameras.</summary>
    public static Augmentation Standard { get; } = new()
    {
        MinCrop = 0.65f, MaxCrop = 1.3f, Aspect = 0.2f, Shift = 0.1f, Flip = 0.5f, Rotation = 15,
        Brightness = 0.4f, Contrast = 0.5f, Saturation = 0.6f, Hue = 0.05f, Balance = 0.15f, Gamma = 0.4f,
    };

    /// <summary>The names that <see cref="Named"/> knows.</summary>
    public static IReadOnlyList<string> Names { get; } = ["none", "light", "standard"];

    /// <summary>An augmentation by its name.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <exception cref="InputException">There is none of that name.</exception>
    public static Augmentation Named(string name) => name switch
    {
        "none" => None,
        "light" => Light,
        "standard" => Standard,
        _ => throw new InputException($"No augmentation is named '{name}'; choose among {string.Join(", ", Names)}."),
    };

    /// <summary>Draws one view of a picture.</summary>
    /// <param name="random">Where the draw comes from.</param>
    /// <param name="width">The picture's width in pixels.</param>
    /// <param name="height">The picture's height in pixels.</param>
    public View Draw(ref SampleRandom random, int width, int height)
    {
        Vector2 extent = View.Extent(width, height);
        float crop = MinCrop + ((MaxCrop - MinCrop) * random.NextUnit());
        float stretch = MathF.Exp(random.Next(-Aspect, Aspect) / 2);
        Vector2 shown = crop * extent * new Vector2(stretch, 1 / stretch), reach = Vector2.Abs(extent - shown) / 2;
        Vector2 centre = new(random.Next(-1, 1) * (reach.X + Shift), random.Next(-1, 1) * (reach.Y + Shift));
        bool flip = random.NextUnit() < Flip;
        float turn = random.Next(-Rotation, Rotation) * MathF.PI / 180;
        if (this == None)
        {
            return View.Whole(width, height);
        }
        Matrix3x2 map = Matrix3x2.CreateScale(flip ? -shown.X : shown.X, shown.Y)
            * Matrix3x2.CreateRotation(turn) * Matrix3x2.CreateTranslation(centre);
        (Vector4 red, Vector4 green, Vector4 blue) = Colour(ref random);
        return new View(map, red, green, blue, Gamma > 0 ? MathF.Exp(random.Next(-Gamma, Gamma)) : 1);
    }

    private (Vector4 Red, Vector4 Green, Vector4 Blue) Colour(ref SampleRandom random)
    {
        const float midGrey = 114; // ImageNet's mean luma, 0.449 of 255.
        float brightness = 1 + random.Next(-Brightness, Brightness), contrast = 1 + random.Next(-Contrast, Contrast);
        float saturation = 1 + random.Next(-Saturation, Saturation), hue = random.Next(-Hue, Hue) * 2 * MathF.PI;
        Vector3 gain = new(1 + random.Next(-Balance, Balance), 1 + random.Next(-Balance, Balance), 1 + random.Next(-Balance, Balance));
        // Hue turns and saturation scales the plane across the grey axis; luma (BT.601) is what stays.
        Vector3 luma = new(0.299f, 0.587f, 0.114f);
        float cos = saturation * MathF.Cos(hue), sin = saturation * MathF.Sin(hue) / MathF.Sqrt(3);
        Vector3 acrossR = new(0, -1, 1), acrossG = new(1, 0, -1), acrossB = new(-1, 1, 0);
        Vector3 drift = (luma.X * acrossR) + (luma.Y * acrossG) + (luma.Z * acrossB);
        Vector3 Turned(Vector3 own, Vector3 across) => luma + (cos * (own - luma)) + (sin * (across - drift));
        Vector3 r = Turned(Vector3.UnitX, acrossR), g = Turned(Vector3.UnitY, acrossG), b = Turned(Vector3.UnitZ, acrossB);
        float scale = brightness * contrast, offset = brightness * midGrey * (1 - contrast);
        return (new(r * (scale * gain.X), offset), new(g * (scale * gain.Y), offset), new(b * (scale * gain.Z), offset));
    }
}
