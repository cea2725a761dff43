using System.Diagnostics;
using System.Globalization;
using SignData.Core;
using SignData.Dataset.Augmenting;
using SignData.Dataset.Batches;
using SignData.Torch;
using SignData.Training.Profiling;

namespace SignData.Training;

/// <summary>Trains a classifier from a manifest into a run folder.</summary>
public static class Trainer
{
    /// <summary>Trains. A run that is finished with the same manifest and options is not trained again.</summary>
    /// <param name="manifestPath">The manifest, or its folder.</param>
    /// <param name="run">The folder for checkpoints, <c>options.json</c>, <c>history.csv</c> and <c>summary.json</c>.</param>
    /// <param name="options">Everything else that decides the run.</param>
    /// <param name="resume">Whether a run that was stopped is gone on with, from its last whole epoch; on a CPU it comes to the same weights as one that was not.</param>
    /// <param name="profile">Whether it is measured where time and memory go.</param>
    /// <param name="progress">Where progress is shown, or null.</param>
    /// <param name="say">Where a line about a decision goes, or null.</param>
    /// <param name="cancelled">Ends the run between two steps; the weights so far are then in <c>last.safetensors</c>.</param>
    /// <exception cref="InputException">The manifest, an option or the device cannot be used, or the loss is no number any more.</exception>
    public static TrainSummary Train(string manifestPath, string run, TrainOptions options, bool resume = false, bool profile = false, IProgress<Progress>? progress = null, Action<string>? say = null, CancellationToken cancelled = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        if (options.ReaderEpochs == 0)
        {
            return TrainOne(manifestPath, run, options, finder: null, resume, profile, progress, say, cancelled);
        }
        // What a reader has learnt counts for nothing when its finder is another.
        if (!IsFinished(manifestPath, RunFolder.FinderOf(run), options.OfFinder))
        {
            RunFolder.Reopen(run);
        }
        say?.Invoke("First network: where the hand is.");
        TrainSummary finder = TrainOne(manifestPath, RunFolder.FinderOf(run), options.OfFinder, finder: null, resume, profile, progress, say, cancelled);
        say?.Invoke("Second network: what it shows.");
        return TrainOne(manifestPath, run, options.OfReader, finder, resume, profile, progress, say, cancelled);
    }

    private static bool IsFinished(string manifestPath, string run, TrainOptions options) =>
        new RunFolder(run, options, Recipe.Named(options.Augment), TrainingData.Open(manifestPath).Hash).Finished() is not null;

    // The summary of a reader tells of its finder, too.
    private static TrainSummary TrainOne(string manifestPath, string run, TrainOptions options, TrainSummary? finder, bool resume, bool profile, IProgress<Progress>? progress, Action<string>? say, CancellationToken cancelled)
    {
        TrainingData data = TrainingData.Open(manifestPath);
        RunFolder folder = new(run, options, Recipe.Named(options.Augment), data.Hash);
        if (folder.Finished() is { } finished)
        {
            say?.Invoke($"{run} is trained already with these options and this manifest.");
            return finished;
        }
        TrainingState? stopped = resume ? folder.Stopped() : null;
        Stopwatch total = Stopwatch.StartNew();
        try
        {
            using TrainingSession session = new(manifestPath, data, options, options.FinderEpochs > 0 ? RunFolder.CheckpointOf(RunFolder.FinderOf(run)) : null, stopped, profile, say, cancelled);
            (int epochs, BestEpoch best, double training) = Epochs(session, folder, stopped, progress, say, cancelled);
            if (options.Quantize)
            {
                (double? floats, double? bytes) = session.Quantize(folder.Best, folder.Quantized);
                say?.Invoke(string.Create(CultureInfo.InvariantCulture, $"In 8 bits: {folder.Quantized}{(bytes is not null ? $", {bytes:0.0%} on the validation split, where floats come to {floats:0.0%}" : "")}"));
            }
            double before = stopped?.Seconds ?? 0;
            TrainSummary summary = new(
                epochs, epochs * session.Batches * session.BatchSize / training, (finder?.Seconds ?? 0) + total.Elapsed.TotalSeconds + before,
                finder is null ? best : best with { BoxOverlap = finder.Best.BoxOverlap }, run, session.Learner.Classifier.Card.Compute, data.Train.Count,
                session.Unreadable, training > before ? session.Clock[Phase.Wait].TotalSeconds / (training - before) : 0, session.Profile);
            folder.Finish(summary);
            return summary;
        }
        catch (TorchException e) when (OutOfMemory.Says(e))
        {
            throw OutOfMemory.Told(options, e);
        }
    }

