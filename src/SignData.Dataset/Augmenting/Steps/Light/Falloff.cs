using SignData.Dataset.Batches;

namespace SignData.Dataset.Augmenting.Steps;

/// <summary>Lets the light fall off evenly across the picture, from one side to the other.</summary>
public sealed record Falloff : AugmentStep
{
    /// <summary>From left to right light grows by e^this, and so from top to bottom, each drawn by itself.</summary>
    [Within(-3, 3)]
    public Interval By { get; init; } = new(-0.5f, 0.5f);

    /// <inheritdoc/>
    public override void Apply(ref SampleRandom random, Rendering picture)
    {
        float x = By.Draw(ref random), y = By.Draw(ref random);
        if (x == 0 && y == 0)
        {
            return;
        }
        Span<float> field = picture.LightField(out int rows);
        int size = picture.Size;
        for (int j = 0; j < rows; j++)
        {
            float light = MathF.Exp((y * ((((j * picture.LightSpacing) + 0.5f) / size) - 0.5f)) + (x * ((0.5f / size) - 0.5f))), step = MathF.Exp(x / size);
            for (int i = 0; i < size; i++, light *= step)
            {
                field[(j * size) + i] = light;
            }
        }
        picture.Light(System.Numerics.Vector3.Zero, System.Numerics.Vector3.One);
        picture.Note(this, ("x", x), ("y", y));
    }
}
