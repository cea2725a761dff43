using System.Text.Json;
using SignData.Core;
using SignData.Dataset.Batches;
using SignData.Torch;
using SignData.Training.Quantizing;

namespace SignData.Training;

/// <summary>What a checkpoint says of the model whose weights it holds: everything needed to use them.</summary>
/// <param name="Architecture">The architecture's name.</param>
/// <param name="Labels">The classes in the order of the logits.</param>
/// <param name="Size">The side of the square that the model sees, in pixels.</param>
/// <param name="Mean">Subtracted from each channel in 0..1.</param>
/// <param name="Std">What each channel is then divided by.</param>
/// <param name="Compute">The compute mode's name.</param>
/// <param name="Options">The training options that were in force.</param>
/// <param name="ManifestHash">The content hash of the manifest that it learnt from.</param>
/// <param name="Epoch">Epochs behind these weights.</param>
/// <param name="ValidAccuracy">Top-1 accuracy on the validation split, if there was one.</param>
/// <param name="Aspect">Width over height of the pictures that it learnt from, 0.5 to 2: others are cut or continued to that shape.</param>
/// <param name="Mirrored">Whether it has learnt from mirrored pictures also.</param>
/// <param name="Ranges">Between which numbers activations lie, for judging with numbers of 8 bits; null judges with floats.</param>
public sealed record Card(
    string Architecture, IReadOnlyList<string> Labels, int Size, float[] Mean, float[] Std, string Compute,
    TrainOptions Options, string ManifestHash, int Epoch, double? ValidAccuracy, float Aspect = 1, bool Mirrored = false, IReadOnlyList<ActivationRange>? Ranges = null);

/// <summary>A model with its labels and its view of pictures: from a batch of bytes to probabilities.</summary>
public sealed class Classifier : IDisposable
{
    private const string CardKey = "signdata";
    private const int MaxLabels = 100_000;

    private readonly ComputeMode compute;
    private readonly Tensor mean, std;

    /// <summary>A classifier with fresh weights.</summary>
    /// <param name="card">What it is.</param>
    /// <param name="device">Where it runs.</param>
    public Classifier(Card card, Device device)
    {
        ArgumentNullException.ThrowIfNull(card);
        (Card, Device, compute) = (card, device, ComputeMode.Named(card.Compute).On(device));
        Model = Architectures.Architecture.Named(card.Architecture).Build(card.Labels.Count, card.Options.Model);
        compute.Prepare(Model, device);
        // Pictures come as 0..255: both constants are scaled instead of every pixel.
        mean = torch.from_array(card.Mean.Select(m => m * 255).ToArray()).view(1, 3, 1, 1).to(device).DetachFromDisposeScope();
        std = torch.from_array(card.Std.Select(s => 1 / (s * 255)).ToArray()).view(1, 3, 1, 1).to(device).DetachFromDisposeScope();
    }

    /// <summary>What it is.</summary>
    public Card Card { get; private set; }

    /// <summary>Where it runs.</summary>
    public Device Device { get; }

    /// <summary>The network: N x 3 x side x side floats to N x classes logits.</summary>
    public Architectures.Network Model { get; }

    /// <summary>Logits of a batch, count x classes floats on the device.</summary>
    /// <param name="batch">Pictures of the classifier's size.</param>
    public Tensor Logits(Batch batch) => Outputs(batch).Logits;

    /// <summary>Whether the model says where the hand is.</summary>
    public bool FindsHands => Model.Head.Box is not null;

    /// <summary>Logits of a batch, and where the hands are, if the model says that: see <see cref="Architectures.Network.Outputs"/>.</summary>
    /// <param name="batch">Pictures of the classifier's size.</param>
    public (Tensor Logits, Tensor? Box) Outputs(Batch batch) => Outputs(Input(batch));

    /// <summary>The same, count x classes and count x 3 floats on the device.</summary>
    /// <param name="input">What <see cref="Input"/> makes of pictures.</param>
    public (Tensor Logits, Tensor? Box) Outputs(Tensor input) => compute.Run(Model, input);

    /// <summary>A batch on the device as the network wants it: normalised, count x 3 x side x side floats.</summary>
    /// <param name="batch">Pictures of the classifier's size.</param>
    public Tensor Input(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        int values = batch.Count * batch.Size * batch.Size * 3;
        Tensor bytes = torch.tensor<byte>(batch.Pixels.AsSpan(0, values), [batch.Count, batch.Size, batch.Size, 3]).to(Device);
        // NHWC bytes seen as NCHW are channels_last already.
        Tensor input = bytes.permute(0, 3, 1, 2).to(ScalarType.Float32);
        return compute.Arrange(Card.Options.Standardize ? Standardized(input, batch) : input.sub_(mean).mul_(std));
    }

