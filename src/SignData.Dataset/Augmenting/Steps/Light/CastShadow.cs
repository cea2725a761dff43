using System.Numerics;
using SignData.Dataset.Batches;

namespace SignData.Dataset.Augmenting.Steps;

/// <summary>Something out of sight throws its shadow: a half plane or a band with a soft edge, of any direction.</summary>
public sealed record CastShadow : AugmentStep
{
    /// <summary>How much light is left in the shadow.</summary>
    [Within(0, 1)]
    public Interval Light { get; init; } = new(0.35f, 0.8f);

    /// <summary>How wide the edge is, in the picture's side.</summary>
    [Within(0.01, 1)]
    public Interval Softness { get; init; } = new(0.02f, 0.2f);

    /// <inheritdoc/>
    public override void Apply(ref SampleRandom random, Rendering picture)
    {
        float light = Light.Draw(ref random), angle = random.Next(-MathF.PI, MathF.PI), soft = Softness.DrawRatio(ref random);
        float at = random.Next(-0.35f, 0.35f), width = random.NextUnit() < 0.5f ? 10 : random.Next(0.15f, 0.5f);
        Span<float> field = picture.LightField(out int rows);
        int size = picture.Size;
        Vector2 along = new Vector2(MathF.Cos(angle), MathF.Sin(angle)) / size;
        for (int j = 0; j < rows; j++)
        {
            float v = ((j * picture.LightSpacing) - (size / 2f)) * along.Y;
            for (int i = 0; i < size; i++)
            {
                float d = ((i - (size / 2f)) * along.X) + v - at, inside = Math.Clamp((Math.Min(d, width - d) / soft) + 0.5f, 0, 1);
                field[(j * size) + i] = 1 - (inside * inside * (3 - (2 * inside)));
            }
        }
        // What light is left comes from the sky: a little bluer.
        picture.Light(light * new Vector3(0.97f, 1, 1.05f), Vector3.One);
        picture.Note(this, ("light", light), ("degrees", angle * 180 / MathF.PI), ("softness", soft));
    }
}
