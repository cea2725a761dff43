using System.CommandLine;
using SignData.Cli;
using SignData.Dataset;

namespace SignData.Cull;

/// <summary><c>cull diff</c>: what two manifests treat differently.</summary>
internal static class DiffTool
{
    private const int Few = 10;

    public static int Run(string[] args)
    {
        var tool = new Tool("cull diff", """
            Tells what came, what went and what changed split, label or picture from one manifest to another, and why.
            Frames are matched by file, else by the bytes of their pictures. Lists ten of each; all with -v.
            """);
        var a = tool.Add(new Argument<string>("a") { Description = "The older manifest or dataset." });
        var b = tool.Add(new Argument<string>("b") { Description = "The newer." });

        return tool.Run(args, run =>
        {
            var diff = ManifestDiff.Of(run.Get(a), run.Get(b));
            var reasons = diff.Changes.GroupBy(change => change.Change)
                .ToDictionary(change => change.Key, change => change.CountBy(Reason).OrderByDescending(why => why.Value).ThenBy(why => why.Key, StringComparer.Ordinal).ToDictionary());
            foreach (var option in diff.Options)
            {
                run.Result($"made with {option}");
            }
            foreach (var change in diff.Changes.GroupBy(change => change.Change))
            {
                run.Result($"{change.Count(),8} {change.Key}");
                foreach (var (why, count) in reasons[change.Key].Take(run.Verbose ? int.MaxValue : Few))
                {
                    run.Result($"{count,12} {why}");
                }
                foreach (var frame in change.Take(run.Verbose ? int.MaxValue : Few))
                {
                    run.Result($"             {Path.GetRelativePath(Environment.CurrentDirectory, frame.Path)}{(run.Verbose ? $": {frame.Why}" : "")}");
                }
            }
            run.Result($"{diff.Same,8} the same; {diff.KeptA} kept before, {diff.KeptB} now");
            run.Json(new
            {
                diff.KeptA,
                diff.KeptB,
                diff.Same,
                diff.Options,
                Came = Of("came"),
                Went = Of("went"),
                Split = Of("split"),
                Label = Of("label"),
                Picture = Of("picture"),
                Reasons = reasons,
                diff.Changes,
            });
            return 0;

            int Of(string change) => diff.Changes.Count(frame => frame.Change == change);
        });
    }

    /// <summary>What many frames have in common: the reason without what is each one's own.</summary>
    private static string Reason(FrameChange change) => change.Change switch
    {
        "split" => $"{change.From} to {change.To}, {change.Why}",
        "label" => $"{change.From} to {change.To}",
        "came" => change.Why.Split(": ") is [var set, var reason, ..] ? $"{set}: {reason}" : change.Why,
        _ => change.Why.Split(':')[0],
    };
}
