using SignData.Core;
using SignData.Torch;

namespace SignData.Training;

/// <summary>What is said where a step does not fit into memory.</summary>
internal static class OutOfMemory
{
    // The words of libtorch's allocators, for CUDA and for the CPU, and of oneDNN.
    private static readonly string[] Words = ["out of memory", "can't allocate memory", "not enough memory", "could not create a memory"];

    /// <summary>Whether an operator failed for want of memory.</summary>
    /// <param name="error">Its failure.</param>
    public static bool Says(TorchException error) => Words.Any(words => error.Message.Contains(words, StringComparison.OrdinalIgnoreCase));

    /// <summary>What the user may try.</summary>
    /// <param name="options">The options in force.</param>
    /// <param name="cause">The failure.</param>
    public static InputException Told(TrainOptions options, Exception? cause = null)
    {
        string message = $"Out of memory with --batch {options.Batch} at {options.Size} px: try --auto-batch, which cuts a step into parts that fit, --checkpointing, a smaller --batch or a smaller --size.";
        return cause is null ? new(message) : new(message, cause);
    }
}
