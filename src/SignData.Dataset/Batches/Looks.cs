using System.Numerics;
using SignData.Core;

namespace SignData.Dataset.Batches;

/// <summary>
/// The views by which one picture is judged; the judge averages what it says of each. Several are the whole and the five crops, corners
/// and middle, of Krizhevsky et al. 2012 at four fifths: signers do not hold the hand where, and as near as, another signer did.
/// </summary>
public sealed class Looks
{
    private const float CropZoom = 0.8f;

    private readonly (float Zoom, Vector2 Position)[] views;

    private Looks(string name, params (float, Vector2)[] views) => (Name, this.views) = (name, views);

    /// <summary>The picture's middle, as large as it is.</summary>
    public static Looks One { get; } = new("one", (1, Vector2.Zero));

    /// <summary>The middle and five closer crops.</summary>
    public static Looks Several { get; } = new("several", (1, Vector2.Zero), (CropZoom, Vector2.Zero),
        (CropZoom, new(-1, -1)), (CropZoom, new(1, -1)), (CropZoom, new(-1, 1)), (CropZoom, new(1, 1)));

    /// <summary>The names that <see cref="Named"/> knows.</summary>
    public static IReadOnlyList<string> Names { get; } = [One.Name, Several.Name];

    /// <summary>As the user writes it.</summary>
    public string Name { get; }

    /// <summary>Views of each picture.</summary>
    public int Count => views.Length;

    /// <summary>Looks by their name.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <exception cref="InputException">There are none of that name.</exception>
    public static Looks Named(string name) => name == One.Name ? One : name == Several.Name ? Several
        : throw new InputException($"No looks are named '{name}'; choose among {string.Join(", ", Names)}.");

    /// <summary>One of the views of a picture.</summary>
    /// <param name="index">0 to <see cref="Count"/> - 1.</param>
    /// <param name="width">The picture's width in pixels.</param>
    /// <param name="height">The picture's height in pixels.</param>
    /// <param name="aspect">Width over height of the pictures that the judge has learnt from: parts of that shape are shown to it.</param>
    public View Of(int index, int width, int height, float aspect) => View.Part(width, height, aspect, views[index].Zoom, views[index].Position);
}
