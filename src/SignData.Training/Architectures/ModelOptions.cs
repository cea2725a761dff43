using SignData.Core;

namespace SignData.Training.Architectures;

/// <summary>What shapes a model beside its architecture and the number of classes. A checkpoint keeps it.</summary>
public sealed record ModelOptions
{
    /// <summary>The head's name, one of <see cref="Head.Names"/>.</summary>
    public string Head { get; init; } = Architectures.Head.Own;

    /// <summary>The width of the hidden layer of the heads that have one.</summary>
    public int HeadWidth { get; init; } = 512;

    /// <summary>The probability of a number to be dropped before the last layer; null for what the head was published with.</summary>
    public double? Dropout { get; init; }

    /// <summary>Whether the model also says where the hand is: see <see cref="Network.Outputs"/>.</summary>
    public bool Box { get; init; }

    /// <summary>simple-cnn: blocks of convolution and pooling, each halving the side.</summary>
    public int Blocks { get; init; } = 4;

    /// <summary>simple-cnn: filters of the first block; each block has twice those of the one before.</summary>
    public int Filters { get; init; } = 32;

    /// <summary>simple-cnn: the side of the kernels, odd.</summary>
    public int Kernel { get; init; } = 3;

    /// <summary>simple-cnn: the width of the dense layer.</summary>
    public int Dense { get; init; } = 256;

    /// <summary>simple-cnn: whether each convolution is followed by a batch normalisation.</summary>
    public bool BatchNorm { get; init; } = true;

    /// <summary>simple-cnn: 3 for colour, 1 for grey.</summary>
    public int Channels { get; init; } = 3;

    private bool IsPlain => this == new ModelOptions { Head = Head, HeadWidth = HeadWidth, Dropout = Dropout, Box = Box };

    /// <summary>Refuses values that make no sense, in words for the user.</summary>
    /// <param name="architecture">What it is for.</param>
    /// <param name="size">The least side that the model will see, in pixels.</param>
    /// <exception cref="InputException">A value is out of its range, or belongs to another architecture.</exception>
    public void Validate(Architecture architecture, int size)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        if (!Architectures.Head.Names.Contains(Head))
        {
            throw new InputException($"No head is named '{Head}'; choose among {string.Join(", ", Architectures.Head.Names)}.");
        }
        Bounds.Check(HeadWidth, 1, 16_384, "head-width");
        Bounds.Check(Dropout ?? 0, 0, 0.95, "dropout");
        Bounds.Check(Blocks, 1, 8, "blocks");
        Bounds.Check(Filters, 1, 1024, "filters");
        Bounds.Check(Kernel, 1, 11, "kernel");
        Bounds.Check(Dense, 1, 16_384, "dense");
        if (architecture.Name != SimpleCnn.Name && !IsPlain)
        {
            throw new InputException($"--blocks, --filters, --kernel, --dense, --channels and --no-batch-norm shape {SimpleCnn.Name}, not {architecture.Name}; leave them out, or give --arch {SimpleCnn.Name}.");
        }
        if (Kernel % 2 == 0)
        {
            throw new InputException($"--kernel is {Kernel}; give an odd number, so that a kernel has a middle.");
        }
        if (Channels is not (1 or 3))
        {
            throw new InputException($"--channels is {Channels}; give 3 for colour or 1 for grey.");
        }
        if (size >> Blocks == 0)
        {
            throw new InputException($"--blocks is {Blocks}, which halve {size} px to nothing; give at most {(int)Math.Log2(size)}, or a larger --size.");
        }
    }
}
