using System.Numerics;
using SignData.Dataset.Batches;

namespace SignData.Dataset.Augmenting.Steps;

/// <summary>A window beside the signer: bright and bluish on one side, dim and warm on the other, steep near the window.</summary>
public sealed record Window : AugmentStep
{
    /// <summary>How strong it is: the bright side is 1 + this times as bright, the dark one 1 - half of this.</summary>
    [Within(0, 1.6)]
    public Interval Strength { get; init; } = new(0.2f, 0.9f);

    /// <inheritdoc/>
    public override void Apply(ref SampleRandom random, Rendering picture)
    {
        float strength = Strength.Draw(ref random), angle = random.Next(-MathF.PI, MathF.PI), steep = random.Next(1, 3.5f);
        Span<float> field = picture.LightField(out int rows);
        int size = picture.Size;
        Vector2 along = new Vector2(MathF.Cos(angle), MathF.Sin(angle) * 0.6f) / size;
        float[] curve = Shapes.Power(steep);
        for (int j = 0; j < rows; j++)
        {
            float v = ((j * picture.LightSpacing) - (size / 2f)) * along.Y;
            for (int i = 0; i < size; i++)
            {
                field[(j * size) + i] = Shapes.Look(curve, ((i - (size / 2f)) * along.X) + v + 0.5f);
            }
        }
        float dim = 1 - (strength / 2);
        picture.Light(dim * new Vector3(1.04f, 1, 0.95f), (1 + strength) * new Vector3(0.96f, 1, 1.06f));
        picture.Note(this, ("strength", strength), ("degrees", angle * 180 / MathF.PI));
    }
}
