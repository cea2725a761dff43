using System.Diagnostics;
using System.Globalization;
using SignData.Core;
using SignData.Dataset.Augmenting;
using SignData.Dataset.Batches;
using SignData.Torch;
using SignData.Training.Architectures;
using SignData.Training.Weights;

namespace SignData.Training;

/// <summary>Trains a classifier from a manifest into a run folder.</summary>
public static class Trainer
{
    /// <summary>Trains. A run that is finished with the same manifest and options is not trained again.</summary>
    /// <param name="manifestPath">The manifest, or its folder.</param>
    /// <param name="run">The folder for checkpoints, <c>options.json</c>, <c>history.csv</c> and <c>summary.json</c>.</param>
    /// <param name="options">Everything else that decides the run.</param>
    /// <param name="resume">Whether a run that was stopped is gone on with, from its last whole epoch; on a CPU it comes to the same weights as one that was not.</param>
    /// <param name="progress">Where progress is shown, or null.</param>
    /// <param name="say">Where a line about a decision goes, or null.</param>
    /// <param name="cancelled">Ends the run between two steps; the weights so far are then in <c>last.safetensors</c>.</param>
    /// <exception cref="InputException">The manifest, an option or the device cannot be used, or the loss is no number any more.</exception>
    public static TrainSummary Train(string manifestPath, string run, TrainOptions options, bool resume = false, IProgress<Progress>? progress = null, Action<string>? say = null, CancellationToken cancelled = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        if (options.ReaderEpochs == 0)
        {
            return TrainOne(manifestPath, run, options, resume, progress, say, cancelled);
        }
        // What a reader has learnt counts for nothing when its finder is another.
        if (!IsFinished(manifestPath, RunFolder.FinderOf(run), options.OfFinder))
        {
            RunFolder.Reopen(run);
        }
        say?.Invoke("First network: where the hand is.");
        TrainSummary finder = TrainOne(manifestPath, RunFolder.FinderOf(run), options.OfFinder, resume, progress, say, cancelled);
        say?.Invoke("Second network: what it shows.");
        TrainSummary reader = TrainOne(manifestPath, run, options.OfReader, resume, progress, say, cancelled);
        return reader with { Seconds = finder.Seconds + reader.Seconds, Best = reader.Best with { BoxOverlap = finder.Best.BoxOverlap } };
    }

    private static bool IsFinished(string manifestPath, string run, TrainOptions options) =>
        new RunFolder(run, options, Recipe.Named(options.Augment), TrainingData.Open(manifestPath).Hash).Finished() is not null;

