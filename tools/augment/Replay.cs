using SignData.Cli;
using SignData.Core;
using SignData.Dataset;
using SignData.Dataset.Augmenting;
using SignData.Dataset.Batches;
using SignData.Vision;

namespace SignData.Augment;

/// <summary>augment --replay.</summary>
internal static class Replay
{
    public static void Run(ToolRun run, Manifest manifest, Recipe recipe, string frame, int seed, int epoch, int size, string? picture)
    {
        IReadOnlyList<FrameRow> frames = LearningSet.Of(manifest).Train;
        int number = int.TryParse(frame, out int given) ? given : Enumerable.Range(0, frames.Count).FirstOrDefault(i => frames[i].Path == frame, -1);
        if (number < 0 || number >= frames.Count)
        {
            throw new InputException($"'{frame}' is no frame to learn from in '{manifest.Path}'; give a path as its manifest has it, or a number from 0 to {frames.Count - 1}.");
        }
        List<string> notes = [];
        Image square = new(size, size);
        FrameCache cache = FrameCache.For(size, 0);
        Sample[] samples = LearningSet.Pictures(manifest);
        Pyramid original = cache.Read(samples[number].Path);
        Rendering rendering = new(new OtherFrames(samples, cache)) { Notes = notes };
        recipe.Render(rendering, new SampleRandom(seed, epoch, number), original, square.Pixels, 0, size, hasHand: samples[number].HasHand);
        run.Result($"{frames[number].Path}, frame {number}, seed {seed}, epoch {epoch}, recipe {recipe.Name}:");
        notes.ForEach(n => run.Result("  " + n));
        if (picture is not null)
        {
            ImageFile.Write(picture, square);
        }
        run.Json(new { frame = frames[number].Path, number, seed, epoch, recipe = recipe.Name, applied = notes, box = rendering.Box?.Inside() is { } b ? (float[])[b.Left, b.Top, b.Width, b.Height] : null, picture });
    }
}
