using System.Globalization;
using SignData.Core;
using SignData.Dataset.Augmenting;
using SignData.Dataset.Batches;
using SignData.Torch;
using SignData.Training.Architectures;
using SignData.Training.Profiling;
using SignData.Training.Weights;

namespace SignData.Training;

/// <summary>All that learns from a manifest, made ready by the options: the device, the network with its first weights, the learner, the pictures.</summary>
internal sealed class TrainingSession : IDisposable
{
    // Frames whose activations tell their ranges.
    private const int Observed = 512, ObservedAtOnce = 32;

    private readonly TrainingData data;
    private readonly Recipe recipe;
    private readonly FrameCache? frames;
    private readonly BatchLoader train, valid;
    private readonly int frozen;
    private readonly Classifier? finder;

    /// <summary>A session.</summary>
    /// <param name="manifestPath">The manifest, beside which decoded frames are kept; null keeps them nowhere.</param>
    /// <param name="data">What there is to learn from.</param>
    /// <param name="options">How; they are valid.</param>
    /// <param name="finderCheckpoint">The network that finds hands for this one, whose weights it begins with; null where it does so itself, or nobody does.</param>
    /// <param name="stopped">Where a run stood that is gone on with: what was chosen then stays; null for a new one.</param>
    /// <param name="profile">Whether the network's stages are measured.</param>
    /// <param name="say">Where a line about a decision goes, or null.</param>
    /// <param name="cancelled">Ends it while it tries what is best.</param>
    /// <exception cref="InputException">The device, the weights or the compute mode cannot be used.</exception>
    public TrainingSession(string? manifestPath, TrainingData data, TrainOptions options, string? finderCheckpoint, TrainingState? stopped, bool profile, Action<string>? say, CancellationToken cancelled)
    {
        this.data = data;
        recipe = Recipe.Named(options.Augment);
        Device device = Devices.Choose(options.Device);
        finder = finderCheckpoint is null ? null : Classifier.Load(finderCheckpoint, device);
        string? weights = finderCheckpoint is not null ? finderCheckpoint : options.Weights is { } named ? WeightCache.Locate(named) : null;
        int threads = options.Threads > 0 ? options.Threads : Environment.ProcessorCount;
        torch.set_num_threads(threads);
        torch.manual_seed(options.Seed);
        Architecture architecture = Architecture.Named(options.Architecture);
        Demand(options.Compute, device);
        string compute = stopped?.Compute ?? (options.Compute != "auto" ? options.Compute : finder?.Card.Compute ?? Timed(architecture, options, device, say, cancelled));
        if (options.AutoBatch)
        {
            options = options.InBatchesOf(stopped?.Batch ?? AutoBatch.Fit(architecture, data, options, ComputeMode.Named(compute), device, say, cancelled));
        }
        Options = options;
        torch.manual_seed(options.Seed);
        Classifier classifier = new(new Card(architecture.Name, data.Labels, options.Size, architecture.Mean, architecture.Std, compute, options, data.Hash, 0, null, data.Aspect, recipe.Mirrors), device);
        classifier.Model.Checkpointing = options.Checkpointing;
        classifier.Model.MixStyles(options.StyleMixing);
        if (weights is not null)
        {
            say?.Invoke(StartingWeights.Load(weights, classifier));
        }
        Action? settle = profile && device.type != DeviceType.CPU ? () => Settle(device) : null;
        Clock = new PhaseClock(settle);
        Learner = new Learner(classifier, options, Clock) { Stages = profile ? new StageClock(classifier.Model, settle) : null };
        frames = manifestPath is null ? null
            : FrameCache.Beside(manifestPath, data.Hash, data.Train.Concat(data.Valid).Select(s => s.Path), options.Size, (long)options.CacheMegabytes << 20, say);
        BatchSize = Math.Min(options.Batch, data.Train.Count);
        Batches = data.Train.Count / BatchSize;
        frozen = Math.Min(options.FreezeEpochs, options.Epochs);
        train = new(data.Train, options.Size, options.Batch, threads, frames, options.Balanced);
        valid = new(data.Valid, options.Size, options.Batch, threads, frames);
    }

    /// <summary>The options in force.</summary>
    public TrainOptions Options { get; }

    /// <summary>What learns.</summary>
    public Learner Learner { get; }

    /// <summary>Where the time goes.</summary>
    public PhaseClock Clock { get; }

    /// <summary>Frames in a batch.</summary>
    public int BatchSize { get; }

    /// <summary>Batches in an epoch.</summary>
    public int Batches { get; }

