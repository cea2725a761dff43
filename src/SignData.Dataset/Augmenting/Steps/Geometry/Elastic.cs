using SignData.Dataset.Batches;

namespace SignData.Dataset.Augmenting.Steps;

/// <summary>
/// Displaces the picture by a smooth random field (Simard et al. 2003). Their field of noise under a bell of deviation sigma is one of cubic B-splines
/// over a lattice of sigma x sqrt(3) here, whose kernel has that deviation.
/// </summary>
public sealed record Elastic : AugmentStep
{
    // A cubic B-spline's deviation is the lattice's distance over the square root of 3.
    private static readonly float Root3 = MathF.Sqrt(3);

    /// <summary>The deviation of displacements at the lattice's nodes, in shorter sides.</summary>
    [Within(0, 0.1)]
    public Interval Amount { get; init; } = new(0.005f, 0.02f);

    /// <summary>How smooth the field is: the deviation of its kernel, in shorter sides.</summary>
    [Within(0.03, 1)]
    public float Sigma { get; init; } = 0.08f;

    /// <inheritdoc/>
    public override void Apply(ref SampleRandom random, Rendering picture)
    {
        float amount = Amount.Draw(ref random), side = Math.Min(picture.Canvas.X, picture.Canvas.Y);
        int nodes = Math.Clamp((int)MathF.Ceiling(1 / (Sigma * Root3)) + 3, 4, Bend.MostNodes);
        foreach (ref float displacement in picture.BendLattice(nodes))
        {
            displacement = amount * side * random.NextNormal();
        }
        picture.Note(this, ("amount", amount), ("sigma", Sigma));
    }
}
