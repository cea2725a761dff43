using SignData.Cli;
using SignData.Core;
using SignData.Dataset;
using SignData.Dataset.Augmenting;
using SignData.Dataset.Batches;
using SignData.Vision;

namespace SignData.Augment;

/// <summary>augment --preview.</summary>
internal static class Sheet
{
    private const int MostTile = 256;

    public static void Write(ToolRun run, Manifest manifest, Recipe recipe, string picture, int rows, int draws, int size, int seed)
    {
        IReadOnlyList<FrameRow> frames = LearningSet.Of(manifest).Train;
        if (frames.Count == 0)
        {
            throw new InputException($"'{manifest.Path}' has no frames to learn from.");
        }
        // Spread over all, so that labels and signers differ.
        rows = Math.Min(rows, frames.Count);
        (string, int)[] shown = [.. Enumerable.Range(0, rows).Select(i => (int)(((i + 0.5) * frames.Count) / rows)).Select(n => (manifest.PathOf(frames[n]), n))];
        ImageFile.Write(picture, AugmentSheet.Draw(shown, recipe, draws, Math.Min(size, MostTile), seed));
        run.Result($"{rows} frames, {draws} draws each by '{recipe.Name}': {picture}");
        run.Json(new { recipe = recipe.Name, frames = rows, draws, picture });
    }
}