    /// <summary>Steps in an epoch.</summary>
    public int Steps => (Batches + Options.Accumulate - 1) / Options.Accumulate;

    /// <summary>Training frames that could not be read so far.</summary>
    public int Unreadable => train.Failed.Count;

    /// <summary>The learning rate of each step of a run.</summary>
    public Schedule Schedule => Schedule.FineTune(frozen * Steps, Options.Optimizer.Peak,
        peak => Schedule.Named(Options.Schedule, peak, Math.Max(1, Steps * (Options.Epochs - frozen)), Options.WarmUpEpochs * Steps));

    /// <summary>Where time and memory went, if that is measured.</summary>
    public Profile? Profile => Learner.Stages is { } stages ? Profile.Of(Clock, stages, Learner.Classifier.Device.type == DeviceType.CPU) : null;

    /// <summary>The batches of an epoch, for a network that is ready to learn from them.</summary>
    /// <param name="epoch">From 0.</param>
    public IEnumerable<Batch> Epoch(int epoch)
    {
        Network model = Learner.Classifier.Model;
        model.train();
        LayerGroups.Freeze(model, epoch < frozen);
        bool early = 2 * epoch < Options.Epochs;
        Clock.Begin(Phase.Wait);
        foreach (Batch batch in train.Shuffled(recipe.After((float)epoch / Options.Epochs), Options.Seed, epoch, early && Options.StartSize > 0 ? Options.StartSize : Options.Size,
            data.Labels.Count, (float)Options.LabelSmoothing, Learner.Classifier.FindsHands))
        {
            Clock.Begin(Phase.Rest);
            yield return batch;
            Clock.Begin(Phase.Wait);
        }
        Clock.Begin(Phase.Rest);
    }

    /// <summary>Whether an epoch's pictures are changed as much as they will ever be: see <see cref="Recipe.Growth"/>.</summary>
    /// <param name="epoch">From 0.</param>
    public bool IsGrown(int epoch) => recipe.Milder is null || (float)epoch / Options.Epochs >= recipe.Growth;

    /// <summary>How well what was learnt does on the validation split.</summary>
    public Validation Validate()
    {
        Clock.Begin(Phase.Validation);
        Validation validation = Validation.Of(Learner.Learnt, finder ?? Learner.Learnt, valid);
        Clock.Begin(Phase.Rest);
        return validation;
    }

    /// <summary>Keeps a checkpoint for judging with numbers of 8 bits, on a CPU.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="target">The file to write.</param>
    /// <returns>Top-1 accuracy on the validation split, with floats and with bytes; null without one.</returns>
    public (double? Floats, double? Bytes) Quantize(string checkpoint, string target)
    {
        using Classifier classifier = Classifier.Load(checkpoint, "cpu");
        double? before = classifier.Card.ValidAccuracy;
        Sample[] some = [.. EpochOrder.Of(data.Train.Count, Options.Seed, 0).Take(Observed).Select(draw => data.Train[draw.Sample])];
        classifier.Quantize(new BatchLoader(some, Options.Size, ObservedAtOnce, torch.get_num_threads(), frames));
        double? after = Validation.Of(classifier, finder ?? classifier, valid).Accuracy;
        classifier.Save(target, classifier.Card.Epoch, after);
        return (before, after);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        frames?.Dispose();
        finder?.Dispose();
        Learner.Dispose();
        Learner.Classifier.Dispose();
    }

    private string Timed(Architecture architecture, TrainOptions options, Device device, Action<string>? say, CancellationToken cancelled)
    {
        (ComputeMode best, IReadOnlyDictionary<string, double> rates) = ComputeMode.Fastest(() => architecture.Build(data.Labels.Count, options.Model), options.Size, device, cancelled);
        say?.Invoke($"Computing in {best.Name}: " + string.Join(", ", rates.OrderByDescending(r => r.Value).Select(r => $"{r.Key} {r.Value.ToString("0", CultureInfo.InvariantCulture)}/s")));
        return best.Name;
    }

    private static void Demand(string compute, Device device)
    {
        if (compute != "auto" && ComputeMode.Named(compute) is { NeedsScaling: true } mode && mode != mode.On(device))
        {
            throw new InputException($"--compute {compute} needs a GPU: libtorch has no fp16 convolutions for a CPU. Give {compute.Replace("fp16", "bf16", StringComparison.Ordinal)}, or auto.");
        }
    }

    // Reading a number waits for all that was given to a GPU before.
    private static void Settle(Device device)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        _ = torch.zeros([], device: device).item<float>();
    }
}
