using System.Globalization;
using SignData.Core;
using SignData.Torch;
using SignData.Training.Architectures;
using SignData.Training.Profiling;

namespace SignData.Training;

/// <summary>How many pictures of a step fit into memory at once.</summary>
internal static class AutoBatch
{
    private const double Mebi = 1 << 20;

    // Operators need room between the borders of stages, where memory is measured.
    private const double Room = 1.25, Share = 0.8;

    // Gradients, two averages of the optimizer, and the average of weights.
    private const int CopiesOfWeights = 4;

    /// <summary>On a CPU, by the memory of two small steps; on a GPU, by steps that are halved until one fits.</summary>
    /// <returns>Pictures, 2 to the batch of the options.</returns>
    /// <exception cref="InputException">Not even two fit.</exception>
    public static int Fit(Architecture architecture, TrainingData data, TrainOptions options, ComputeMode mode, Device device, Action<string>? say, CancellationToken cancelled)
    {
        int most = Math.Min(options.Batch, Math.Max(2, data.Train.Count));
        using Network trial = nn.utils.skip_init(() => architecture.Build(data.Labels.Count, options.Model));
        trial.Checkpointing = options.Checkpointing;
        trial.MixStyles(options.StyleMixing);
        mode.Prepare(trial, device);
        return device.type == DeviceType.CPU ? ByMeasure() : ByTrial();

        int ByMeasure()
        {
            double limit = options.MemoryMegabytes > 0 ? options.MemoryMegabytes * Mebi : Share * Available();
            long before = torch.cpu_memory, two = Held(2) - before, four = Held(4) - before;
            double picture = Math.Max(1, (four - two) / 2.0) * Room;
            double rest = Math.Max(0, two - picture) + (CopiesOfWeights * trial.parameters().Sum(parameter => parameter.numel() * parameter.element_size));
            double fit = Math.Floor((limit - rest) / picture);
            if (fit < 2)
            {
                throw TooLarge(options, string.Create(CultureInfo.InvariantCulture, $"a picture takes {picture / Mebi:0} MiB beside {rest / Mebi:0} MiB, and there are {limit / Mebi:0} MiB"));
            }
            return Told((int)Math.Min(most, fit), string.Create(CultureInfo.InvariantCulture, $" in {limit / Mebi:0} MiB, at {picture / Mebi:0.0} MiB a picture"));
        }

        int ByTrial()
        {
            for (int size = most; size >= 2; size /= 2)
            {
                try
                {
                    Held(size);
                    return Told(size, "");
                }
                catch (TorchException e) when (OutOfMemory.Says(e))
                {
                    cancelled.ThrowIfCancellationRequested();
                }
            }
            throw TooLarge(options, "two pictures do not fit");
        }

        long Held(int pictures)
        {
            cancelled.ThrowIfCancellationRequested();
            using DisposeScope scope = torch.NewDisposeScope();
            trial.train();
            StageClock stages = new(trial, null);
            stages.BeginForward();
            Tensor input = mode.Arrange(torch.rand([pictures, 3, options.Size, options.Size], device: device));
            nn.functional.cross_entropy(mode.Run(trial, input).Logits, torch.zeros([pictures], ScalarType.Int64, device)).backward();
            trial.zero_grad();
            return stages.Held;
        }

        int Told(int fit, string how)
        {
            TrainOptions parts = options.InBatchesOf(fit);
            say?.Invoke(parts.Batch == options.Batch ? $"A batch of {fit} fits{how}." : $"A batch of {parts.Batch} fits{how}: {parts.Accumulate} of them make a step.");
            return fit;
        }
    }

    private static InputException TooLarge(TrainOptions options, string why) =>
        new($"Not even a batch of 2 at {options.Size} px fits into memory ({why}): try --checkpointing, a smaller --size or a smaller --arch.");

    private static double Available()
    {
        double machine = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        string? line = File.Exists("/proc/meminfo") ? File.ReadLines("/proc/meminfo").FirstOrDefault(l => l.StartsWith("MemAvailable:", StringComparison.Ordinal)) : null;
        return line?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var kibi, ..] && long.TryParse(kibi, out long free) ? Math.Min(machine, free * 1024.0) : machine;
    }
}
