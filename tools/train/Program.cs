using System.CommandLine;
using System.Globalization;
using SignData.Cli;
using SignData.Training;
using SignData.Training.Architectures;
using SignData.Training.Weights;
using SignData.Vision;

Tool tool = new("train", """
    Trains a classifier from a manifest.

    The run's folder gets best.safetensors and last.safetensors (weights with labels, input size, normalization, options), options.json,
    history.csv and summary.json. The same manifest and options again: nothing is left to do.
    """);
Argument<string> manifest = tool.Add(new Argument<string>("manifest") { Description = "A manifest, or a dataset's folder. Its train split is learnt from, its valid split chooses the best epoch." });
Option<string> output = tool.Add(new Option<string>("--output", "-o") { Description = "The run's folder.", HelpName = "run", Required = true });
Func<ToolRun, TrainOptions> settings = TrainSettings.AddTo(tool);
Option<bool> lrFind = tool.Add(new Option<bool>("--lr-find") { Description = "Train nothing: try growing learning rates, draw the losses as lr-find.png in the run's folder and suggest a --learning-rate." });
Option<bool> profile = tool.Add(new Option<bool>("--profile") { Description = "Measure where time and memory go, by phase and by stage of the network, and say what the bottleneck is." });
Option<bool> resume = tool.Add(new Option<bool>("--resume") { Description = "Go on with a run that was stopped, from its last whole epoch, to the same end." });
tool.AddListing("--list-archs", "Print the architectures: parameters and multiply-adds at the size that they were published with, and whose weights `weights` fetches.", Listing);

return tool.Run(args, run =>
{
    TrainOptions options = settings(run);
    if (run.Get(lrFind))
    {
        return FindLearningRate(run, run.Get(manifest), run.Get(output), options);
    }
    TrainSummary summary = Trainer.Train(run.Get(manifest), run.Get(output), options, run.Get(resume), run.Get(profile), run.Progress, run.Say, run.Cancelled);
    if (summary.Unreadable > 0)
    {
        run.Warn($"{summary.Unreadable} of {summary.Frames} training frames cannot be read and were left out; cull again.");
    }
    if (run.Get(profile) && summary.Profile is null)
    {
        run.Warn("nothing was measured: give a run to another --output.");
    }
    foreach (string line in summary.Profile?.Lines() ?? [])
    {
        run.Say(line);
    }
    run.Result(string.Create(CultureInfo.InvariantCulture, $"{summary.Epochs} epochs in {summary.Seconds:0} s, {summary.ImagesPerSecond:0} images/s ({summary.Compute})"));
    run.Result(string.Create(CultureInfo.InvariantCulture, $"best: epoch {summary.Best.Epoch}{(summary.Best.ValidAccuracy is { } valid ? $", {valid:0.0%} on the validation split" : "; no validation split to choose by")}{(summary.Best.BoxOverlap is { } overlap ? $"; the hand's box is met by {overlap:0%}" : "")}"));
    run.Result($"run: {summary.Run}");
    run.Json(summary);
    return 0;
});

static int FindLearningRate(ToolRun run, string manifest, string folder, TrainOptions options)
{
    LearningRateRange range = LearningRateRange.Test(manifest, options, run.Progress, run.Say, run.Cancelled);
    Directory.CreateDirectory(folder);
    string plot = Path.GetFullPath(Path.Combine(folder, "lr-find.png"));
    ImageFile.Write(plot, LearningRatePlot.Of(range));
    run.Result(string.Create(CultureInfo.InvariantCulture, $"suggested: --learning-rate {range.Suggestion:0.0e0}"));
    run.Result($"plot: {plot}");
    run.Json(new { range.Suggestion, range.Points, Plot = plot });
    return 0;
}

static IEnumerable<string> Listing() => Architecture.All.Select(architecture =>
{
    SignData.Torch.nn.Cost cost = architecture.Cost(1000, architecture.NativeSize);
    string[] weights = [.. KnownWeights.All.Where(known => known.Architecture == architecture.Name).Select(known => known.Publisher).Distinct()];
    return string.Create(CultureInfo.InvariantCulture, $"{architecture.Name,-22} {cost.Parameters / 1e6,6:0.00} M {cost.MultiplyAdds / 1e9,7:0.000} G {architecture.NativeSize,5} px  {(weights is [var one] ? one : "none: from scratch")}");
}).Prepend("name               parameters     FLOPs      size  weights");
