using System.CommandLine;
using SignData.Augment;
using SignData.Cli;
using SignData.Core;
using SignData.Dataset;
using SignData.Dataset.Augmenting;

Tool tool = new("augment", """
    Varies pictures as training does: shows it, measures it, explains it, or makes a dataset of it.

    A recipe is a YAML file of steps: recipes/augment has those that are known by name and a schema for editors. What is drawn for a frame derives from
    seed, epoch and the frame alone, so training shows what this shows.
    """);
Argument<string?> manifest = tool.Add(new Argument<string?>("manifest") { Description = "A manifest, or a dataset's folder; --bench and --schema need none.", Arity = ArgumentArity.ZeroOrOne });
manifest.Validators.Add(result =>
{
    // An argument that may be left out would take an option that does not exist for itself.
    if (result.Tokens.Count > 0 && result.Tokens[0].Value.StartsWith('-'))
    {
        result.AddError($"'{result.Tokens[0].Value}' is no option.");
    }
});
Option<string> recipe = tool.Add(new Option<string>("--recipe", "-r") { Description = $"{string.Join(", ", Recipe.Names)}, or a YAML file.", DefaultValueFactory = _ => "standard" });
Option<string?> preview = tool.Add(new Option<string?>("--preview") { Description = "Draw frames beside what becomes of them: a .png or .jpg.", HelpName = "picture" });
Option<string?> output = tool.Add(new Option<string?>("--output", "-o") { Description = "Make a dataset: the frames, and varied copies of those to learn from.", HelpName = "folder" });
Option<int> copies = tool.Add(Number.Within("--copies", "Varied copies of each frame to learn from.", 3, 1, 1000));
Option<bool> bench = tool.Add(new Option<bool>("--bench") { Description = "Measure every recipe and step: images a second on one core." });
Option<double> seconds = tool.Add(new Option<double>("--seconds") { Description = "How long each is measured, three times.", DefaultValueFactory = _ => 0.25 });
Option<string?> replay = tool.Add(new Option<string?>("--replay") { Description = "Print what is done to a frame: its path in the manifest, or its number among those to learn from.", HelpName = "frame" });
Option<bool> schema = tool.Add(new Option<bool>("--schema") { Description = "Print the JSON schema of recipes." });
Option<int> size = tool.Add(Number.Within("--size", "The side of the result, in pixels.", 224, 8, 2048));
Option<int> rows = tool.Add(Number.Within("--rows", "Frames on a preview.", 6, 1, 64));
Option<int> draws = tool.Add(Number.Within("--draws", "Draws of each frame on a preview.", 6, 1, 32));
Option<int> epoch = tool.Add(Number.Within("--epoch", "The epoch that is replayed, from 0.", 0, 0, 100_000));
Option<int> epochs = tool.Add(Number.Within("--epochs", "The epochs of the run that is replayed, over which some recipes grow; 0 for a recipe in full strength.", 0, 0, 100_000));
Option<int> seed = tool.Add(Number.Within("--seed", "What every random choice derives from.", 1, int.MinValue, int.MaxValue));
Option<int> threads = tool.Add(Number.Within("--threads", "Pictures made at once; the result does not depend on it. 0 for all cores.", 0, 0, 1024));

return tool.Run(args, run =>
{
    Recipe chosen = Recipe.Named(run.Get(recipe));
    if (run.Get(schema))
    {
        run.Result(RecipeSchema.Text.TrimEnd());
        return 0;
    }
    if (run.Get(bench))
    {
        return Bench.Run(run, chosen, run.Get(manifest), run.Get(size), run.Get(seconds));
    }
    if (run.Get(manifest) is not { } path)
    {
        throw new InputException("There is no manifest to take frames from; name one, or measure with --bench.");
    }
    using Manifest frames = Manifest.Open(path);
    if (run.Get(replay) is { } frame)
    {
        Recipe then = run.Get(epochs) > 0 ? chosen.After((float)run.Get(epoch) / run.Get(epochs)) : chosen;
        Replay.Run(run, frames, then, frame, run.Get(seed), run.Get(epoch), run.Get(size), run.Get(preview));
    }
    else if (run.Get(output) is { } folder)
    {
        if (chosen.Mix.Count > 0)
        {
            run.Warn($"a file has one label: {chosen.Mix[0].Name} of '{chosen.Name}' is left out here, training does it.");
        }
        AugmentSummary made = new AugmentedSet(frames, folder, chosen, run.Get(copies), run.Get(size), run.Get(seed))
            .Make(run.Get(threads) > 0 ? run.Get(threads) : Environment.ProcessorCount, run.Progress, run.Cancelled);
        run.Result($"{made.Frames} frames and {made.Copies} varied copies in {made.Manifest}{(made.Unreadable > 0 ? $"; {made.Unreadable} cannot be read" : "")}");
        run.Json(made);
    }
    else if (run.Get(preview) is { } picture)
    {
        Sheet.Write(run, frames, chosen, picture, run.Get(rows), run.Get(draws), run.Get(size), run.Get(seed));
    }
    else
    {
        throw new InputException("There is nothing to do; ask for --preview sheet.png, -o dataset, --replay frame or --bench.");
    }
    return 0;
});
