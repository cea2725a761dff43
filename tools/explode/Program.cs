using System.CommandLine;
using System.Globalization;
using SignData.Cli;
using SignData.Dataset;

var tool = new Tool("explode", """
    Turns videos into a dataset of sharp, distinct, labelled frames.
    Label: in a sub-folder of a given folder, the name of the folder that the video lies in. Directly in a given folder, or given itself: the first part of
    its name, cut at _ - . ( ) and spaces, that is no number and no letter with a number (A.mp4, A_1.mp4, s1_A_3.mp4 are all A); a name that a camera gave
    (IMG_0012.mp4) tells nothing, then it is the folder's. A JSON file of the same name beside a video may tell its signer, session, lighting and device.
    Left out: frames that are blurry beside the others of their video or in fast motion; where a video ends as it begins, what resembles that (the hand is not
    up yet or down again); what looks like a sharper frame. A video without much change still gives its few most different frames.
    Safe to kill: run it again and it does what is left.
    """);
var videos = tool.Add(new Argument<string[]>("videos") { Description = "Videos, and folders of videos.", Arity = ArgumentArity.OneOrMore });
var output = tool.Add(new Option<string?>("--output", "-o") { Description = "The dataset's folder; one that is there is added to.", HelpName = "dataset" });
var preview = tool.Add(new Option<string?>("--preview") { Description = "Write no dataset, only a contact sheet per video: kept frames, rejected ones with reason and sharpness.", HelpName = "folder" });
var label = tool.Add(new Option<string?>("--label") { Description = "The sign in all of these videos." });
var labelsCsv = tool.Add(new Option<string?>("--labels-csv") { Description = "A CSV file with the columns path and label, and if known signer, session, lighting; what it tells of a video wins.", HelpName = "file" });
var signer = tool.Add(new Option<string?>("--signer") { Description = "Who signs." });
var session = tool.Add(new Option<string?>("--session") { Description = "The sitting in which they were recorded." });
var lighting = tool.Add(new Option<string?>("--lighting") { Description = "The light, in words." });
var perClip = tool.Add(Bounded(new Option<int>("--per-clip") { Description = "The most frames kept of one video.", DefaultValueFactory = _ => 40 }, 1, 10_000));
var perSecond = tool.Add(Bounded(new Option<double?>("--per-second") { Description = "The most frames kept of any second of a video; all that differ if not given." }, 0.001, 1000.0));
var minDistance = tool.Add(Bounded(new Option<double?>("--min-distance") { Description = "How much two kept frames of a video differ at least, where they differ most, in levels of luma; 7 if not given, and then a still video gives a few all the same." }, 0.0, 255.0));
var minSharpness = tool.Add(Bounded(new Option<double>("--min-sharpness") { Description = "Below this (0 to 1) a frame is blurry in any video.", DefaultValueFactory = _ => new ExplodeOptions { Inputs = [], Output = "" }.MinSharpness }, 0.0, 1.0));
var quality = tool.Add(Bounded(new Option<int>("--quality") { Description = "Of the JPEGs.", DefaultValueFactory = _ => FrameStore.DefaultQuality }, 1, 100));
var memory = tool.Add(Bounded(new Option<int>("--memory-mb") { Description = "Memory for the frames of all videos at a time, in MiB; large videos wait for each other.", DefaultValueFactory = _ => ExplodeOptions.DefaultMemoryMb }, 1, 1 << 20));
var jobs = tool.Add(Bounded(new Option<int>("--jobs") { Description = "Videos at a time.", DefaultValueFactory = _ => Environment.ProcessorCount }, 1, 256));

videos.Validators.Add(result =>
{
    if (result.GetResult(output) is { Implicit: false } == result.GetResult(preview) is { Implicit: false })
    {
        result.AddError("Name a dataset with -o or, to see the choice without making one, a folder with --preview.");
    }
});

return tool.Run(args, run =>
{
    var exploder = new Exploder(new ExplodeOptions
    {
        Inputs = run.Get(videos), Output = (run.Get(preview) ?? run.Get(output))!, Label = run.Get(label), LabelsCsv = run.Get(labelsCsv),
        Signer = run.Get(signer), Session = run.Get(session), Lighting = run.Get(lighting),
        PerClip = run.Get(perClip), PerSecond = run.Get(perSecond), MinDistance = run.Get(minDistance), MinSharpness = run.Get(minSharpness),
        Quality = run.Get(quality), Workers = run.Get(jobs), MemoryMb = run.Get(memory),
    }, run.Progress);
    var summary = run.Get(preview) is { } folder ? exploder.Preview(folder, run.Cancelled) : exploder.Run(run.Cancelled);

    foreach (var line in summary.Warnings.Concat(summary.Failed.Select(failed => $"{failed.Path}: {failed.Reason}")))
    {
        run.Warn(line);
    }
    run.Result(string.Create(CultureInfo.InvariantCulture, $"{summary.Kept} of {summary.Frames} frames kept, of {summary.Videos} videos and {summary.Labels.Count} labels, in {summary.Seconds:0.0} s"));
    foreach (var (reason, count) in summary.Rejected)
    {
        run.Result($"{count,8} {reason.Replace('_', ' ')}");
    }
    if (summary.Skipped > 0)
    {
        run.Result($"{summary.Skipped} videos were done before.");
    }
    if (summary.Failed.Count > 0)
    {
        run.Result($"{summary.Failed.Count} videos could not be used in full; see the warnings.");
    }
    run.Json(new { summary.Videos, summary.Frames, summary.Kept, summary.Rejected, summary.Failed, summary.Seconds, summary.Skipped, summary.Labels, summary.Warnings });
    return 0;
});

static Option<T> Bounded<T>(Option<T> option, IComparable low, IComparable high)
{
    option.Validators.Add(result =>
    {
        if (result.GetValueOrDefault<T>() is { } value && (low.CompareTo(value) > 0 || high.CompareTo(value) < 0))
        {
            result.AddError($"{option.Name} {value} is not from {low} to {high}.");
        }
    });
    return option;
}
