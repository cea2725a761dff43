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
        Sample[] frames = LearningSet.Pictures(manifest);
        if (frames.Length == 0)
        {
            throw new InputException($"'{manifest.Path}' has no frames to learn from.");
        }
        // Spread over all, so that labels and signers differ.
        rows = Math.Min(rows, frames.Length);
        int[] shown = [.. Enumerable.Range(0, rows).Select(i => (int)((i + 0.5) * frames.Length / rows))];
        ImageFile.Write(picture, AugmentSheet.Draw(frames, shown, recipe, draws, Math.Min(size, MostTile), seed));
        run.Result($"{rows} frames, {draws} draws each by '{recipe.Name}': {picture}");
        run.Json(new { recipe = recipe.Name, frames = rows, draws, picture });
    }
}
