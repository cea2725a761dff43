using System.Numerics;
using SignData.Dataset.Batches;
using SignData.Vision.Retouching;

namespace SignData.Dataset.Augmenting.Steps;

/// <summary>
/// Draws a person behind the hand, as a webcam shows who signs: shoulders, neck, head, hair, as large as the hand makes likely, and as often as not of the hand's colour.
/// Who looks for the hand must not take a face for it. Pictures in which the hand is not found for sure are left alone, those known to show none get a person of any size.
/// </summary>
public sealed record Person : AugmentStep
{
    /// <inheritdoc/>
    public override bool NeedsHand => true;

    /// <summary>The head's height, in longer sides of what is seen of hand and forearm.</summary>
    [Within(0.2, 4)]
    public Interval Head { get; init; } = new(0.5f, 1.6f);

    /// <inheritdoc/>
    public override void Apply(ref SampleRandom random, Rendering picture)
    {
        float head = Head.DrawRatio(ref random), across = random.NextUnit(), down = random.NextUnit();
        bool own = random.NextUnit() < 0.5f;
        Tone drawn = Tones.Monk[random.Next(Tones.Monk.Count)];
        ReadOnlySpan<byte> hand = picture.Hand;
        if (hand.IsEmpty)
        {
            return;
        }
        int size = picture.Size;
        float height = head * size * (HandBox.Around(hand, size)?.Side ?? random.Next(0.2f, 0.9f));
        Vector3 skin = own && Tones.Mean(picture.Pixels, hand) is { } mean ? mean * random.Next(0.75f, 1.3f) : random.Next(0.5f, 1) * new Vector3(drawn.Red, drawn.Green, drawn.Blue);
        Span<byte> pixels = picture.Pixels, behind = picture.Spare;
        pixels.CopyTo(behind);
        // Heads are in the upper half as a rule, hands anywhere before and beside them.
        Figure figure = new(behind, size, new Vector2(size * ((1.4f * across) - 0.2f), size * ((0.9f * down) - 0.2f)), height, Turn(0.12f * random.NextNormal()), Turn(MathF.PI * random.NextUnit()));
        Draw(ref random, figure, skin);
        Retouch.Blend(pixels, behind, picture.Hand);
        picture.Note(this, ("head", height / size), ("x", across), ("y", down));
    }

    // Places and radii are in heights of the head from its middle: a face seen from the front, its features where drawing schools put them (eyes half way down, shoulders three heads wide).
    private static void Draw(ref SampleRandom random, Figure figure, Vector3 skin)
    {
        Vector3 cloth = Colour(ref random, random.Next(20, 230), 40), hair = Colour(ref random, random.Next(10, 130), 12) * new Vector3(1.15f, 1, 0.8f), dark = 0.35f * skin;
        float face = random.Next(0.34f, 0.42f), slope = random.Next(0.45f, 0.7f), turned = random.Next(-0.1f, 0.1f);
        bool longHair = random.NextUnit() < 0.4f, beard = random.NextUnit() < 0.15f;
        if (longHair)
        {
            figure.Ellipse(new(0, 0.15f), new(face + 0.14f, random.Next(0.6f, 1)), hair);
        }
        figure.Ellipse(new(0, 2.3f), new(random.Next(1.1f, 1.6f), (1.6f * slope) + 0.5f), cloth);
        figure.Ellipse(new(0, 0.55f), new(0.2f, 0.35f), 0.85f * skin);
        figure.Ellipse(new(0, -0.12f), new(face + 0.05f, random.Next(0.42f, 0.5f)), hair);
        figure.Ellipse(new(turned, 0.05f), new(face, 0.47f), skin);
        if (beard)
        {
            figure.Ellipse(new(turned, 0.33f), new(0.8f * face, 0.2f), Vector3.Lerp(skin, hair, 0.7f));
        }
        foreach (int side in (ReadOnlySpan<int>)[-1, 1])
        {
            figure.Ellipse(new((1.5f * turned) + (side * 0.15f), -0.04f), new(0.06f, 0.028f), dark);
            figure.Ellipse(new((1.5f * turned) + (side * 0.15f), -0.13f), new(0.09f, 0.018f), Vector3.Lerp(skin, hair, 0.6f));
        }
        figure.Ellipse(new(2 * turned, 0.11f), new(0.05f, 0.07f), 0.86f * skin);
        figure.Ellipse(new(1.5f * turned, 0.27f), new(0.11f, 0.03f), skin * new Vector3(0.75f, 0.5f, 0.5f));
    }

    private static Vector3 Colour(ref SampleRandom random, float grey, float spread) => new Vector3(grey) + (spread * new Vector3(random.NextNormal(), random.NextNormal(), random.NextNormal()));

    private static Vector2 Turn(float angle) => new(MathF.Cos(angle), MathF.Sin(angle));

    // What is drawn into: the middle of the head in pixels, its height, how it is tilted, where light comes from.
    private readonly ref struct Figure(Span<byte> target, int size, Vector2 middle, float height, Vector2 tilt, Vector2 light)
    {
        private readonly Span<byte> target = target;

        public void Ellipse(Vector2 centre, Vector2 radii, Vector3 colour)
        {
            Vector2 at = middle + (height * new Vector2((centre.X * tilt.X) - (centre.Y * tilt.Y), (centre.X * tilt.Y) + (centre.Y * tilt.X))), r = Vector2.Max(height * radii, new(0.5f));
            float reach = Math.Max(r.X, r.Y), soft = 0.75f / Math.Min(r.X, r.Y);
            int left = (int)Math.Clamp(at.X - reach, 0, size), right = (int)Math.Clamp(at.X + reach + 2, 0, size), top = (int)Math.Clamp(at.Y - reach, 0, size), bottom = (int)Math.Clamp(at.Y + reach + 2, 0, size);
            for (int y = top; y < bottom; y++)
            {
                for (int x = left; x < right; x++)
                {
                    Vector2 d = new Vector2(x, y) - at, u = new Vector2((d.X * tilt.X) + (d.Y * tilt.Y), (d.Y * tilt.X) - (d.X * tilt.Y)) / r;
                    float far = u.LengthSquared();
                    if (far >= 1 + soft)
                    {
                        continue;
                    }
                    // Rounded: darker towards the outline, brighter on the side of the light.
                    float shade = 1 - (0.2f * far) + (0.2f * Vector2.Dot(u, light)), cover = Math.Min(1, (1 + soft - far) / (2 * soft));
                    Vector3 shaded = Vector3.Clamp(colour * shade, Vector3.Zero, new(255));
                    int i = ((y * size) + x) * 3;
                    target[i] = (byte)(target[i] + (cover * (shaded.X - target[i])));
                    target[i + 1] = (byte)(target[i + 1] + (cover * (shaded.Y - target[i + 1])));
                    target[i + 2] = (byte)(target[i + 2] + (cover * (shaded.Z - target[i + 2])));
                }
            }
        }
    }
}
