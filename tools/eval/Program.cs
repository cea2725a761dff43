using System.CommandLine;
using System.Globalization;
using SignData.Cli;
using SignData.Training;

Tool tool = new("eval", """
    Judges a trained classifier by frames that it has not seen, and writes a report to look at.

    Predictions become rows of the manifest. A plain folder with images in one folder per label will do as well.
    """);
Argument<string> runFolder = tool.Add(new Argument<string>("run") { Description = "A run's folder, whose best checkpoint is taken, or a checkpoint." });
Argument<string> data = tool.Add(new Argument<string>("manifest-or-folder") { Description = "A manifest, a dataset's folder, or a folder with images in one folder per label." });
Option<string?> output = tool.Add(new Option<string?>("--output", "-o") { Description = "The report; report.html in the run's folder if not given.", HelpName = "html" });
Option<string?> split = tool.Add(new Option<string?>("--split") { Description = "train, valid or test; test if not given, or all kept frames where there is no test split." });
Option<string?> looks = tool.Add(new Option<string?>("--looks") { Description = "The views of a frame whose verdicts are averaged: one (the middle), several (that and five closer crops, in six times the time); for a run that finds the hand also glance (found and looked at once) and hand (found in three steps; six close crops and six of the picture or, where the hand is small, of its surroundings). As many as the run can if not given.", HelpName = "looks" });
Option<bool> adapt = tool.Add(new Option<bool>("--adapt") { Description = "Judge a second time, after BatchNorm has taken its statistics from these frames without their labels, as a user may do with a new camera; reported apart." });
Option<string> device = tool.Add(new Option<string>("--device") { Description = "auto, cpu, cuda or cuda:N.", DefaultValueFactory = _ => "auto" });
Option<string?> compute = tool.Add(new Option<string?>("--compute") { Description = $"{string.Join(", ", ComputeMode.Names)}, or {EvalOptions.EightBits} (resnets on a CPU); as the checkpoint says if not given.", HelpName = "mode" });
Option<int> threads = tool.Add(new Option<int>("--threads") { Description = "CPU threads; 0 for all cores.", DefaultValueFactory = _ => 0 });

return tool.Run(args, run =>
{
    string from = run.Get(runFolder);
    EvalOptions options = new() { Split = run.Get(split), Looks = run.Get(looks), Device = run.Get(device), Compute = run.Get(compute), Threads = run.Get(threads), Adapt = run.Get(adapt) };
    EvalResult result = Evaluator.Evaluate(from, run.Get(data), options, run.Progress, run.Cancelled);
    string folder = Directory.Exists(from) ? from : Path.GetDirectoryName(Path.GetFullPath(from))!;
    string report = Path.GetFullPath(run.Get(output) ?? Path.Combine(folder, "report.html"));
    Report.Write(report, result, Path.Combine(folder, "history.csv"));

    Evaluation e = result.Evaluation;
    foreach (string note in result.Notes)
    {
        run.Warn(note);
    }
    run.Result(string.Create(CultureInfo.InvariantCulture, $"accuracy {e.Accuracy:0.0%} (95 %: {e.Interval[0]:0.0%} to {e.Interval[1]:0.0%}), top three {e.Top3:0.0%}, {e.Frames.Count} frames of {result.Data}"));
    foreach (Slice signer in e.BySigner)
    {
        run.Result(string.Create(CultureInfo.InvariantCulture, $"  signer {signer.Name,-12} {signer.Accuracy,6:0.0%}  {signer.Frames,6} frames"));
    }
    if (result.Adapted is { } adapted)
    {
        run.Result(string.Create(CultureInfo.InvariantCulture, $"adapted to these frames, without labels: {adapted.Accuracy:0.0%} (95 %: {adapted.Interval[0]:0.0%} to {adapted.Interval[1]:0.0%}), top three {adapted.Top3:0.0%}"));
    }
    run.Result($"report: {report}");
    run.Json(new
    {
        Frames = e.Frames.Count,
        e.Accuracy,
        e.Interval,
        e.Top3,
        Labels = e.Labels.Index().Select(l => (l.Item, Score: e.Score(l.Index))).Where(l => l.Score is not { Frames: 0, Precision: null }).ToDictionary(l => l.Item, l => l.Score),
        Signers = e.BySigner,
        Sources = e.BySource,
        Adapted = result.Adapted is { } again ? new { again.Accuracy, again.Interval, again.Top3 } : null,
        result.Notes,
        Looks = result.Looks.Name,
        Report = report,
    });
    return 0;
});
