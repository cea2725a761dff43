using SignData.Dataset.Batches;
using SignData.Vision.Retouching;

namespace SignData.Dataset.Augmenting.Steps;

/// <summary>Leaves what a JPEG does: blocks, ringing, smeared colour.</summary>
public sealed record Jpeg : AugmentStep
{
    /// <summary>As libjpeg has it.</summary>
    [Within(1, 100)]
    public Interval Quality { get; init; } = new(15, 70);

    /// <inheritdoc/>
    public override void Apply(ref SampleRandom random, Rendering picture)
    {
        int quality = Quality.DrawWhole(ref random);
        Retouch.JpegArtefacts(picture.Pixels, picture.Size, quality);
        picture.Note(this, ("quality", quality));
    }
}
