using SignData.Dataset.Batches;
using SignData.Vision.Retouching;

namespace SignData.Dataset.Augmenting.Steps;

/// <summary>
/// Puts another background behind the hand: gradients, clouds of colour, shelves of boxes, drawn anew each time.
/// Pictures in which the hand is not found for sure keep theirs; one that is known to show no hand becomes another background.
/// </summary>
public sealed record Background : AugmentStep
{
    private const int MostCells = 24;

    /// <inheritdoc/>
    public override bool NeedsHand => true;

    /// <inheritdoc/>
    public override void Apply(ref SampleRandom random, Rendering picture)
    {
        int coarse = 2 + random.Next(4), fine = 6 + random.Next(MostCells - 6), boxes = random.NextUnit() < 0.45f ? 2 + random.Next(7) : 0;
        float share = random.Next(0.55f, 1), colour = random.NextUnit(), light = random.Next(30, 225), spread = random.Next(10, 90);
        ReadOnlySpan<byte> hand = picture.Hand;
        if (hand.IsEmpty)
        {
            return;
        }
        int size = picture.Size;
        Span<byte> pixels = picture.Pixels, behind = picture.Spare, detail = picture.Detail;
        Cells(ref random, picture, behind, coarse, light, spread, colour);
        Cells(ref random, picture, detail, fine, light, 0.4f * spread, colour);
        Retouch.Mix(behind, detail, share);
        for (int i = 0; i < boxes; i++)
        {
            Box(ref random, behind, size, colour);
        }
        Retouch.Blend(pixels, behind, picture.Hand);
        picture.Note(this, ("coarse", coarse), ("fine", fine), ("boxes", boxes), ("light", light));
    }

    private static void Cells(ref SampleRandom random, Rendering picture, Span<byte> target, int cells, float light, float spread, float colour)
    {
        Span<byte> lattice = stackalloc byte[MostCells * MostCells * 3];
        lattice = lattice[..(cells * cells * 3)];
        for (int i = 0; i < lattice.Length; i += 3)
        {
            float grey = light + (spread * random.NextNormal());
            for (int c = 0; c < 3; c++)
            {
                lattice[i + c] = (byte)Math.Clamp(grey + (colour * spread * random.NextNormal()), 0, 255);
            }
        }
        picture.Stretch(lattice, cells, target, picture.Size);
    }

    private static void Box(ref SampleRandom random, Span<byte> target, int size, float colour)
    {
        int width = 1 + random.Next(size / 2), height = 1 + random.Next(size), left = random.Next(size), top = random.Next(size);
        int grey = random.Next(256);
        byte Channel(ref SampleRandom random) => (byte)Math.Clamp(grey + (colour * 60 * random.NextNormal()), 0, 255);
        Tone tone = new(Channel(ref random), Channel(ref random), Channel(ref random));
        for (int y = top; y < Math.Min(size, top + height); y++)
        {
            tone.Fill(target.Slice(((y * size) + left) * 3, (Math.Min(size, left + width) - left) * 3));
        }
    }
}
