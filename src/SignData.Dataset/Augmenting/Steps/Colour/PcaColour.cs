using System.Numerics;
using SignData.Dataset.Batches;

namespace SignData.Dataset.Augmenting.Steps;

/// <summary>Adds along the principal components of natural colours (Krizhevsky et al. 2012, "fancy PCA"), as strongly as they vary.</summary>
public sealed record PcaColour : AugmentStep
{
    // The eigenvalues and eigenvectors of RGB over ImageNet, of samples in 0..1: the constants of the AlexNet implementations.
    private static readonly Vector3 Deviations = new(0.2175f, 0.0188f, 0.0045f);
    private static readonly Vector3 First = new(-0.5675f, -0.5808f, -0.5836f), Second = new(0.7192f, -0.0045f, -0.6948f), Third = new(0.4009f, -0.8140f, 0.4203f);

    /// <summary>The deviation of what is drawn for each component, in the component's own.</summary>
    [Within(0, 1)]
    public float Sigma { get; init; } = 0.1f;

    /// <inheritdoc/>
    public override void Apply(ref SampleRandom random, Rendering picture)
    {
        Vector3 drawn = Sigma * Deviations * new Vector3(random.NextNormal(), random.NextNormal(), random.NextNormal());
        Vector3 added = 255 * ((drawn.X * First) + (drawn.Y * Second) + (drawn.Z * Third));
        picture.Colour(ColourMatrix.Diagonal(Vector3.One, added));
        picture.Note(this, ("red", added.X), ("green", added.Y), ("blue", added.Z));
    }
}
