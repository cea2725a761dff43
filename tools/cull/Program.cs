using System.CommandLine;
using SignData.Cli;
using SignData.Cull;
using SignData.Dataset;

if (args is ["check", .. var sets])
{
    return CheckTool.Run(sets);
}
if (args is ["diff", .. var manifests])
{
    return DiffTool.Run(manifests);
}

var tool = new Tool("cull", """
    Makes one manifest of many sources: sets aside unreadable and duplicate frames with their reasons, chooses labels and numbers,
    and splits into train, valid and test: by signer, else session, else source, else burst, else runs of look-alike frames, never by frame.
    The frames stay where they lie. The same sources, options and seed give the same rows.

    'cull check A B...' reports what is on both sides of a split or in two sets; 'cull diff A B' tells what changed between manifests.
    """);
var defaults = new CullOptions { Sources = [], Output = "" };
var sources = tool.Add(new Argument<string[]>("sources") { Description = "Datasets, manifests, folders of images with a folder for each label at any depth, CSVs (path, label, perhaps signer, session, lighting; or label and 784 pixels).", Arity = ArgumentArity.OneOrMore });
var output = tool.Add(new Option<string>("--output", "-o") { Description = "The manifest to make: a file ending in .db, or a folder.", Required = true, HelpName = "manifest" });
var perLabel = tool.Add(new Option<int?>("--per-label") { Description = "The most frames kept of one label, evenly from signers, sessions, lights, sources and moments." });
var oversample = tool.Add(new Option<bool>("--oversample") { Description = "Repeat frames of the train split until each label has the number per label." });
var perSource = tool.Add(new Option<int?>("--max-per-source") { Description = "The most frames kept of one source, likewise." });
var pick = tool.Add(new Option<Pick>("--pick") { Description = "How to choose where there are more than wanted: random, or diverse, those that look least alike.", HelpName = "random|diverse" });
var labels = tool.Add(new Option<string[]>("--labels") { Description = "The labels to keep, such as A,B,C.", AllowMultipleArgumentsPerToken = false });
var rename = tool.Add(new Option<string[]>("--rename") { Description = "Give labels another name, such as del=delete.", HelpName = "old=new" });
var labelPattern = tool.Add(new Option<string?>("--label-pattern") { Description = "Find labels of images in the names of their files, by a regular expression such as '(?<label>[A-Za-z]+)\\d*_test'.", HelpName = "regex" });
var where = tool.Add(new Option<string?>("--where") { Description = $"Keep only frames that meet a condition, such as \"signer <> 's2' and sharpness > 0.4\". Columns: {string.Join(", ", Where.Columns)}.", HelpName = "condition" });
var check = tool.Add(new Option<string[]>("--check") { Description = $"Cull what fails a check. Cull by default: {Shown(CheckAction.Cull)}.", HelpName = "name[=threshold]" });
var flag = tool.Add(new Option<string[]>("--flag") { Description = $"Keep what fails a check but note it. Flag by default: {Shown(CheckAction.Flag)}.", HelpName = "name[=threshold]" });
var noCheck = tool.Add(new Option<string[]>("--no-check") { Description = "Leave a check out.", HelpName = "name" });
var seed = tool.Add(new Option<int>("--seed") { Description = "What random choices start from.", DefaultValueFactory = _ => defaults.Seed });
var valid = tool.Add(new Option<double>("--valid") { Description = "The part for validation.", DefaultValueFactory = _ => defaults.Valid });
var test = tool.Add(new Option<double>("--test") { Description = "The part for the test.", DefaultValueFactory = _ => defaults.Test });
var validSigner = tool.Add(new Option<string[]>("--valid-signer") { Description = "Signers held out for validation, instead of a part." });
var testSigner = tool.Add(new Option<string[]>("--test-signer") { Description = "Signers held out for the test, instead of a part." });
var validSession = tool.Add(new Option<string[]>("--valid-session") { Description = "Sessions held out for validation." });
var testSession = tool.Add(new Option<string[]>("--test-session") { Description = "Sessions held out for the test." });
var validSource = tool.Add(new Option<string[]>("--valid-source") { Description = "Sources held out for validation, by the name of their file or folder." });
var testSource = tool.Add(new Option<string[]>("--test-source") { Description = "Sources held out for the test, likewise." });
var cullLeaks = tool.Add(new Option<bool>("--cull-leaks") { Description = "Set aside what looks the same as a held-out frame; without it such a split is refused." });
var report = tool.Add(new Option<string?>("--report") { Description = "The page to look at; beside the manifest and named like it if not given.", HelpName = "html" });
var copy = tool.Add(new Option<bool>("--copy") { Description = "Copy the kept pictures beside the manifest, into a folder for each label." });
var export = tool.Add(new Option<ExportFormat[]>("--export") { Description = "Also write imagefolder (split/label/picture), csv, or webdataset (tar shards), beside the manifest and named like it.", HelpName = "imagefolder|csv|webdataset" });
var shard = tool.Add(new Option<int>("--shard-mb") { Description = "The largest shard of a webdataset, in MiB.", DefaultValueFactory = _ => (int)(Exporter.ShardBytes >> 20) });

