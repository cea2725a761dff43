using SignData.Torch;
using static SignData.Torch.nn;

namespace SignData.Training.Architectures;

/// <summary>The end of a network: from feature maps, N x channels x h x w, to N x classes logits.</summary>
/// <param name="Name">What the names of its parameters begin with.</param>
/// <param name="Trained">What has parameters.</param>
/// <param name="Function">The whole of it, what has no parameters included.</param>
public sealed record Head(string Name, Module Trained, Module Function)
{
    /// <summary>The head that an architecture was published with.</summary>
    public const string Own = "own";

    /// <summary>What the names of the box output's parameters begin with.</summary>
    public const string BoxName = "box";

    private const string Replaced = "head";

    /// <summary>
    /// own: as published. linear: mean and one layer. dense: mean and two layers, as SageMaker's classifiers have. concat: mean and maximum side by side, a
    /// narrow hidden layer with Mish between batch normalisations, and heavy dropout, as Sign1 has.
    /// </summary>
    public static IReadOnlyList<string> Names { get; } = [Own, "linear", "dense", "concat"];

    /// <summary>What the parameters of heads are named with, here and in published weights.</summary>
    public static IReadOnlyList<string> Prefixes { get; } = ["fc.", "classifier.", "head.", BoxName + "."];

    /// <summary>The head that the options ask for.</summary>
    /// <param name="options">Which head, how wide, how much dropout.</param>
    /// <param name="channels">Feature maps that come in.</param>
    /// <param name="classes">Logits that go out.</param>
    /// <param name="own">Makes the architecture's own.</param>
    internal static Head Of(ModelOptions options, int channels, int classes, Func<Head> own)
    {
        Head head = OfClasses(options, channels, classes, own);
        return options.Box ? head with { Box = new HandVotes(channels) } : head;
    }

    /// <summary>From the feature maps to N x 3: the hand's middle from the picture's, across and down in sides, and the logarithm of the longer side of its box; null in most.</summary>
    public Module? Box { get; private init; }

    private static Head OfClasses(ModelOptions options, int channels, int classes, Func<Head> own) => options.Head switch
    {
        "linear" => Whole(new Sequential(new AdaptiveAvgPool2d(1), new Flatten(), new Dropout(options.Dropout ?? 0), new Linear(channels, classes))),
        "dense" => Whole(new Sequential(
            new AdaptiveAvgPool2d(1), new Flatten(), new Linear(channels, options.HeadWidth), new ReLU(inplace: true),
            new Dropout(options.Dropout ?? 0.5), new Linear(options.HeadWidth, classes))),
        // fastai's create_head, narrower and with Mish: half the dropout before the hidden layer, all of it after.
        "concat" => Whole(new Sequential(
            new ConcatPool(), new Flatten(), new BatchNorm1d(2 * channels), new Dropout((options.Dropout ?? 0.7) / 2),
            new Linear(2 * channels, options.HeadWidth, bias: false), new Mish(), new BatchNorm1d(options.HeadWidth),
            new Dropout(options.Dropout ?? 0.7), new Linear(options.HeadWidth, classes))),
        _ => own(),
    };

    /// <summary>What of the function has no parameters and yet must know whether the network is training.</summary>
    public Module? Dropping { get; private init; }

    /// <summary>One layer after the mean of each map.</summary>
    /// <param name="name">The layer's name.</param>
    /// <param name="channels">Feature maps that come in.</param>
    /// <param name="classes">Logits that go out.</param>
    /// <param name="dropout">The probability of a number to be dropped before the layer.</param>
    internal static Head Mean(string name, int channels, int classes, double dropout)
    {
        Linear layer = new(channels, classes);
        Dropout dropping = new(dropout);
        return new(name, layer, new Sequential(new AdaptiveAvgPool2d(1), new Flatten(), dropping, layer)) { Dropping = dropping };
    }

    /// <summary>A chain that is named as a whole.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="trained">The chain.</param>
    /// <param name="before">What comes before it, without parameters.</param>
    internal static Head Chain(string name, Module trained, params Module[] before) => new(name, trained, new Sequential([.. before, trained]));

    private static Head Whole(Module module) => new(Replaced, module, module);

    private sealed class ConcatPool : Module
    {
        private readonly Module mean = new AdaptiveAvgPool2d(1), largest = new AdaptiveMaxPool2d(1);

        public override Tensor forward(Tensor input) => torch.cat([largest.forward(input), mean.forward(input)], 1);
    }
}
