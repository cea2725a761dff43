using System.Text.Json;
using SignData.Core;
using SignData.Torch;

namespace SignData.Training;

/// <summary>Where a run stands after an epoch. With what the learner keeps and random numbers it is one file: all that going on to the same end needs.</summary>
/// <param name="Epoch">Epochs done.</param>
/// <param name="Best">The best of them.</param>
/// <param name="Seconds">Spent on training in them.</param>
/// <param name="Compute">The compute mode that was chosen.</param>
/// <param name="Batch">Frames in a batch.</param>
/// <param name="Settings">The options and the manifest, as <c>options.json</c> has them.</param>
/// <param name="History">The lines of <c>history.csv</c>.</param>
internal sealed record TrainingState(int Epoch, BestEpoch Best, double Seconds, string Compute, int Batch, string Settings, string History)
{
    private const string Key = "signdata-run", Random = "random", DeviceRandom = "random.device";

    /// <summary>Writes it, whole or not at all.</summary>
    public void Save(string path, Learner learner)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using StateDict all = new();
        learner.Save(all);
        all.Add(Random, torch.get_rng_state());
        if (learner.Classifier.Device.type != DeviceType.CPU)
        {
            all.Add(DeviceRandom, torch.get_rng_state(learner.Classifier.Device));
        }
        all.Metadata[Key] = JsonSerializer.Serialize(this);
        all.Save(path);
    }

    /// <summary>Reads what a file says of its run; null if there is none.</summary>
    /// <exception cref="InputException">It is damaged.</exception>
    public static TrainingState? Read(string path) => !File.Exists(path) ? null : Guard(path, () =>
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using StateDict all = StateDict.Read(path);
        return all.Metadata.TryGetValue(Key, out string? text) && JsonSerializer.Deserialize<TrainingState>(text) is { Epoch: > 0, Batch: > 0, Best: not null, Compute: not null, History: not null } state
            ? state : throw new InvalidDataException("it says nothing of a run");
    });

    /// <summary>Brings learner and random numbers to where the run stood.</summary>
    /// <exception cref="InputException">The file is damaged, or of another model.</exception>
    public static void Restore(string path, Learner learner) => Guard(path, () =>
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using StateDict all = StateDict.Read(path);
        learner.Load(all);
        torch.set_rng_state(all[Random]);
        if (learner.Classifier.Device.type != DeviceType.CPU)
        {
            torch.set_rng_state(all[DeviceRandom], learner.Classifier.Device);
        }
        return true;
    });

    private static T Guard<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or JsonException or KeyNotFoundException or TorchException or ArgumentException)
        {
            throw new InputException($"'{path}' cannot be gone on with ({e.Message.TrimEnd('.')}): leave out --resume to begin anew.", e);
        }
    }
}
