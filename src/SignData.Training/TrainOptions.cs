using SignData.Core;
using SignData.Dataset.Augmenting;
using SignData.Training.Architectures;

namespace SignData.Training;

/// <summary>Everything that decides a training run but its data.</summary>
public sealed record TrainOptions
{
    /// <summary>The architecture's name.</summary>
    public string Architecture { get; init; } = "resnet18";

    /// <summary>The model's head, and the shape of those that have no fixed one.</summary>
    public ModelOptions Model { get; init; } = new();

    /// <summary>A file of weights to start from; null starts from fresh ones.</summary>
    public string? Weights { get; init; }

    /// <summary>The side of the square that the model sees, in pixels.</summary>
    public int Size { get; init; } = 128;

    /// <summary>The side during the first half of the epochs, when detail matters less; 0 for <see cref="Size"/> from the start, as for a reader, which goes on from weights of that size.</summary>
    public int StartSize { get; init; }

    /// <summary>Times that each training frame is seen.</summary>
    public int Epochs { get; init; } = 12;

    /// <summary>Frames in a step.</summary>
    public int Batch { get; init; } = 64;

    /// <summary>Batches whose gradients make one step, as one batch of all their frames would (but for BatchNorm, which sees each alone).</summary>
    public int Accumulate { get; init; } = 1;

    /// <summary>Whether a step of <see cref="Batch"/> frames is cut into as many equal batches as fit into memory.</summary>
    public bool AutoBatch { get; init; }

    /// <summary>What <see cref="AutoBatch"/> may take of a CPU's memory, in MiB; 0 for what is free.</summary>
    public int MemoryMegabytes { get; init; }

    /// <summary>Whether each label is seen equally often, whatever its number of frames; an epoch stays as long.</summary>
    public bool Balanced { get; init; }

    /// <summary>What turns gradients into steps.</summary>
    public OptimizerOptions Optimizer { get; init; } = new();

    /// <summary>The share of the old in an average of the weights over the steps, which is judged and kept in place of the weights; 0 for none.</summary>
    public double Average { get; init; }

    /// <summary>How the learning rate goes, one of <see cref="Training.Schedule.Names"/>.</summary>
    public string Schedule { get; init; } = "one-cycle";

    /// <summary>Epochs over which cosine and step rise to the peak.</summary>
    public int WarmUpEpochs { get; init; }

    /// <summary>First epochs that train the head alone, for weights that others trained.</summary>
    public int FreezeEpochs { get; init; }

    /// <summary>The learning rate of the body's first stage as a share of the head's; those between lie on a geometric row.</summary>
    public double BodyRate { get; init; } = 1;

    /// <summary>The share of each target spread over all labels (Szegedy et al. 2016).</summary>
    public double LabelSmoothing { get; init; } = 0.1;

    /// <summary>The chance that a batch's pictures are given something of each other's style: see <see cref="Network.MixStyles"/>; 0 for never.</summary>
    public double StyleMixing { get; init; }

    /// <summary>What the distance of the hand's box, as the model says it, from where it is counts in the loss; 0 for a model that says nothing of it.</summary>
    public double BoxWeight { get; init; }

    /// <summary>Epochs of a second network that reads the hand close up, where this one, the finder, finds it; 0 for one network that does both.</summary>
    public int ReaderEpochs { get; init; }

    /// <summary>The augmentation recipe of the second network.</summary>
    public string ReaderAugment { get; init; } = "tight";

    /// <summary>In the options of a second network: the epochs of the first one; else 0.</summary>
    public int FinderEpochs { get; init; }

    /// <summary>The first network's part of a run of two.</summary>
    internal TrainOptions OfFinder => this with { ReaderEpochs = 0 };

    /// <summary>The second one's.</summary>
    internal TrainOptions OfReader => this with
    {
        Epochs = ReaderEpochs,
        Augment = ReaderAugment,
        StartSize = 0,
        FreezeEpochs = 0,
        WarmUpEpochs = Math.Min(WarmUpEpochs, ReaderEpochs - 1),
        BoxWeight = 0,
        Model = Model with { Box = false },
        ReaderEpochs = 0,
        FinderEpochs = Epochs,
    };