return tool.Run(args, run =>
{
    var summary = new Culler(new CullOptions
    {
        Sources = run.Get(sources), Output = run.Get(output), PerLabel = run.Get(perLabel), Labels = Names.In(run.Get(labels)),
        Renames = Names.Pairs("--rename", run.Get(rename)), LabelPattern = run.Get(labelPattern), Where = run.Get(where) is { } condition ? Where.Parse(condition) : null,
        Checks = Check.From(Names.In(run.Get(check)), Names.In(run.Get(flag)), Names.In(run.Get(noCheck))), Seed = run.Get(seed),
        Valid = run.Get(valid), Test = run.Get(test), ValidSigners = Names.In(run.Get(validSigner)), TestSigners = Names.In(run.Get(testSigner)), Copy = run.Get(copy),
        Oversample = run.Get(oversample), MaxPerSource = run.Get(perSource), Pick = run.Get(pick),
        ValidSessions = Names.In(run.Get(validSession)), TestSessions = Names.In(run.Get(testSession)),
        ValidSources = Names.In(run.Get(validSource)), TestSources = Names.In(run.Get(testSource)), CullLeaks = run.Get(cullLeaks),
    }, run.Progress).Run(run.Cancelled);

    var exports = run.Get(export).Distinct().Select(format => Exporter.Write(summary.Manifest, format, Math.Max(1L, run.Get(shard)) << 20, run.Progress, run.Cancelled)).ToList();
    var page = Path.GetFullPath(run.Get(report) ?? Path.ChangeExtension(summary.Manifest, ".html"));
    CullReport.Write(page, summary, run.Get(perLabel));

    if (run.Verbose && summary.Indexed > 0)
    {
        run.Say(FormattableString.Invariant($"{summary.Indexed} pictures indexed in {summary.IndexSeconds:0.00} s, {summary.Known} of them known from before"));
    }
    foreach (var warning in summary.Warnings)
    {
        run.Warn(warning);
    }
    foreach (var line in Chart.Lines(summary))
    {
        run.Result(line);
    }
    exports.ForEach(made => run.Result($"export: {made}"));
    run.Result($"report: {page}");
    run.Json(new { summary.Frames, summary.Kept, summary.Culled, summary.Labels, summary.Splits, summary.Manifest, summary.SplitLabels, summary.Notes, summary.Warnings, summary.Flagged, Index = new { Pictures = summary.Indexed, summary.Known, Seconds = summary.IndexSeconds }, Report = page, Exports = exports });
    return 0;
});

static string Shown(CheckAction action) => string.Join(", ", Check.Defaults.Where(check => check.Action == action).Select(check => check.Shown));
