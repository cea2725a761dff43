using System.Numerics;
using SignData.Dataset.Batches;

namespace SignData.Dataset.Augmenting.Steps;

/// <summary>
/// Dresses the arm: where it goes on beyond its picture, and as much of the forearm as lies behind the wrist, it becomes a sleeve, which is not of the hand's box. It belongs after
/// steps that change what is behind the hand. Pictures in which the hand is not found for sure, or no arm leaves it, are left alone.
/// </summary>
public sealed record Sleeve : AugmentStep
{
    // A hand from wrist to fingertips is two and a half to three times as long as its wrist is broad, a fist less.
    private const float HandOfWrist = 2.7f;

    // A sleeve that would cover more of what is seen comes from a direction that was mistaken.
    private const float MostOfHand = 0.4f;

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
        float width = Width.Draw(ref random), flare = random.Next(0, 0.3f), length = HandOfWrist * random.Next(0.9f, 1.3f), light = random.Next(-0.3f, 0.3f), curve = random.Next(0, 0.4f);
        Vector3 cloth = random.NextUnit() < 0.25f
            ? random.Next(0.6f, 1) * Colour(Tones.Monk[random.Next(Tones.Monk.Count)])
            : new Vector3(random.Next(15, 235)) + (40 * new Vector3(random.NextNormal(), random.NextNormal(), random.NextNormal()));
        int size = picture.Size;
        ReadOnlySpan<byte> arm = picture.Hand;
        if (arm.IsEmpty || Arm.Of(arm, picture.SeenHand, size, length) is not { } found)
        {
            return;
        }
        Span<byte> pixels = picture.Pixels, seen = picture.SeenHand;
        for (int y = 0; y < size; y++)
        {
            for (int x = 0; x < size; x++)
            {
                Vector2 p = new Vector2(x, y) - found.Cuff;
                float along = Vector2.Dot(p, found.Along), across = Vector2.Dot(p, new Vector2(-found.Along.Y, found.Along.X));
                float half = (width * found.Width / 2) + (flare * Math.Max(0, along)), u = across / half, behind = along - (curve * half * (1 - (u * u)));
                if (along >= 0)
                {
                    seen[(y * size) + x] = 0;
                }
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
        picture.Note(this, ("width", width), ("x", found.Cuff.X / size), ("y", found.Cuff.Y / size));
    }

    private static Vector3 Colour(Tone tone) => new(tone.Red, tone.Green, tone.Blue);

    // Where the arm is seen last before it is dressed, which way it goes from there, and how broad it is, in pixels.
    private readonly record struct Arm(Vector2 Cuff, Vector2 Along, float Width)
    {
        public static Arm? Of(ReadOnlySpan<byte> all, ReadOnlySpan<byte> seen, int size, float length)
        {
            Vector2 hand = Vector2.Zero, beyond = Vector2.Zero;
            int hands = 0, beyonds = 0;
            for (int i = 0; i < all.Length; i++)
            {
                if (seen[i] >= 128)
                {
                    (hand, hands) = (hand + new Vector2(i % size, i / size), hands + 1);
                }
                else if (all[i] >= 128)
                {
                    (beyond, beyonds) = (beyond + new Vector2(i % size, i / size), beyonds + 1);
                }
            }
            if (hands < Fewest || beyonds < Fewest)
            {
                return null;
            }
            (hand, beyond) = (hand / hands, beyond / beyonds);
            Vector2 along = Vector2.Normalize(beyond - hand);
            (float first, float last) = (float.MaxValue, float.MinValue);
            for (int i = 0; i < seen.Length; i++)
            {
                if (seen[i] >= 128)
                {
                    float t = Vector2.Dot(new Vector2(i % size, i / size) - hand, along);
                    (first, last) = (Math.Min(first, t), Math.Max(last, t));
                }
            }
            // The arm is as broad as the last part of what is seen of it, and goes through the middle of that.
            float part = Math.Max(2, 0.15f * (last - first));
            Vector2 end = Vector2.Zero;
            int ends = 0;
            for (int i = 0; i < seen.Length; i++)
            {
                Vector2 p = new(i % size, i / size);
                if (seen[i] >= 128 && Vector2.Dot(p - hand, along) > last - part)
                {
                    (end, ends) = (end + p, ends + 1);
                }
            }
            end /= ends;
            along = Vector2.Normalize(beyond - end);
            float width = ends / part, back = Math.Clamp(last - first - (length * width), 0, 0.4f * (last - first));
            Vector2 cuff = end + (along * ((part / 2) - back));
            int dressed = 0;
            for (int i = 0; i < seen.Length; i++)
            {
                dressed += seen[i] >= 128 && Vector2.Dot(new Vector2(i % size, i / size) - cuff, along) > 0 ? 1 : 0;
            }
            return dressed > MostOfHand * hands ? null : new Arm(cuff, along, width);
        }
    }
}
