using SignData.Torch;
using SignData.Training.Quantizing;
using static SignData.Torch.nn;

namespace SignData.Training.Architectures;

/// <summary>
/// A classifier of pictures: a body of stages that turns N x 3 x side x side floats into feature maps, and a head that turns these into
/// N x classes logits, and into the box of the hand where it has such an output.
/// </summary>
public sealed class Network : Module
{
    // The side of the picture that tells how much smaller the maps of a stage are.
    private const int Probe = 256;

    private Sequential body;

    /// <summary>A network.</summary>
    /// <param name="named">What has parameters, by the names that its weights are published under.</param>
    /// <param name="stages">The body in the order that it is applied in: the named modules, and what has no parameters.</param>
    /// <param name="head">The end.</param>
    public Network(IEnumerable<(string Name, Module Module)> named, IEnumerable<Module> stages, Head head)
    {
        ArgumentNullException.ThrowIfNull(named);
        ArgumentNullException.ThrowIfNull(head);
        foreach ((string name, Module module) in named)
        {
            register_module(name, module);
        }
        body = new Sequential(stages);
        Head = head;
        register_module(head.Name, head.Trained);
        if (head.Box is { } box)
        {
            register_module(Head.BoxName, box);
        }
        if (head.Dropping is { } dropping)
        {
            register_module("dropping", dropping);
        }
    }

    /// <summary>The body's stages, from the picture to the feature maps.</summary>
    public IEnumerable<Module> Stages => body.named_children().Select(child => child.module);

    /// <summary>Whether training keeps only what comes between the blocks of the body, and computes each again in backward().</summary>
    public bool Checkpointing { get; set; }

    /// <summary>Called after each stage and after the head with its name and its output: for measuring.</summary>
    public Action<string, Tensor>? Passed { get; set; }

    /// <summary>The body in numbers of 8 bits, which then computes in place of the other in evaluation; the network owns it.</summary>
    internal QuantizedBody? Quantized { get; set; }

    /// <summary>The end, from the feature maps to the logits.</summary>
    public Head Head { get; }

    /// <summary>
    /// Lets training mix the styles of a batch's pictures (<see cref="MixStyle"/>), where the paper does: after the last stages whose maps have a quarter and an eighth of the
    /// picture's side. Once, before anything is learnt.
    /// </summary>
    /// <param name="probability">The chance that a batch is mixed, 0 to 1; 0 leaves the network as it is.</param>
    public void MixStyles(double probability)
    {
        if (probability == 0)
        {
            return;
        }
        Module[] stages = [.. Stages];
        long[] sides = Sides();
        // Kernels without padding make maps a little smaller than that.
        int quarter = Array.FindLastIndex(sides, side => 5 * side > Probe), eighth = Array.FindLastIndex(sides, side => 10 * side > Probe);
        MixStyle mixing = register_module("style", new MixStyle(probability));
        body = new Sequential(stages.SelectMany((stage, index) => index == quarter || index == eighth ? (Module[])[stage, mixing] : [stage]));
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => Outputs(input).Logits;

    /// <summary>Logits, and where the hand is, N x 3 as <see cref="Head.Box"/> says it, if the network has learnt that.</summary>
    /// <param name="input">N x 3 x side x side floats.</param>
    public (Tensor Logits, Tensor? Box) Outputs(Tensor input)
    {
        body.checkpointing = Checkpointing && training && body.parameters().Any(parameter => parameter.requires_grad);
        body.passed = Passed is { } passed ? (stage, output) => passed(NameOf(stage), output) : null;
        using Tensor features = Quantized is { } bytes && !training ? bytes.Forward(input) : body.forward(input);
        Tensor logits = Head.Function.forward(features);
        Tensor? box = Head.Box?.forward(features);
        Passed?.Invoke("head", logits);
        return (logits, box);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        Quantized?.Dispose();
        base.Dispose(disposing);
    }

    // The side of each stage's maps, for a picture of the probe's.
    private long[] Sides()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable still = torch.no_grad();
        List<long> sides = [];
        bool before = training;
        eval();
        body.passed = (_, output) => sides.Add(output.shape[^1]);
        body.forward(torch.zeros([1, 3, Probe, Probe]));
        train(before);
        return [.. sides];
    }

    // What comes before the first named stage has several parts with names of their own.
    private string NameOf(Module stage)
    {
        string? name = named_modules().FirstOrDefault(named => named.module == stage).name;
        return string.IsNullOrEmpty(name) ? "stem" : name;
    }
}
