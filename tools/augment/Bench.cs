using System.Globalization;
using SignData.Cli;
using SignData.Core;
using SignData.Dataset;
using SignData.Dataset.Augmenting;
using SignData.Dataset.Batches;
using SignData.Vision;

namespace SignData.Augment;

/// <summary>augment --bench.</summary>
internal static class Bench
{
    private const int MostFrames = 64;

    public static int Run(ToolRun run, Recipe chosen, string? manifest, int size, double seconds)
    {
        IReadOnlyList<Pyramid> pictures = manifest is null ? AugmentBench.Pictures(size) : Frames(manifest, size);
        Recipe[] recipes = [.. Recipe.Names.Select(Recipe.Named)];
        Recipe[] all = [.. recipes.Any(r => r.Name == chosen.Name) ? recipes : [.. recipes, chosen], .. AugmentBench.Steps()];
        Dictionary<string, double> rates = [];
        foreach (Recipe recipe in all)
        {
            rates.TryAdd(recipe.Name, Math.Round(AugmentBench.Rate(recipe, pictures, size, seconds, run.Cancelled), 1));
            run.Progress.Report(new Progress("bench", rates.Count, all.Length, recipe.Name));
            run.Result(string.Create(CultureInfo.InvariantCulture, $"{recipe.Name,-20}{rates[recipe.Name],12:0} images/s"));
        }
        if (manifest is not null)
        {
            rates["loader"] = Math.Round(Loader(manifest, chosen, size, run.Cancelled), 1);
            run.Result(string.Create(CultureInfo.InvariantCulture, $"{"loader",-20}{rates["loader"],12:0} images/s from files by '{chosen.Name}' on {Environment.ProcessorCount} cores"));
        }
        run.Json(rates);
        return 0;
    }

    private static double Loader(string path, Recipe recipe, int size, CancellationToken cancelled)
    {
        using Manifest manifest = Manifest.Open(path);
        return AugmentBench.LoaderRate(recipe, LearningSet.Pictures(manifest), size, 1, cancelled);
    }

    private static Pyramid[] Frames(string path, int size)
    {
        using Manifest manifest = Manifest.Open(path);
        IReadOnlyList<FrameRow> rows = LearningSet.Of(manifest).Train;
        return rows.Count == 0 ? throw new InputException($"'{path}' has no frames to learn from.")
            : [.. rows.Take(MostFrames).Select(r => new Pyramid(Resample.Resize(ImageFile.Read(manifest.PathOf(r), size), size, size)))];
    }
}