    /// <summary>Epochs without a better validation accuracy after which training stops; 0 never stops early.</summary>
    public int Patience { get; init; } = 8;

    /// <summary>The augmentation recipe's name, or its file.</summary>
    public string Augment { get; init; } = "standard";

    /// <summary>
    /// Whether each picture is brought to mean 0 and deviation 1 of its own, instead of ImageNet's: a dim or hazy camera then
    /// looks like any other. Weights that were trained otherwise do not expect it.
    /// </summary>
    public bool Standardize { get; init; }

    /// <summary>What every random choice derives from.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>auto, cpu, cuda or cuda:N.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>auto, or one of <see cref="ComputeMode.Names"/>.</summary>
    public string Compute { get; init; } = "auto";

    /// <summary>Epochs from one checkpoint that is kept to the next; 0 keeps the best and the last alone.</summary>
    public int CheckpointEvery { get; init; }

    /// <summary>Whether the best epoch is kept for judging with numbers of 8 bits as well.</summary>
    public bool Quantize { get; init; }

    /// <summary>Whether a step keeps only what comes between blocks, and computes the rest again: memory for time.</summary>
    public bool Checkpointing { get; init; }

    /// <summary>CPU threads; 0 for all cores.</summary>
    public int Threads { get; init; }

    /// <summary>Room for decoded frames, in MiB: see <see cref="Dataset.Batches.FrameCache.Beside"/>.</summary>
    public int CacheMegabytes { get; init; } = 2048;

    /// <summary>The same steps in batches of at most so many frames.</summary>
    /// <param name="most">Frames.</param>
    internal TrainOptions InBatchesOf(int most)
    {
        int parts = (Batch + most - 1) / most;
        return this with { Batch = (Batch + parts - 1) / parts, Accumulate = Accumulate * parts };
    }

    /// <summary>Refuses values that make no sense, in words for the user.</summary>
    /// <exception cref="InputException">A value is out of its range.</exception>
    public void Validate()
    {
        Architecture architecture = Architectures.Architecture.Named(Architecture);
        _ = Recipe.Named(Augment);
        Bounds.Check(Size, architecture.SmallestSize, Architectures.Architecture.MaxSize, "size");
        if (StartSize != 0)
        {
            Bounds.Check(StartSize, architecture.SmallestSize, Size, "start-size");
        }
        Model.Validate(architecture, StartSize > 0 ? StartSize : Size);
        Bounds.Check(Epochs, 1, 100_000, "epochs");
        Bounds.Check(Batch, 2, 65_536, "batch");
        if (Quantize)
        {
            Classifier.DemandQuantizable(Architecture, "cpu");
        }
        Optimizer.Validate();
        _ = Training.Schedule.Named(Schedule, 1, 1);
        Bounds.Check(WarmUpEpochs, 0, Epochs - 1, "warm-up");
        Bounds.Check(FreezeEpochs, 0, 100_000, "freeze");
        Bounds.Check(BodyRate, 1e-9, 1, "body-rate");
        Bounds.Check(Accumulate, 1, 65_536, "accumulate");
        Bounds.Check(MemoryMegabytes, 0, 1 << 24, "memory-mb");
        Bounds.Check(Average, 0, 0.999999, "ema");
        Bounds.Check(CheckpointEvery, 0, 100_000, "checkpoint-every");
        Bounds.Check(LabelSmoothing, 0, 0.99, "label-smoothing");
        Bounds.Check(StyleMixing, 0, 1, "mix-style");
        Bounds.Check(BoxWeight, 0, 1000, "box-weight");
        Bounds.Check(ReaderEpochs, 0, 100_000, "reader-epochs");
        _ = Recipe.Named(ReaderAugment);
        if (ReaderEpochs > 0 && BoxWeight == 0)
        {
            throw new InputException($"--reader-epochs is {ReaderEpochs}, but the first network does not learn where the hand is: add --box-weight 1.");
        }
        Bounds.Check(Patience, 0, 100_000, "patience");
        Bounds.Check(Threads, 0, 1024, "threads");
        Bounds.Check(CacheMegabytes, 0, 1 << 20, "cache-mb");
    }
}
