using System.CommandLine;
using SignData.Cli;
using SignData.Core;
using SignData.Dataset;

namespace SignData.Cull;

/// <summary><c>cull check</c>: what is on both sides of a split.</summary>
internal static class CheckTool
{
    public static int Run(string[] args)
    {
        var tool = new Tool("cull check", """
            Reports leakage: pictures, look-alikes, signers, sessions and videos that are on both sides, between the splits of a manifest and
            between all the sets that are named. Writes a page with the pairs side by side. Exit code 0 without a leak, 1 with one.
            """);
        var sets = tool.Add(new Argument<string[]>("sets") { Description = "Manifests, datasets, and plain folders that hold a folder of images for each label.", Arity = ArgumentArity.OneOrMore });
        var output = tool.Add(new Option<string>("--output", "-o") { Description = "The page.", HelpName = "html", DefaultValueFactory = _ => "leaks.html" });
        var distance = tool.Add(new Option<int>("--distance") { Description = "Bits of 64 in which the perceptual hashes of look-alikes differ at most.", DefaultValueFactory = _ => new LeakCheckOptions { Sets = [] }.Distance });
        var allow = tool.Add(new Option<string[]>("--allow") { Description = "What may be on both sides: exact, near, moment, signer, session, source." });

        return tool.Run(args, run =>
        {
            var summary = new LeakCheck(new LeakCheckOptions { Sets = run.Get(sets), Distance = run.Get(distance), Allowed = Kinds(run.Get(allow)) }, run.Progress).Run(run.Cancelled);
            var page = Path.GetFullPath(run.Get(output));
            LeakPage.Write(page, summary);
            foreach (var warning in summary.Warnings)
            {
                run.Warn(warning);
            }
            foreach (var side in summary.Sides)
            {
                run.Result($"{side.Frames,8} frames  {side.Name}");
            }
            foreach (var leak in summary.Leaks)
            {
                run.Result($"{leak.A} and {leak.B} share");
                foreach (var line in Lines(leak))
                {
                    run.Result("  " + line);
                }
            }
            run.Result(summary.Leaked ? "LEAKS" : summary.Leaks.Count > 0 ? "no leak but what is allowed" : "no leak");
            run.Result($"page: {page}");
            run.Json(new
            {
                summary.Frames,
                summary.Leaked,
                summary.ExactDuplicates,
                summary.NearDuplicates,
                summary.Moments,
                summary.Sides,
                Leaks = summary.Leaks.Select(leak => new { leak.A, leak.B, leak.Frames, leak.ExactDuplicates, leak.NearDuplicates, leak.Moments, leak.Signers, leak.Sessions, leak.Sources }),
                Pairs = summary.Pairs.Select(pair => new { Kind = $"{pair.Kind}".ToLowerInvariant(), pair.Distance, A = pair.PathA, B = pair.PathB, pair.LabelA, pair.LabelB, pair.SideA, pair.SideB }),
                summary.Warnings,
                Report = page,
            });
            return summary.Leaked ? 1 : 0;
        });
    }

    private static IEnumerable<string> Lines(Leak leak)
    {
        if (leak.ExactDuplicates > 0)
        {
            yield return $"{leak.ExactDuplicates} of {leak.Frames} frames byte by byte";
        }
        if (leak.NearDuplicates > 0)
        {
            yield return $"{leak.NearDuplicates} of {leak.Frames} frames that look alike";
        }
        if (leak.Moments > 0)
        {
            yield return $"{leak.Moments} of {leak.Frames} frames of one moment (a run of look-alike frames)";
        }
        foreach (var (kind, names) in new[] { ("signer", leak.Signers), ("session", leak.Sessions), ("video", leak.Sources) }.Where(shared => shared.Item2.Count > 0))
        {
            yield return $"{kind}{(names.Count == 1 ? "" : "s")} {string.Join(", ", names.Take(8))}{(names.Count > 8 ? $" and {names.Count - 8} more" : "")}";
        }
    }

    private static HashSet<LeakKind> Kinds(string[]? given) => [.. Names.In(given).Select(name =>
        Enum.GetNames<LeakKind>().Any(kind => kind.Equals(name, StringComparison.OrdinalIgnoreCase)) ? Enum.Parse<LeakKind>(name, ignoreCase: true)
            : throw new InputException($"--allow {name} is nothing that can be shared: give some of exact, near, moment, signer, session, source."))];
}
