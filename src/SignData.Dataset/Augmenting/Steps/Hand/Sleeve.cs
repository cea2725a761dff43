using System.Numerics;
using SignData.Dataset.Batches;

namespace SignData.Dataset.Augmenting.Steps;

/// <summary>
/// Dresses the arm: behind the wrist, also where it goes on beyond its picture, it becomes a sleeve. It belongs after steps that change what is behind the hand.
/// Pictures in which the hand is not found for sure, or no arm leaves it, are left alone.
/// </summary>
public sealed record Sleeve : AugmentStep
{
    // Fewer pixels tell no direction.
    private const int Fewest = 12;

    /// <inheritdoc/>
    public override bool NeedsHand => true;

    /// <summary>Its width at the cuff, in widths of the arm.</summary>
    [Within(1, 4)]
    public Interval Width { get; init; } = new(1.15f, 1.8f);

    /// <inheritdoc/>
    public override void Apply(ref SampleRandom random, Rendering picture)
    {
        float width = Width.Draw(ref random), back = random.NextUnit(), flare = random.Next(0, 0.3f), light = random.Next(-0.3f, 0.3f), curve = random.Next(0, 0.4f);
        Vector3 cloth = random.NextUnit() < 0.25f
            ? random.Next(0.6f, 1) * Colour(Tones.Monk[random.Next(Tones.Monk.Count)])
            : new Vector3(random.Next(15, 235)) + (40 * new Vector3(random.NextNormal(), random.NextNormal(), random.NextNormal()));
        int size = picture.Size;
        ReadOnlySpan<byte> arm = picture.Hand;
        if (arm.IsEmpty || Arm.Of(arm, picture.SeenHand, size) is not { } found)
        {
            return;
        }
        Span<byte> pixels = picture.Pixels;
        // From the wrist to as far behind it as the arm is broad.
        Vector2 cuff = found.Cuff + (back * found.Width * found.Along);
        for (int y = 0; y < size; y++)
        {
            for (int x = 0; x < size; x++)
            {
                Vector2 p = new Vector2(x, y) - cuff;
                float along = Vector2.Dot(p, found.Along), across = Vector2.Dot(p, new Vector2(-found.Along.Y, found.Along.X));
                float half = (width * found.Width / 2) + (flare * Math.Max(0, along)), u = across / half, behind = along - (curve * half * (1 - (u * u)));
                float cover = Math.Min(Math.Clamp(behind + 0.5f, 0, 1), Math.Clamp(half - Math.Abs(across) + 0.5f, 0, 1));
                if (cover > 0)
                {
                    Vector3 shaded = cloth * (1 - (0.3f * u * u) + (light * u) + (0.05f * MathF.Sin((0.7f * along) + (2 * u))));
                    int i = ((y * size) + x) * 3;
                    Vector3 mixed = Vector3.Clamp(Vector3.Lerp(new(pixels[i], pixels[i + 1], pixels[i + 2]), shaded, cover), Vector3.Zero, new(255));
                    (pixels[i], pixels[i + 1], pixels[i + 2]) = ((byte)mixed.X, (byte)mixed.Y, (byte)mixed.Z);
                }
            }
        }
        picture.Note(this, ("width", width), ("x", cuff.X / size), ("y", cuff.Y / size));
    }

    private static Vector3 Colour(Tone tone) => new(tone.Red, tone.Green, tone.Blue);

    // Where the hand ends, which way the arm goes from there, and how broad it is, in pixels.
    private readonly record struct Arm(Vector2 Cuff, Vector2 Along, float Width)
    {
        public static Arm? Of(ReadOnlySpan<byte> all, ReadOnlySpan<byte> hand, int size)
        {
            Vector2 hands = Vector2.Zero, arms = Vector2.Zero;
            int handCount = 0, armCount = 0;
            for (int i = 0; i < all.Length; i++)
            {
                if (hand[i] >= 128)
                {
                    (hands, handCount) = (hands + new Vector2(i % size, i / size), handCount + 1);
                }
                else if (all[i] >= 128)
                {
                    (arms, armCount) = (arms + new Vector2(i % size, i / size), armCount + 1);
                }
            }
            if (handCount < Fewest || armCount < Fewest)
            {
                return null;
            }
            hands /= handCount;
            Vector2 along = Vector2.Normalize((arms / armCount) - hands);
            float end = 0;
            for (int i = 0; i < hand.Length; i++)
            {
                end = hand[i] >= 128 ? Math.Max(end, Vector2.Dot(new Vector2(i % size, i / size) - hands, along)) : end;
            }
            (Vector2 wrist, int wrists, float part) = (Vector2.Zero, 0, Math.Max(2, 0.15f * end));
            for (int i = 0; i < hand.Length; i++)
            {
                Vector2 p = new(i % size, i / size);
                if (hand[i] >= 128 && Vector2.Dot(p - hands, along) > end - part)
                {
                    (wrist, wrists) = (wrist + p, wrists + 1);
                }
            }
            wrist /= wrists;
            return new Arm(wrist + (along * part / 2), Vector2.Normalize((arms / armCount) - wrist), wrists / part);
        }
    }
}
