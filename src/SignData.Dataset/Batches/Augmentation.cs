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

    /// <summary>The most that is added to or taken from all channels, as a fraction of white: haze, and pictures too dark.</summary>
    public float Lift { get; init; }

    /// <summary>The light falls off across the picture by at most e^this from one side to the other.</summary>
    public float Shade { get; init; }

    /// <summary>What the milder pictures are drawn by, and what a training run begins with; null draws all alike.</summary>
    public Augmentation? Milder { get; init; }

    /// <summary>The chance that a picture is drawn by <see cref="Milder"/>.</summary>
    public float MilderShare { get; init; }

    /// <summary>
    /// The part of a training run over which the changes grow from <see cref="Milder"/> to this: strong ones from the first
    /// step on keep a network from learning anything.
    /// </summary>
    public float Growth { get; init; }

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

    /// <summary>For other people, rooms and cameras: hands small and off-centre, haze, coloured and uneven light.</summary>
    public static Augmentation Strong { get; } = new()
    {
        MinCrop = 0.65f, MaxCrop = 2f, Aspect = 0.3f, Shift = 0.15f, Flip = 0.5f, Rotation = 20,
        Brightness = 0.5f, Contrast = 0.65f, Saturation = 0.85f, Hue = 0.06f, Balance = 0.3f, Gamma = 0.7f, Lift = 0.25f, Shade = 0.8f,
        Milder = Standard, MilderShare = 0.5f, Growth = 0.6f,
    };

    /// <summary>The names that <see cref="Named"/> knows.</summary>
    public static IReadOnlyList<string> Names { get; } = ["none", "light", "standard", "strong"];

    /// <summary>An augmentation by its name.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <exception cref="InputException">There is none of that name.</exception>
    public static Augmentation Named(string name) => name switch
    {
        "none" => None,
        "light" => Light,
        "standard" => Standard,
        "strong" => Strong,
        _ => throw new InputException($"No augmentation is named '{name}'; choose among {string.Join(", ", Names)}."),
    };

    /// <summary>What a training run applies at some point of its course: see <see cref="Growth"/>.</summary>
    /// <param name="part">The part of the run that lies behind, 0 to 1.</param>
    public Augmentation After(float part)
    {
        float t = Growth > 0 ? Math.Clamp(part / Growth, 0, 1) : 1;
        if (Milder is not { } from || t >= 1)
        {
            return this;
        }
        float Blend(float low, float high) => low + (t * (high - low));
        return this with
        {
            MinCrop = Blend(from.MinCrop, MinCrop),
            MaxCrop = Blend(from.MaxCrop, MaxCrop),
            Aspect = Blend(from.Aspect, Aspect),
            Shift = Blend(from.Shift, Shift),
            Flip = Blend(from.Flip, Flip),
            Rotation = Blend(from.Rotation, Rotation),
            Brightness = Blend(from.Brightness, Brightness),
            Contrast = Blend(from.Contrast, Contrast),
            Saturation = Blend(from.Saturation, Saturation),
            Hue = Blend(from.Hue, Hue),
            Balance = Blend(from.Balance, Balance),
            Gamma = Blend(from.Gamma, Gamma),
            Lift = Blend(from.Lift, Lift),
            Shade = Blend(from.Shade, Shade),
        };
    }

    /// <summary>Draws one view of a picture.</summary>
    /// <param name="random">Where the draw comes from.</param>
    /// <param name="width">The picture's width in pixels.</param>
    /// <param name="height">The picture's height in pixels.</param>
    public View Draw(ref SampleRandom random, int width, int height)
    {
        if (Milder is { } milder && random.NextUnit() < MilderShare)
        {
            return milder.Draw(ref random, width, height);
        }
        Vector2 extent = View.Extent(width, height);
        float crop = MinCrop * MathF.Pow(MaxCrop / MinCrop, random.NextUnit());
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
        float gamma = Gamma > 0 ? MathF.Exp(random.Next(-Gamma, Gamma)) : 1;
        Vector4 lift = 255 * random.Next(-Lift, Lift) * Vector4.UnitW;
        return new View(map, red + lift, green + lift, blue + lift, gamma) { Shade = new Vector2(random.Next(-Shade, Shade), random.Next(-Shade, Shade)) };
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
