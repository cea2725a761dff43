using System.Reflection;
using SignData.Core;
using SignData.Dataset.Augmenting.Mixing;
using SignData.Dataset.Augmenting.Steps;
using SignData.Dataset.Batches;
using SignData.Vision.Retouching;

namespace SignData.Dataset.Augmenting;

/// <summary>How pictures are varied before they are learnt from: steps in their order, and what is done to whole batches.</summary>
public sealed record Recipe
{
    /// <summary>Its name, or the file that it was read from.</summary>
    public required string Name { get; init; }

    /// <summary>What it was read from, those of recipes that it names not among it.</summary>
    public string Text { get; init; } = "";

    /// <summary>The steps, in the order in which they are taken.</summary>
    public IReadOnlyList<AugmentStep> Steps
    {
        get;
        init => (field, NeedsHand) = (value, value.Any(s => s.NeedsHand));
    } = [];

    /// <summary>What is seen beyond a picture's sides.</summary>
    public Border Border { get; init; }

    /// <summary>What is done to pictures of a batch with others of it; of several, the first whose chance comes up.</summary>
    public IReadOnlyList<MixStep> Mix { get; init; } = [];

    /// <summary>By what the milder pictures are varied, and what a training run begins with; null varies all alike.</summary>
    public Recipe? Milder { get; init; }

    /// <summary>The chance that a picture is varied by <see cref="Milder"/>.</summary>
    public float MilderShare { get; init; }

    /// <summary>
    /// The part of a training run over which the changes grow from <see cref="Milder"/> to this: strong ones from the first step on keep a network from learning anything.
    /// </summary>
    public float Growth { get; init; }

    /// <summary>The names of the recipes that come with the program.</summary>
    public static IReadOnlyList<string> Names { get; } = ["none", "light", "standard", "strong", "placed", "tight", "sign1"];

    /// <summary>Whether any step needs to know where the hand is.</summary>
    public bool NeedsHand { get; private init; }

    /// <summary>Whether pictures are mirrored now and then: left hands are as good as right ones.</summary>
    public bool Mirrors => Steps.Any(step => step is Flip);

    /// <summary>A recipe by its name, or from a file.</summary>
    /// <param name="name">One of <see cref="Names"/>, or the path of a YAML file.</param>
    /// <exception cref="InputException">There is none, or it is not well formed; the line is named.</exception>
    public static Recipe Named(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (Names.Contains(name))
        {
            using Stream file = Assembly.GetExecutingAssembly().GetManifestResourceStream("recipes/" + name)!;
            using StreamReader reader = new(file);
            return RecipeFile.Parse(reader.ReadToEnd(), name);
        }
        return RecipeFile.Read(name);
    }

    /// <summary>What a training run applies at some point of its course: see <see cref="Growth"/>.</summary>
    /// <param name="part">The part of the run that lies behind, 0 to 1.</param>
    public Recipe After(float part)
    {
        float t = Growth > 0 ? Math.Clamp(part / Growth, 0, 1) : 1;
        return Milder is not { } from || t >= 1 ? this : this with { Steps = StepBlend.Between(from.Steps, Steps, t) };
    }

    /// <summary>Varies one picture.</summary>
    /// <param name="rendering">This thread's.</param>
    /// <param name="random">Of the picture: of its seed, epoch and place.</param>
    /// <param name="picture">The picture.</param>
    /// <param name="buffer">Where the result goes, size x size x 3 bytes.</param>
    /// <param name="start">From which byte on.</param>
    /// <param name="size">The side of the result, in pixels.</param>
    /// <param name="box">Whether the hand is looked for where no step needs it, too: for its box.</param>
    /// <param name="hasHand">Whether the picture shows a hand for sure; another one in which none is seen shows none.</param>
    public void Render(Rendering rendering, SampleRandom random, Pyramid picture, byte[] buffer, int start, int size, bool box = false, bool hasHand = true)
    {
        ArgumentNullException.ThrowIfNull(rendering);
        ArgumentNullException.ThrowIfNull(picture);
        const int milder = -1;
        Recipe drawn = Milder is not null && random.Fork(milder).NextUnit() < MilderShare ? Milder : this;
        HandMask? mask = !(box || drawn.NeedsHand) ? null
            : picture.Hand.Confidence >= HandMask.Sure ? picture.Hand
            : picture.ShowsNoHand(hasHand) ? HandMask.None : null;
        rendering.Begin(picture, buffer, start, size, drawn.Border, mask);
        for (int i = 0; i < drawn.Steps.Count; i++)
        {
            SampleRandom own = random.Fork(i);
            drawn.Steps[i].Take(ref own, rendering);
        }
        rendering.Finish();
    }
}