    // By each picture's own mean and deviation; a level of grey keeps an empty one from becoming noise.
    private static Tensor Standardized(Tensor input, Batch batch)
    {
        float[] means = new float[batch.Count], factors = new float[batch.Count];
        int samples = batch.Size * batch.Size * 3;
        for (int i = 0; i < batch.Count; i++)
        {
            (double mean, double deviation) = Levels.Of(batch.Pixels.AsSpan(i * samples, samples));
            (means[i], factors[i]) = ((float)mean, (float)(1 / (deviation + 1)));
        }
        Tensor OnDevice(float[] values) => torch.from_array(values, batch.Count, 1, 1, 1).to(input.device);
        return input.sub_(OnDevice(means)).mul_(OnDevice(factors));
    }

    /// <summary>Probabilities of a batch, count x classes, row by row.</summary>
    /// <param name="batch">Pictures of the classifier's size.</param>
    public float[] Probabilities(Batch batch)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable inference = torch.no_grad();
        Model.eval();
        return Logits(batch).softmax(1).cpu().data<float>();
    }

    /// <summary>Where the hand is in each picture of a batch: count x 3, as <see cref="Architectures.Head.Box"/> says it.</summary>
    /// <param name="batch">Pictures of the classifier's size.</param>
    /// <exception cref="InvalidOperationException">The model has not learnt that.</exception>
    public float[] Hands(Batch batch)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable inference = torch.no_grad();
        Model.eval();
        return (Outputs(batch).Box ?? throw new InvalidOperationException($"This {Card.Architecture} has no box output.")).cpu().data<float>();
    }

    /// <summary>
    /// Replaces what BatchNorm remembers of its training pictures by the statistics of others, whose labels are not needed: those of a camera and
    /// a light that training has not seen (Schneider et al. 2020, Improving robustness against common corruptions by covariate shift adaptation).
    /// </summary>
    /// <param name="batches">Pictures of the classifier's size, as they will be judged, well mixed: each batch should look like all of them.</param>
    /// <exception cref="InputException">The model has no BatchNorm, or there are not two pictures to tell a variance from.</exception>
    public void Adapt(IEnumerable<Batch> batches)
    {
        ArgumentNullException.ThrowIfNull(batches);
        nn.BatchNorm[] norms = [.. Model.modules().OfType<nn.BatchNorm>()];
        if (norms.Length == 0)
        {
            throw new InputException($"This {Card.Architecture} has no BatchNorm: there are no statistics to adapt.");
        }
        Model.eval();
        Array.ForEach(norms, norm => norm.train());
        int seen = 0;
        foreach (Batch batch in batches.Where(batch => batch.Count > 1))
        {
            using DisposeScope scope = torch.NewDisposeScope();
            using IDisposable inference = torch.no_grad();
            seen += batch.Count;
            Array.ForEach(norms, norm => norm.momentum = (double)batch.Count / seen);
            Logits(batch);
        }
        if (seen == 0)
        {
            throw new InputException("One picture tells no statistics to adapt to: give more.");
        }
    }

    /// <summary>Judges with numbers of 8 bits from now on: a quarter of the memory traffic, and kernels that do four times as much at once.</summary>
    /// <param name="frames">Some hundred pictures like those to be judged, to learn the range of the activations from.</param>
    /// <exception cref="InputException">The network is no ResNet, or this libtorch or device cannot do it.</exception>
    public void Quantize(BatchLoader frames)
    {
        ArgumentNullException.ThrowIfNull(frames);
        DemandQuantizable(Card.Architecture, Device);
        QuantizedBody body = QuantizedBody.Of(Model)!;
        Model.eval();
        foreach (Batch batch in frames.InOrder(Looks.One, Card.Aspect))
        {
            using DisposeScope scope = torch.NewDisposeScope();
            using IDisposable inference = torch.no_grad();
            body.Observe(Input(batch));
        }
        Card = Card with { Ranges = body.Ranges };
        body.Pack(Card.Ranges);
        Model.Quantized = body;
    }

    /// <summary>Refuses what cannot be judged with numbers of 8 bits.</summary>
    /// <param name="architecture">The architecture's name.</param>
    /// <param name="device">Where.</param>
    /// <exception cref="InputException">It cannot.</exception>
    internal static void DemandQuantizable(string architecture, Device device)
    {
        if (!architecture.StartsWith("resnet", StringComparison.Ordinal))
        {
            throw new InputException($"{architecture} cannot be quantized to 8 bits here, only ResNets can: train another with --arch resnet18.");
        }
        if (device.type != DeviceType.CPU || !nn.quantized.is_available())
        {
            throw new InputException("Numbers of 8 bits need a CPU and a libtorch with oneDNN: give --device cpu, or leave 8 bits out.");
        }
    }

    /// <summary>Writes weights and card as one <c>.safetensors</c> file, atomically.</summary>
    /// <param name="path">The file.</param>
    /// <param name="epoch">Epochs behind the weights.</param>
    /// <param name="validAccuracy">Top-1 accuracy on the validation split, if there is one.</param>
    public void Save(string path, int epoch, double? validAccuracy)
    {
        Card = Card with { Epoch = epoch, ValidAccuracy = validAccuracy };
        using StateDict weights = Model.state_dict();
        weights.Metadata[CardKey] = JsonSerializer.Serialize(Card);
        weights.Save(path);
    }

    /// <summary>Loads a checkpoint.</summary>
    /// <param name="path">A file that <see cref="Save"/> wrote.</param>
    /// <param name="device">Where it shall run.</param>
    /// <param name="compute">The compute mode's name; null for the one that it was trained with, or 8 bits if it was quantized.</param>
    /// <exception cref="InputException">The file is missing, cut, or no checkpoint of ours.</exception>
    public static Classifier Load(string path, Device device, string? compute = null)
    {
        if (!File.Exists(path))
        {
            throw new InputException($"No checkpoint at '{path}'; train writes best.safetensors and last.safetensors into its run.");
        }
        try
        {
            using DisposeScope scope = torch.NewDisposeScope();
            using StateDict weights = StateDict.Read(path);
            Card card = Read(weights.Metadata, path);
            card = compute is null ? card : card with { Compute = ComputeMode.Named(compute).Name, Ranges = null };
            Classifier classifier = nn.utils.skip_init(() => new Classifier(card, device));
            (IReadOnlyList<string> missing, IReadOnlyList<string> unexpected) = classifier.Model.load_state_dict(weights, strict: false);
            if (missing.Count + unexpected.Count > 0)
            {
                throw Unusable(path, $"its weights do not fit {classifier.Card.Architecture}: '{missing.Concat(unexpected).First()}'");
            }
            if (card.Ranges is { } ranges)
            {
                DemandQuantizable(card.Architecture, device);
                QuantizedBody body = QuantizedBody.Of(classifier.Model)!;
                body.Pack(ranges);
                classifier.Model.Quantized = body;
            }
            return classifier;
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw Unusable(path, e.Message.TrimEnd('.'), e);
        }
    }

    /// <summary>The labels of a checkpoint of ours; null for weights of others.</summary>
    /// <param name="weights">A file's content.</param>
    internal static IReadOnlyList<string>? LabelsOf(StateDict weights)
    {
        try
        {
            return weights.Metadata.TryGetValue(CardKey, out string? text) ? JsonSerializer.Deserialize<Card>(text)?.Labels : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Model.Dispose();
        mean.Dispose();
        std.Dispose();
    }

    private static Card Read(Dictionary<string, string> metadata, string path)
    {
        try
        {
            Card? card = metadata.TryGetValue(CardKey, out string? text) ? JsonSerializer.Deserialize<Card>(text) : null;
            if (card is not { Labels: { Count: > 0 and < MaxLabels }, Mean.Length: 3, Std.Length: 3, Architecture: not null, Compute: not null, Options.Model.Head: not null, Options.Optimizer: not null, Aspect: >= 0.5f and <= 2 })
            {
                throw Unusable(path, "it names no labels and input size of a model of ours");
            }
            Architectures.Architecture architecture = Architectures.Architecture.Named(card.Architecture);
            _ = ComputeMode.Named(card.Compute);
            card.Options.Model.Validate(architecture, card.Size);
            return card.Size >= architecture.SmallestSize && card.Size <= Architectures.Architecture.MaxSize ? card : throw Unusable(path, $"its pictures have {card.Size} pixels");
        }
        catch (InputException e) when (!e.Message.Contains(path, StringComparison.Ordinal))
        {
            throw Unusable(path, e.Message.TrimEnd('.'), e);
        }
        catch (JsonException e)
        {
            throw Unusable(path, "its description is damaged", e);
        }
    }

    private static InputException Unusable(string path, string why, Exception? inner = null)
    {
        string message = $"The checkpoint '{path}' cannot be used: {why}. Train again, or name another run.";
        return inner is null ? new InputException(message) : new InputException(message, inner);
    }
}
