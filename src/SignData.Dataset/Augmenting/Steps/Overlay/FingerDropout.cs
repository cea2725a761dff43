using System.Numerics;
using SignData.Dataset.Batches;
using SignData.Vision.Retouching;

namespace SignData.Dataset.Augmenting.Steps;

/// <summary>
/// Lays fingers over the picture: chains of two or three bones as wide as fingers are against the picture, bent one way, entering from a side or not, by themselves
/// or side by side, rounded and lit like skin, with and without a nail. What is seen must then be told from what is left of the hand.
/// </summary>
public sealed record FingerDropout : AugmentStep
{
    // The index finger's bones against each other: proximal, middle, distal (Buryanov and Kotiuk 2010: 39.8, 22.4, 15.8 mm, and the flesh of the tip).
    private static readonly float[] Lengths = [0.46f, 0.28f, 0.26f];
    private static readonly float[] Radii = [1, 0.93f, 0.86f, 0.72f];

    /// <summary>How many fingers.</summary>
    [Within(1, 12)]
    public Interval Count { get; init; } = new(1, 3);

    /// <summary>A finger's width, in the picture's side.</summary>
    [Within(0.01, 0.5)]
    public Interval Width { get; init; } = new(0.06f, 0.12f);

    /// <summary>A finger's length, in its widths.</summary>
    [Within(1, 12)]
    public Interval Length { get; init; } = new(3.5f, 6);

    /// <summary>How far a joint is bent, in degrees.</summary>
    [Within(0, 90)]
    public Interval Bend { get; init; } = new(0, 40);

    /// <summary>Where their tones come from.</summary>
    public FingerTone Tone { get; init; } = FingerTone.Any;

    /// <inheritdoc/>
    public override void Apply(ref SampleRandom random, Rendering picture)
    {
        int count = Count.DrawWhole(ref random), size = picture.Size;
        Span<byte> pixels = picture.Pixels;
        Tone tone = Tones.Draw(Tone, ref random, pixels, size);
        float side = random.Next(-MathF.PI, MathF.PI), height = random.Next(0.55f, 0.9f), flat = MathF.Sqrt(1 - (height * height));
        Vector3 light = new(flat * MathF.Cos(side), -flat * MathF.Abs(MathF.Sin(side)), height);
        Pose pose = default;
        for (int i = 0; i < count; i++)
        {
            if (i == 0 || random.NextUnit() < 0.45f)
            {
                pose = Drawn(ref random, size);
                tone = i == 0 || Tone == FingerTone.Glove ? tone : Tones.Draw(Tone, ref random, pixels, size);
            }
            else
            {
                // The next finger of the same hand.
                Vector2 across = 2.04f * pose.Radius * new Vector2(-MathF.Sin(pose.Angle), MathF.Cos(pose.Angle));
                pose = pose with { Base = pose.Base + across, Length = pose.Length * random.Next(0.85f, 1.12f), Angle = pose.Angle + random.Next(-0.06f, 0.06f), Bend = pose.Bend * random.Next(0.7f, 1.3f) };
            }
            Draw(ref random, pixels, size, pose, tone, light);
        }
        picture.Note(this, ("count", count), ("width", 2 * pose.Radius / size), ("red", tone.Red), ("green", tone.Green), ("blue", tone.Blue));
    }

    private Pose Drawn(ref SampleRandom random, int size)
    {
        float width = Width.Draw(ref random) * size, length = Length.Draw(ref random) * width, bend = Bend.Draw(ref random) * MathF.PI / 180;
        bend = random.NextUnit() < 0.5f ? bend : -bend;
        float angle = random.Next(-MathF.PI, MathF.PI);
        Vector2 ahead = new(MathF.Cos(angle), MathF.Sin(angle));
        if (random.NextUnit() < 0.7f)
        {
            // From the side that the finger points away from, so that it looks in.
            float along = random.Next(0.1f, 0.9f) * size;
            Vector2 start = MathF.Abs(ahead.X) > MathF.Abs(ahead.Y) ? new(ahead.X > 0 ? 0 : size, along) : new(along, ahead.Y > 0 ? 0 : size);
            return new(start - (ahead * random.Next(0.5f, 0.5f * length)), angle, length, width / 2, bend);
        }
        return new(new Vector2(random.Next(0, size), random.Next(0, size)) - (ahead * length / 2), angle, length, width / 2, bend);
    }

    private static void Draw(ref SampleRandom random, Span<byte> pixels, int size, Pose pose, Tone tone, Vector3 light)
    {
        Span<Bone> bones = stackalloc Bone[3];
        Vector2 at = pose.Base;
        float angle = pose.Angle;
        for (int i = 0; i < bones.Length; i++)
        {
            Vector2 ahead = new(MathF.Cos(angle), MathF.Sin(angle)), next = at + (ahead * pose.Length * Lengths[i]);
            bones[i] = new(at.X, at.Y, pose.Radius * Radii[i], next.X, next.Y, pose.Radius * Radii[i + 1]);
            (at, angle) = (next, angle + (pose.Bend * (i == 0 ? 1 : 0.7f)));
        }
        float softness = Math.Max(1, 0.006f * size);
        uint grain = (uint)random.NextBits();
        Retouch.Finger(pixels, size, bones, new Skin(tone.Red, tone.Green, tone.Blue, light.X, light.Y, light.Z, softness, 0.2f), grain);
        if (random.NextUnit() < 0.5f && !tone.IsGlove)
        {
            Bone tip = bones[2];
            Vector2 from = new(tip.FromX, tip.FromY), along = new Vector2(tip.ToX, tip.ToY) - from, a = from + (0.62f * along), b = from + (1.08f * along);
            Bone nail = new(a.X, a.Y, tip.ToRadius * 0.56f, b.X, b.Y, tip.ToRadius * 0.6f);
            Retouch.Finger(pixels, size, [nail], new Skin((tone.Red * 0.8f) + 54, (tone.Green * 0.8f) + 38, (tone.Blue * 0.8f) + 36, light.X, light.Y, light.Z, softness * 1.5f, 0), grain);
        }
    }

    private readonly record struct Pose(Vector2 Base, float Angle, float Length, float Radius, float Bend);
}
