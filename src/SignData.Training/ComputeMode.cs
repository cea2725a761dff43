using System.Diagnostics;
using SignData.Core;
using SignData.Torch;
using SignData.Training.Architectures;

namespace SignData.Training;

/// <summary>How a model computes: number format and memory layout. Which is fastest depends on model and machine, so it is timed.</summary>
/// <param name="Name">fp32, bf16, fp16, each alone (NCHW) or with -channels-last.</param>
/// <param name="Autocast">The format that convolutions and products are cast to; null computes in fp32.</param>
/// <param name="ChannelsLast">Whether activations lie in NHWC order.</param>
public sealed record ComputeMode(string Name, ScalarType? Autocast, bool ChannelsLast)
{
    private const int TimedBatch = 16, LeastRounds = 3, MostRounds = 10;

    private static readonly TimeSpan EnoughTime = TimeSpan.FromSeconds(4);

    private static readonly ComputeMode[] All =
    [
        new("fp32", null, false),
        new("fp32-channels-last", null, true),
        new("bf16", ScalarType.BFloat16, false),
        new("bf16-channels-last", ScalarType.BFloat16, true),
        new("fp16", ScalarType.Float16, false),
        new("fp16-channels-last", ScalarType.Float16, true),
    ];

    /// <summary>The names that <see cref="Named"/> knows.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(m => m.Name)];

    /// <summary>A mode by its name.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <exception cref="InputException">There is none of that name.</exception>
    public static ComputeMode Named(string name) =>
        All.FirstOrDefault(m => m.Name == name)
        ?? throw new InputException($"No compute mode is named '{name}'; choose auto, {string.Join(", ", Names)}.");

    /// <summary>Whether small gradients vanish in its format, so that losses must be scaled.</summary>
    public bool NeedsScaling => Autocast == ScalarType.Float16;

    /// <summary>This mode where it can be computed; fp32 in its place for fp16 on a CPU, for which libtorch has no convolutions.</summary>
    /// <param name="device">Where it will run.</param>
    public ComputeMode On(Device device) => NeedsScaling && device.type == DeviceType.CPU ? this with { Autocast = null } : this;

    /// <summary>
    /// Times training steps of a throw-away model in each mode and returns the fastest. The modes take turns, and the best step of each counts: what else the machine does for a
    /// while then does not decide.
    /// </summary>
    /// <param name="model">Builds the model.</param>
    /// <param name="size">The side of its input in pixels.</param>
    /// <param name="device">Where it will run.</param>
    /// <param name="cancelled">Stops between steps.</param>
    /// <returns>The fastest mode, and each mode's images per second.</returns>
    public static (ComputeMode Best, IReadOnlyDictionary<string, double> ImagesPerSecond) Fastest(Func<Network> model, int size, Device device, CancellationToken cancelled)
    {
        ArgumentNullException.ThrowIfNull(model);
        using DisposeScope scope = torch.NewDisposeScope();
        // Two images of noise show nothing of speed: a batch of 16 orders the modes as larger ones do.
        List<Trial> trials = [.. All.Where(mode => !mode.NeedsScaling).Select(mode => new Trial(mode, model(), size, device))];
        try
        {
            long start = Stopwatch.GetTimestamp();
            for (int round = 0; round < LeastRounds || (round < MostRounds && Stopwatch.GetElapsedTime(start) < EnoughTime); round++)
            {
                foreach (Trial trial in trials)
                {
                    cancelled.ThrowIfCancellationRequested();
                    trial.Step();
                }
            }
        }
        finally
        {
            trials.ForEach(trial => trial.Model.Dispose());
        }
        return (trials.MinBy(trial => trial.Best)!.Mode, trials.ToDictionary(trial => trial.Mode.Name, trial => TimedBatch / trial.Best.TotalSeconds));
    }

    private sealed class Trial
    {
        private readonly Tensor input, labels;

        internal Trial(ComputeMode mode, Network model, int size, Device device)
        {
            (Mode, Model) = (mode, model);
            mode.Prepare(model, device);
            model.train();
            input = mode.Arrange(torch.rand([TimedBatch, 3, size, size], device: device));
            labels = torch.zeros([TimedBatch], ScalarType.Int64, device);
        }

        internal ComputeMode Mode { get; }

        internal Network Model { get; }

        internal TimeSpan Best { get; private set; } = TimeSpan.MaxValue;

        internal void Step()
        {
            using DisposeScope scope = torch.NewDisposeScope();
            long start = Stopwatch.GetTimestamp();
            Tensor loss = nn.functional.cross_entropy(Mode.Run(Model, input).Logits, labels);
            loss.backward();
            _ = loss.item<float>();
            TimeSpan taken = Stopwatch.GetElapsedTime(start);
            Best = taken < Best ? taken : Best;
            Model.zero_grad();
        }
    }

    /// <summary>Puts a model's weights where and how this mode wants them.</summary>
    /// <param name="model">The model; changed in place.</param>
    /// <param name="device">Where it will run.</param>
    public void Prepare(nn.Module model, Device device)
    {
        ArgumentNullException.ThrowIfNull(model);
        model.to(device);
        if (ChannelsLast)
        {
            model.to(MemoryFormat.ChannelsLast);
        }
    }

    /// <summary>The input in this mode's layout.</summary>
    /// <param name="input">N x 3 x side x side floats.</param>
    public Tensor Arrange(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.contiguous(ChannelsLast ? MemoryFormat.ChannelsLast : MemoryFormat.Contiguous);
    }

    /// <summary>The model's outputs as floats: logits, and the box of the hand where it has that.</summary>
    /// <param name="model">A prepared model.</param>
    /// <param name="input">An arranged input.</param>
    public (Tensor Logits, Tensor? Box) Run(Network model, Tensor input)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(input);
        if (Autocast is not { } format)
        {
            return model.Outputs(input);
        }
        using (torch.autocast(input.device, format))
        {
            (Tensor logits, Tensor? box) = model.Outputs(input);
            return (logits.to(ScalarType.Float32), box?.to(ScalarType.Float32));
        }
    }
}
