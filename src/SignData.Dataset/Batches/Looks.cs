using System.Numerics;
using SignData.Core;

namespace SignData.Dataset.Batches;

/// <summary>
/// The views by which one picture is judged; the judge averages what it says of each. Several are the whole and the five crops, corners
/// and middle, of Krizhevsky et al. 2012 at four fifths: signers do not hold the hand where, and as near as, another signer did. Looks at the
/// hand are closer: it is looked for first, a few times over, each time in what the last time found. Where it is as large in the picture as readers have learnt it,
/// the picture is looked at as well.
/// </summary>
public sealed class Looks
{
    private const float CropZoom = 0.8f;

    // A view of the hand that is so wide, in the picture's shorter sides, is of a hand that fills most of it; else, what is looked at, in sides of that view.
    private const float Near = 0.6f, Surroundings = 1.2f;

    private readonly (float Zoom, Vector2 Position)[] views;
    private readonly (float Size, bool Mirrored)[] crops;

    private Looks(string name, int searches, (float, Vector2)[] views, params (float, bool)[] crops) => (Name, Searches, this.views, this.crops) = (name, searches, views, crops);

    /// <summary>The picture's middle, as large as it is.</summary>
    public static Looks One { get; } = new("one", 0, [(1, Vector2.Zero)]);

    /// <summary>The middle and five closer crops.</summary>
    public static Looks Several { get; } = new("several", 0, [(1, Vector2.Zero), (CropZoom, Vector2.Zero),
        (CropZoom, new(-1, -1)), (CropZoom, new(1, -1)), (CropZoom, new(-1, 1)), (CropZoom, new(1, 1))]);

    /// <summary>The hand, at three sizes, each also mirrored; and several looks at the picture, or, where the hand is small in it, at what is around the hand.</summary>
    public static Looks Hand { get; } = new("hand", 3, Several.views, (0.9f, false), (0.9f, true), (1.05f, false), (1.05f, true), (1.25f, false), (1.25f, true));

    /// <summary>The hand, looked for and looked at once: the quick way.</summary>
    public static Looks Glance { get; } = new("glance", 1, [], (1, false));

    private static Looks[] All => [One, Several, Glance, Hand];

    /// <summary>The names that <see cref="Named"/> knows.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(looks => looks.Name)];

    /// <summary>As the user writes it.</summary>
    public string Name { get; }

    /// <summary>Views of each picture whose verdicts are averaged.</summary>
    public int Count => crops.Length + views.Length;

    /// <summary>Views before them, in which the hand is looked for; 0 where it is not.</summary>
    public int Searches { get; }

    /// <summary>Looks by their name.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <exception cref="InputException">There are none of that name.</exception>
    public static Looks Named(string name) => All.FirstOrDefault(looks => looks.Name == name)
        ?? throw new InputException($"No looks are named '{name}'; choose among {string.Join(", ", Names)}.");

    /// <summary>These without the mirrored ones: for who has never seen a left hand.</summary>
    public Looks Unmirrored => new(Name, Searches, views, [.. crops.Where(crop => !crop.Mirrored)]);

    /// <summary>One of the views of a picture.</summary>
    /// <param name="index">0 to <see cref="Count"/> - 1.</param>
    /// <param name="width">The picture's width in pixels.</param>
    /// <param name="height">The picture's height in pixels.</param>
    /// <param name="aspect">Width over height of the pictures that the judge has learnt from: parts of that shape are shown to it.</param>
    public View Of(int index, int width, int height, float aspect) => View.Part(width, height, aspect, views[index].Zoom, views[index].Position);

    /// <summary>One of the views of a picture in which a hand was found.</summary>
    /// <param name="index">0 to <see cref="Count"/> - 1.</param>
    /// <param name="found">The view of the hand that the search has come to.</param>
    /// <param name="width">The picture's width in pixels.</param>
    /// <param name="height">The picture's height in pixels.</param>
    /// <param name="aspect">Width over height of the pictures that the judge has learnt from.</param>
    public View Of(int index, View found, int width, int height, float aspect)
    {
        if (index < crops.Length)
        {
            return found.Closer(Vector2.Zero, crops[index].Size, aspect, crops[index].Mirrored);
        }
        (float zoom, Vector2 position) = views[index - crops.Length];
        return found.Side >= Near
            ? View.Part(width, height, aspect, zoom, position)
            : found.Closer(Surroundings * (1 - zoom) / 2 * position, Surroundings * zoom, aspect);
    }
}
