using SignData.Core;
using SignData.Torch;
using SignData.Training.Architectures;

namespace SignData.Training;

/// <summary>How gradients become steps.</summary>
public sealed record OptimizerOptions
{
    /// <summary>sgd: with Nesterov's momentum. adam: weight decay is a part of the gradient. adamw: weight decay is apart (Loshchilov and Hutter 2019).</summary>
    public static IReadOnlyList<string> Names { get; } = ["adamw", "adam", "sgd"];

    /// <summary>One of <see cref="Names"/>.</summary>
    public string Name { get; init; } = Names[0];

    /// <summary>The peak of the schedule; null for what usually suits the optimizer, <see cref="Peak"/>.</summary>
    public double? LearningRate { get; init; }

    /// <summary>Pulls weights towards zero, never biases and normalisations; null for what usually suits the optimizer, <see cref="Decay"/>.</summary>
    public double? WeightDecay { get; init; }

    /// <summary>sgd: the share of the last direction that is kept; 0 for none.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>adam and adamw: the share of the old in the average of gradients.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>adam and adamw: the share of the old in the average of their squares.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>The greatest length of all gradients taken together; 0 for any.</summary>
    public double ClipNorm { get; init; }

    /// <summary>The peak in force: 0.003 for adam and adamw, 0.05 for sgd if none is given.</summary>
    public double Peak => LearningRate ?? (Name == "sgd" ? 0.05 : 3e-3);

    /// <summary>The weight decay in force: 0.05 for adamw, 0.0005 for sgd, none for adam if none is given.</summary>
    public double Decay => WeightDecay ?? Name switch { "adamw" => 0.05, "sgd" => 5e-4, _ => 0 };

    internal optim.Optimizer Over(Network network, double bodyRate)
    {
        IReadOnlyList<optim.ParamGroup> groups = LayerGroups.Of(network, Decay, bodyRate);
        return Name switch
        {
            "sgd" => new optim.SGD(groups, Peak, Momentum, nesterov: Momentum > 0),
            "adam" => new optim.Adam(groups, Peak, Beta1, Beta2),
            _ => new optim.AdamW(groups, Peak, Beta1, Beta2),
        };
    }

    internal void Validate()
    {
        if (!Names.Contains(Name))
        {
            throw new InputException($"No optimizer is named '{Name}'; choose among {string.Join(", ", Names)}.");
        }
        Bounds.Check(Peak, 1e-9, 100, "learning-rate");
        Bounds.Check(Decay, 0, 10, "weight-decay");
        Bounds.Check(Momentum, 0, 0.9999, "momentum");
        Bounds.Check(Beta1, 0, 0.9999, "beta1");
        Bounds.Check(Beta2, 0, 0.999999, "beta2");
        Bounds.Check(ClipNorm, 0, 1e9, "clip-norm");
    }
}
