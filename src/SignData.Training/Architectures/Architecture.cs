using SignData.Core;
using SignData.Torch;

namespace SignData.Training.Architectures;

/// <summary>A kind of model that <c>train --arch</c> knows, and the facts about its input.</summary>
/// <param name="Name">As the user writes it, in the field's spelling.</param>
/// <param name="NativeSize">The side of the square that it was published with, in pixels.</param>
/// <param name="Make">Makes the model for a number of classes.</param>
public sealed record Architecture(string Name, int NativeSize, Func<int, ModelOptions, Network> Make)
{
    /// <summary>The least side that any model here accepts, in pixels.</summary>
    public const int MinSize = 28;

    /// <summary>The greatest side that any model here accepts, in pixels.</summary>
    public const int MaxSize = 1024;

    /// <summary>The least side that this model accepts, in pixels.</summary>
    public int SmallestSize { get; init; } = MinSize;

    /// <summary>From a parameter's name in older published weights to its name here.</summary>
    public Func<string, string> Rename { get; init; } = name => name;

    /// <summary>What is subtracted from each channel (R, G, B in 0..1): ImageNet's mean, as torchvision's weights expect.</summary>
    public float[] Mean { get; init; } = [0.485f, 0.456f, 0.406f];

    /// <summary>What each channel is then divided by: ImageNet's standard deviation.</summary>
    public float[] Std { get; init; } = [0.229f, 0.224f, 0.225f];

    /// <summary>The model with fresh weights: N x 3 x side x side floats to N x classes logits.</summary>
    /// <param name="classes">At least 1.</param>
    /// <param name="options">Its head and shape; as published if left out.</param>
    public Network Build(int classes, ModelOptions? options = null) => Make(classes, options ?? new ModelOptions());

    /// <summary>Parameters, and multiply-adds for one picture, counted without computing anything.</summary>
    /// <param name="classes">Such as 1,000 for the figures in papers.</param>
    /// <param name="size">The side of the picture, in pixels.</param>
    public nn.Cost Cost(int classes, int size) => nn.Cost.Of(() => Build(classes), 1, 3, size, size);

    /// <summary>Every architecture of every family in this library, by name.</summary>
    public static IReadOnlyList<Architecture> All { get; } =
    [
        .. typeof(Architecture).Assembly.GetTypes()
            .Where(t => t is { IsInterface: false } && t.IsAssignableTo(typeof(IModelFamily)))
            .SelectMany(t => (IEnumerable<Architecture>)t.GetProperty(nameof(IModelFamily.Members))!.GetValue(null)!)
            .OrderBy(a => a.Name, StringComparer.Ordinal),
    ];

    /// <summary>An architecture by its name.</summary>
    /// <param name="name">One of <see cref="All"/>'s names.</param>
    /// <exception cref="InputException">There is none of that name.</exception>
    public static Architecture Named(string name) =>
        All.FirstOrDefault(a => a.Name == name)
        ?? throw new InputException($"No architecture is named '{name}'; choose among {string.Join(", ", All.Select(a => a.Name))}.");
}

/// <summary>A family of models, one file each: to implement it is to be registered.</summary>
public interface IModelFamily
{
    /// <summary>The family's architectures.</summary>
    static abstract IReadOnlyList<Architecture> Members { get; }
}
