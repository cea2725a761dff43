using System.Numerics;
using SignData.Dataset.Batches;
using SignData.Vision.Retouching;

namespace SignData.Dataset.Augmenting.Steps;

/// <summary>Lights the hand alone by a smooth field, brighter or darker than what is behind it. Pictures in which the hand is not found for sure are left alone.</summary>
public sealed record HandLight : AugmentStep
{
    private const int Cells = 3;

    /// <inheritdoc/>
    public override bool NeedsHand => true;

    /// <summary>The light at each node of a 3 x 3 lattice, of what it was, halving as likely as doubling.</summary>
    [Within(0.1, 5)]
    public Interval Light { get; init; } = new(0.6f, 1.5f);

    /// <inheritdoc/>
    public override void Apply(ref SampleRandom random, Rendering picture)
    {
        Span<float> nodes = stackalloc float[Cells * Cells];
        foreach (ref float node in nodes)
        {
            node = Light.DrawRatio(ref random);
        }
        if (picture.Hand.IsEmpty)
        {
            return;
        }
        Span<byte> pixels = picture.Pixels, before = picture.Spare;
        pixels.CopyTo(before);
        Span<float> field = picture.LightField(out int rows);
        int size = picture.Size;
        for (int j = 0; j < rows; j++)
        {
            float v = Math.Min((float)j * picture.LightSpacing / size, 0.999f) * (Cells - 1);
            int row = (int)v;
            for (int i = 0; i < size; i++)
            {
                float u = (float)i / size * (Cells - 1);
                int cell = (row * Cells) + (int)u;
                float fx = u - (int)u, above = nodes[cell] + (fx * (nodes[cell + 1] - nodes[cell])), below = nodes[cell + Cells] + (fx * (nodes[cell + Cells + 1] - nodes[cell + Cells]));
                field[(j * size) + i] = above + ((v - row) * (below - above));
            }
        }
        picture.Light(Vector3.Zero, Vector3.One);
        Retouch.Blend(pixels, before, picture.Hand);
        picture.Note(this, ("middle", nodes[4]));
    }
}
