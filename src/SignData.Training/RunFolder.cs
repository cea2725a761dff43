using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using SignData.Core;
using SignData.Dataset.Augmenting;

namespace SignData.Training;

/// <summary>A run on disk: the best and the last checkpoint and those of every N epochs, the options, the history per epoch, where it stands until it is finished, and a summary that says that it is.</summary>
/// <param name="path">The folder.</param>
/// <param name="options">The options in force.</param>
/// <param name="augmentation">The recipe that the options name: its file may change.</param>
/// <param name="manifestHash">The content hash of the manifest.</param>
internal sealed class RunFolder(string path, TrainOptions options, Recipe augmentation, string manifestHash)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private const string SummaryName = "summary.json", StateName = "state.safetensors";

    private readonly Stopwatch sinceSaved = Stopwatch.StartNew();
    private TimeSpan saving;

    private sealed record Settings(TrainOptions Options, string Augmentation, string ManifestHash);

    public string Folder => path;

    public string Best => CheckpointOf(path);

    public string Last => Path.Combine(path, "last.safetensors");

    public string Quantized => Path.Combine(path, "int8.safetensors");

    /// <summary>Where the run stands, while it is not finished.</summary>
    public string State => Path.Combine(path, StateName);

    /// <summary>The best checkpoint of a run.</summary>
    public static string CheckpointOf(string run) => Path.Combine(run, "best.safetensors");

    /// <summary>Where a run of two networks has the one that finds the hand: a run of its own.</summary>
    public static string FinderOf(string run) => Path.Combine(run, "finder");

    /// <summary>Makes a finished or stopped run one to be trained anew.</summary>
    public static void Reopen(string run)
    {
        if (Directory.Exists(run))
        {
            File.Delete(Path.Combine(run, SummaryName));
            File.Delete(Path.Combine(run, StateName));
        }
    }

    /// <summary>The checkpoint of an epoch that is kept for good.</summary>
    /// <param name="epoch">From 1.</param>
    public string Kept(int epoch) => Path.Combine(path, FormattableString.Invariant($"epoch-{epoch:0000}.safetensors"));

    private string SettingsFile => Path.Combine(path, "options.json");

    private string History => Path.Combine(path, "history.csv");

    private string SummaryFile => Path.Combine(path, SummaryName);

    /// <summary>The summary of a run that is finished with the same options and manifest, else null.</summary>
    public TrainSummary? Finished()
    {
        try
        {
            return File.Exists(SummaryFile) && File.Exists(Best) && File.ReadAllText(SettingsFile) == SettingsText()
                ? JsonSerializer.Deserialize<TrainSummary>(File.ReadAllText(SummaryFile), Indented)
                : null;
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Makes the folder for a new run; what an earlier one left is replaced as this one goes on.</summary>
    public void Begin()
    {
        if (File.Exists(path))
        {
            throw new InputException($"'{path}' is a file where the run's folder should be; choose another output.");
        }
        Directory.CreateDirectory(path);
        File.Delete(SummaryFile);
        File.Delete(State);
        File.Delete(Quantized);
        foreach (string kept in Directory.GetFiles(path, "epoch-*.safetensors"))
        {
            File.Delete(kept);
        }
        WriteWhole(SettingsFile, SettingsText());
        WriteWhole(History, "epoch,loss,valid_accuracy,images_per_second,seconds,box_overlap\n");
    }

    /// <summary>Where a run of the same options and manifest was stopped; null if there is none to go on with.</summary>
    /// <exception cref="InputException">There is one of other options or another manifest, or it is damaged.</exception>
    public TrainingState? Stopped()
    {
        TrainingState? state = TrainingState.Read(State);
        return state is null || state.Settings == SettingsText() ? state
            : throw new InputException($"'{path}' holds a run of other options or another manifest: give those of its options.json to go on with it, or leave out --resume to begin anew.");
    }

    /// <summary>Goes on with a stopped run: what it wrote after its last whole epoch is forgotten.</summary>
    public void GoOn(TrainingState state) => WriteWhole(History, state.History);

    /// <summary>Notes where the run stands, unless that would take more than a twentieth of the time: three times the weights are written.</summary>
    public void Save(int epoch, BestEpoch best, double seconds, Learner learner)
    {
        if (sinceSaved.Elapsed >= 20 * saving)
        {
            sinceSaved.Restart();
            new TrainingState(epoch, best, seconds, learner.Classifier.Card.Compute, learner.Classifier.Card.Options.Batch, SettingsText(), File.ReadAllText(History)).Save(State, learner);
            saving = sinceSaved.Elapsed;
        }
    }

    /// <summary>Adds an epoch's line to the history.</summary>
    public void Record(int epoch, double loss, Validation valid, double rate, double seconds) =>
        File.AppendAllText(History, string.Create(CultureInfo.InvariantCulture, $"{epoch},{loss:0.0000},{valid.Accuracy:0.0000},{rate:0.0},{seconds:0.00},{valid.BoxOverlap:0.0000}\n"));

    /// <summary>Marks the run as finished.</summary>
    public void Finish(TrainSummary summary)
    {
        WriteWhole(SummaryFile, JsonSerializer.Serialize(summary, Indented));
        File.Delete(State);
    }

    private string SettingsText() => JsonSerializer.Serialize(new Settings(options, augmentation.Text, manifestHash), Indented);

    private static void WriteWhole(string file, string text)
    {
        string part = file + ".part";
        File.WriteAllText(part, text);
        File.Move(part, file, overwrite: true);
    }
}
