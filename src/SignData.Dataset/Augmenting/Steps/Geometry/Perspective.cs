using System.Numerics;
using SignData.Dataset.Batches;

namespace SignData.Dataset.Augmenting.Steps;

/// <summary>Shows the picture from the side: each corner moves inwards by itself, as in torchvision's RandomPerspective.</summary>
public sealed record Perspective : AugmentStep
{
    /// <summary>The most that a corner moves, in half sides.</summary>
    [Within(0, 0.9)]
    public Interval Distortion { get; init; } = new(0, 0.3f);

    /// <inheritdoc/>
    public override void Apply(ref SampleRandom random, Rendering picture)
    {
        float most = Distortion.Draw(ref random);
        Vector2 half = picture.Canvas / 2;
        Vector2 a = Corner(ref random, -1, -1), b = Corner(ref random, 1, -1), c = Corner(ref random, 1, 1), d = Corner(ref random, -1, 1);
        picture.Map(Homography.FromCorners(picture.Canvas, a, b, c, d));
        picture.Note(this, ("distortion", most));

        // What is shown in a corner comes from beyond it, so that the picture's corner is seen further in.
        Vector2 Corner(ref SampleRandom random, float x, float y) => half * new Vector2(x * (1 + (most * random.NextUnit())), y * (1 + (most * random.NextUnit())));
    }
}