    private static (int Epochs, BestEpoch Best, double Seconds) Epochs(
        TrainingSession session, RunFolder folder, TrainingState? stopped, IProgress<Progress>? progress, Action<string>? say, CancellationToken cancelled)
    {
        (Learner learner, TrainOptions options) = (session.Learner, session.Options);
        (int epoch, BestEpoch best, double training) = (0, new BestEpoch(0, null), 0);
        if (stopped is not null)
        {
            TrainingState.Restore(folder.State, learner);
            folder.GoOn(stopped);
            (epoch, best, training) = (stopped.Epoch, stopped.Best, stopped.Seconds);
            say?.Invoke($"Going on after epoch {epoch} of {options.Epochs}.");
        }
        else
        {
            folder.Begin();
        }
        Schedule schedule = session.Schedule;
        for (; epoch < options.Epochs && (options.Patience == 0 || epoch - best.Epoch < options.Patience || (epoch > 0 && best.ValidAccuracy is null)); epoch++)
        {
            long started = Stopwatch.GetTimestamp();
            double losses = 0;
            int batches = 0, step = epoch * session.Steps;
            foreach (Batch batch in session.Epoch(epoch))
            {
                if (cancelled.IsCancellationRequested)
                {
                    learner.Learnt.Save(folder.Last, epoch, null);
                    cancelled.ThrowIfCancellationRequested();
                }
                float loss = learner.Learn(batch);
                if (learner.Diverged)
                {
                    throw new InputException($"The loss is {loss} at step {step + 1} of epoch {epoch + 1}; the last good checkpoint is in '{folder.Folder}'. Try a --learning-rate below {options.Optimizer.Peak:g}.");
                }
                losses += loss;
                if (++batches % options.Accumulate == 0 || batches == session.Batches)
                {
                    learner.Step(schedule.At(step++));
                }
                progress?.Report(new Progress("Training", ((long)epoch * session.Batches + batches) * session.BatchSize, (long)options.Epochs * session.Batches * session.BatchSize, Note(epoch, options.Epochs, losses / batches, best)));
            }
            double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            training += seconds;
            Validation validation = session.Validate();
            double? accuracy = validation.Accuracy;
            session.Clock.Begin(Phase.Saving);
            // While changes still grow, who has learnt the mild ones best is not who reads strangers best: the latest counts.
            if (best.Epoch == 0 || !session.IsGrown(best.Epoch - 1) || accuracy is null || accuracy > best.ValidAccuracy)
            {
                best = new BestEpoch(epoch + 1, accuracy, validation.BoxOverlap);
                learner.Learnt.Save(folder.Best, epoch + 1, accuracy);
            }
            learner.Learnt.Save(folder.Last, epoch + 1, accuracy);
            if (options.CheckpointEvery > 0 && (epoch + 1) % options.CheckpointEvery == 0)
            {
                learner.Learnt.Save(folder.Kept(epoch + 1), epoch + 1, accuracy);
            }
            folder.Record(epoch + 1, losses / batches, validation, batches * session.BatchSize / seconds, seconds);
            folder.Save(epoch + 1, best, training, learner);
            session.Clock.Begin(Phase.Rest);
        }
        return (epoch, best, training);
    }

    private static string Note(int epoch, int epochs, double loss, BestEpoch best) => string.Create(CultureInfo.InvariantCulture,
        $"epoch {epoch + 1}/{epochs}  loss {loss:0.000}{(best.ValidAccuracy is { } valid ? $"  best {valid:0.0%}" : "")}");
}
