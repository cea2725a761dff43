namespace SignData.Dataset;

/// <summary>What was seen of one frame, and what became of it.</summary>
/// <param name="Position">The frame's number in its video.</param>
/// <param name="Time">In its video.</param>
/// <param name="Scene">Which scene of the video it belongs to, from 0: a cut begins the next.</param>
/// <param name="Sharpness">0 to 1.</param>
internal sealed record Look(int Position, TimeSpan Time, int Scene, float Sharpness)
{
    /// <summary>Change from the frame before or to the frame after, whichever is more: what moves fast is smeared.</summary>
    public float Motion { get; set; }

    /// <summary>Change from the frame before; 0 at the beginning of a scene.</summary>
    public float Change { get; set; }

    /// <summary>What appeared since its scene's first frame.</summary>
    public float Departure { get; init; }

    /// <summary>Why the frame was rejected; null when it is kept.</summary>
    public string? Reason { get; set; }
}