    private static TrainSummary TrainOne(string manifestPath, string run, TrainOptions options, bool resume, IProgress<Progress>? progress, Action<string>? say, CancellationToken cancelled)
    {
        TrainingData data = TrainingData.Open(manifestPath);
        Recipe recipe = Recipe.Named(options.Augment);
        RunFolder folder = new(run, options, recipe, data.Hash);
        if (folder.Finished() is { } finished)
        {
            say?.Invoke($"{run} is trained already with these options and this manifest.");
            return finished;
        }
        TrainingState? stopped = resume ? folder.Stopped() : null;
        Device device = Devices.Choose(options.Device);
        using Classifier? finder = options.FinderEpochs > 0 ? Classifier.Load(RunFolder.CheckpointOf(RunFolder.FinderOf(run)), device) : null;
        string? weights = finder is not null ? RunFolder.CheckpointOf(RunFolder.FinderOf(run)) : options.Weights is { } named ? WeightCache.Locate(named) : null;
        int threads = options.Threads > 0 ? options.Threads : Environment.ProcessorCount;
        torch.set_num_threads(threads);
        torch.manual_seed(options.Seed);
        Stopwatch total = Stopwatch.StartNew();

        Architecture architecture = Architecture.Named(options.Architecture);
        string compute = stopped?.Compute ?? (options.Compute == "auto" ? Timed(architecture, data.Labels.Count, options, device, say, cancelled) : options.Compute);
        torch.manual_seed(options.Seed);
        using Classifier classifier = new(new Card(architecture.Name, data.Labels, options.Size, architecture.Mean, architecture.Std, compute, options, data.Hash, 0, null, data.Aspect, recipe.Mirrors), device);
        classifier.Model.Checkpointing = options.Checkpointing;
        if (weights is not null)
        {
            say?.Invoke(StartingWeights.Load(weights, classifier));
        }
        using Learner learner = new(classifier, options);
        using FrameCache frames = FrameCache.Beside(manifestPath, data.Hash, data.Train.Concat(data.Valid).Select(s => s.Path), options.Size, (long)options.CacheMegabytes << 20, say);
        BatchLoader train = new(data.Train, options.Size, options.Batch, threads, frames), valid = new(data.Valid, options.Size, options.Batch, threads, frames);
        int steps = Math.Max(1, data.Train.Count / Math.Min(options.Batch, data.Train.Count)), step = 0;
        int frozen = Math.Min(options.FreezeEpochs, options.Epochs);
        Schedule schedule = Schedule.FineTune(frozen * steps, options.LearningRate, peak => Schedule.Named(options.Schedule, peak, Math.Max(1, steps * (options.Epochs - frozen)), options.WarmUpEpochs * steps));

        BestEpoch best = new(0, null);
        double training = 0;
        Stopwatch waiting = new();
        int epoch = 0;
        if (stopped is not null)
        {
            TrainingState.Restore(folder.State, learner);
            folder.GoOn(stopped);
            (epoch, best, training, step) = (stopped.Epoch, stopped.Best, stopped.Seconds, stopped.Epoch * steps);
            say?.Invoke($"Going on after epoch {epoch} of {options.Epochs}.");
        }
        else
        {
            folder.Begin();
        }
        for (; epoch < options.Epochs && (options.Patience == 0 || epoch - best.Epoch < options.Patience || data.Valid.Count == 0); epoch++)
        {
            long started = Stopwatch.GetTimestamp();
            double losses = 0;
            classifier.Model.train();
            LayerGroups.Freeze(classifier.Model, epoch < frozen);
            foreach (Batch batch in Watched(waiting, train.Shuffled(
                recipe.After((float)epoch / options.Epochs), options.Seed, epoch, 2 * epoch < options.Epochs && options.StartSize > 0 ? options.StartSize : options.Size, data.Labels.Count, (float)options.LabelSmoothing, classifier.FindsHands)))
            {
                if (cancelled.IsCancellationRequested)
                {
                    classifier.Save(folder.Last, epoch, null);
                    cancelled.ThrowIfCancellationRequested();
                }
                float loss = learner.Step(batch, schedule.At(step));
                if (!float.IsFinite(loss))
                {
                    throw new InputException($"The loss is {loss} at step {step + 1} of epoch {epoch + 1}; the last good checkpoint is in '{run}'. Try a --learning-rate below {options.LearningRate:g}.");
                }
                losses += loss;
                step++;
                progress?.Report(new Progress("Training", (long)step * batch.Count, (long)steps * batch.Count * options.Epochs, Note(epoch, options.Epochs, losses / (step - (epoch * steps)), best)));
            }
            double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            training += seconds;
            Validation validation = Validation.Of(classifier, finder ?? classifier, valid);
            double? accuracy = validation.Accuracy;
            if (best.Epoch == 0 || accuracy is null || accuracy > best.ValidAccuracy)
            {
                best = new BestEpoch(epoch + 1, accuracy, validation.BoxOverlap);
                classifier.Save(folder.Best, epoch + 1, accuracy);
            }
            classifier.Save(folder.Last, epoch + 1, accuracy);
            folder.Record(epoch + 1, losses / steps, validation, steps * Math.Min(options.Batch, data.Train.Count) / seconds, seconds);
            folder.Save(epoch + 1, best, training, learner);
        }
        double rate = (double)step * Math.Min(options.Batch, data.Train.Count) / training;
        double before = stopped?.Seconds ?? 0, waited = training > before ? waiting.Elapsed.TotalSeconds / (training - before) : 0;
        TrainSummary summary = new(epoch, rate, total.Elapsed.TotalSeconds + before, best, run, compute, data.Train.Count, train.Failed.Count, waited);
        folder.Finish(summary);
        return summary;
    }

    // The time until each batch is there.
    private static IEnumerable<Batch> Watched(Stopwatch waiting, IEnumerable<Batch> batches)
    {
        waiting.Start();
        foreach (Batch batch in batches)
        {
            waiting.Stop();
            yield return batch;
            waiting.Start();
        }
        waiting.Stop();
    }

    private static string Timed(Architecture architecture, int classes, TrainOptions options, Device device, Action<string>? say, CancellationToken cancelled)
    {
        (ComputeMode best, IReadOnlyDictionary<string, double> rates) = ComputeMode.Fastest(() => architecture.Build(classes, options.Model), options.Size, device, cancelled);
        say?.Invoke($"Computing in {best.Name}: " + string.Join(", ", rates.OrderByDescending(r => r.Value).Select(r => $"{r.Key} {r.Value.ToString("0", CultureInfo.InvariantCulture)}/s")));
        return best.Name;
    }

    private static string Note(int epoch, int epochs, double loss, BestEpoch best) => string.Create(CultureInfo.InvariantCulture,
        $"epoch {epoch + 1}/{epochs}  loss {loss:0.000}{(best.ValidAccuracy is { } valid ? $"  best {valid:0.0%}" : "")}");
}
