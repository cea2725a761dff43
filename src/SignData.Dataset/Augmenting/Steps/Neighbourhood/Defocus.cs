using SignData.Dataset.Batches;
using SignData.Vision.Retouching;

namespace SignData.Dataset.Augmenting.Steps;

/// <summary>Blurs as a lens out of focus does: the mean over a disc, its edge weighted by how much of a pixel it covers.</summary>
public sealed record Defocus : AugmentStep
{
    private const int MostReach = 12;

    /// <summary>The disc's radius, in the picture's side.</summary>
    [Within(0, 0.05)]
    public Interval Radius { get; init; } = new(0.004f, 0.015f);

    /// <inheritdoc/>
    public override void Apply(ref SampleRandom random, Rendering picture)
    {
        float radius = Math.Min(Radius.Draw(ref random) * picture.Size, MostReach - 0.5f);
        Span<Tap> taps = stackalloc Tap[((2 * MostReach) + 1) * ((2 * MostReach) + 1)];
        int count = 0, reach = (int)MathF.Ceiling(radius);
        float sum = 0;
        for (int y = -reach; y <= reach; y++)
        {
            for (int x = -reach; x <= reach; x++)
            {
                float weight = Math.Clamp(radius + 0.5f - MathF.Sqrt((x * x) + (y * y)), 0, 1);
                if (weight > 0)
                {
                    taps[count++] = new(x, y, weight);
                    sum += weight;
                }
            }
        }
        for (int i = 0; i < count; i++)
        {
            taps[i] = taps[i] with { Weight = taps[i].Weight / sum };
        }
        Retouch.Filter(picture.Pixels, picture.Size, taps[..count]);
        picture.Note(this, ("radius", radius));
    }
}
