using SignData.Dataset.Batches;
using SignData.Vision.Retouching;

namespace SignData.Dataset.Augmenting.Steps;

/// <summary>Spreads the luma evenly over black to white (OpenCV's equalizeHist on Y).</summary>
public sealed record Equalize : AugmentStep
{
    /// <inheritdoc/>
    public override void Apply(ref SampleRandom random, Rendering picture)
    {
        Retouch.Equalize(picture.Pixels, picture.Size);
        picture.Note(this);
    }
}
