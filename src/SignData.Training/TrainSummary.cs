using SignData.Training.Profiling;

namespace SignData.Training;

/// <summary>The best epoch of a run.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="ValidAccuracy">Top-1 accuracy on the validation split, 0..1; null without one.</param>
/// <param name="BoxOverlap">
/// How well the hand was found on the validation split: the mean over its sure masks of what the squares about mask and answer share of what they cover together; null without.
/// </param>
public sealed record BestEpoch(int Epoch, double? ValidAccuracy, double? BoxOverlap = null);

/// <summary>How a training run ended.</summary>
/// <param name="Epochs">Epochs that were run.</param>
/// <param name="ImagesPerSecond">Training images per second over all epochs, data loading included, validation not.</param>
/// <param name="Seconds">Wall time of the whole run, of both networks where there are two.</param>
/// <param name="Best">The epoch whose weights are <c>best.safetensors</c>.</param>
/// <param name="Run">The run's folder.</param>
/// <param name="Compute">The compute mode's name.</param>
/// <param name="Frames">Frames of the training split.</param>
/// <param name="Unreadable">Training frames that could not be read, and were left out.</param>
/// <param name="Waited">The share of the training time that went by until the next pictures were there.</param>
/// <param name="Profile">Where time and memory went, if that was asked for.</param>
public sealed record TrainSummary(int Epochs, double ImagesPerSecond, double Seconds, BestEpoch Best, string Run, string Compute, int Frames, int Unreadable, double Waited = 0, Profile? Profile = null);
