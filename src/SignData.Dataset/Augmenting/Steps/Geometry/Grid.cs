using SignData.Dataset.Batches;

namespace SignData.Dataset.Augmenting.Steps;

/// <summary>Divides the picture into cells and makes its columns and rows uneven (Albumentations' GridDistortion). The corners stay.</summary>
public sealed record Grid : AugmentStep
{
    /// <summary>Cells along a side.</summary>
    [Within(1, 16)]
    public int Cells { get; init; } = 5;

    /// <summary>How much wider or narrower a column or row may become before all are fitted to the whole again.</summary>
    [Within(0, 0.9)]
    public float Distortion { get; init; } = 0.3f;

    /// <inheritdoc/>
    public override void Apply(ref SampleRandom random, Rendering picture)
    {
        Span<float> places = picture.BendGrid(Cells);
        Fill(ref random, places[..(Cells + 1)]);
        Fill(ref random, places[(Cells + 1)..]);
        picture.Note(this, ("cells", Cells), ("distortion", Distortion));
    }

    private void Fill(ref SampleRandom random, Span<float> places)
    {
        places[0] = 0;
        for (int i = 1; i < places.Length; i++)
        {
            places[i] = places[i - 1] + 1 + random.Next(-Distortion, Distortion);
        }
        float whole = places[^1];
        foreach (ref float place in places)
        {
            place /= whole;
        }
    }
}
