using System.CommandLine;
using System.Globalization;
using SignData.Cli;
using SignData.Core;
using SignData.Vision;
using SignData.Vision.Synthesis;

SynthesisOptions defaults = new();
Tool tool = new("synth", "Makes clips of a synthetic signing hand, each with its truth beside it: OUTPUT/LETTER/SIGNER_LETTER_NUMBER.mp4 and .json; with --stills pictures of hands at rest, and OUTPUT/stills.csv, which cull takes.");
Option<string?> output = tool.Add(new Option<string?>("--output", "-o") { Description = "The folder for the clips; those that are there already are kept. Stills are drawn anew.", HelpName = "folder", DefaultValueFactory = _ => null });
Option<string?> sheet = tool.Add(new Option<string?>("--sheet") { Description = "Draw a contact sheet of every letter and signer: a .png or .jpg.", HelpName = "file" });
output.Validators.Add(result =>
{
    if (result.Implicit && result.GetResult(sheet) is null)
    {
        result.AddError("There is nothing to make; name a folder with -o, or a picture with --sheet.");
    }
});
Option<string> letters = tool.Add(Checked("--letters", "Some of the 24 letters that are handshapes, such as A,B,C.", string.Join(',', defaults.Letters), text => SynthesisOptions.ParseLetters(text)));
Option<string> signers = tool.Add(Checked("--signers", "How many signers, or their names, such as s1,s3.", "4", text => SynthesisOptions.ParseSigners(text)));
Option<string> size = tool.Add(Checked("--size", "The clips' size, even sides between 64 and 1920.", "320x240", text => SynthesisOptions.ParseSize(text)));
Option<int> clips = tool.Add(Ranged("--clips", "Clips per letter and signer.", defaults.Clips, 1, 999));
Option<int> stills = tool.Add(Ranged("--stills", "In place of each clip, so many pictures of the hand at rest; 0 for clips.", 0, 0, Clip.Holds));
Option<double> seconds = tool.Add(Ranged("--seconds", "The length of a clip.", defaults.Seconds, 0.5, 60));
Option<double> fps = tool.Add(Ranged("--fps", "Frames per second.", defaults.FramesPerSecond, 1, 120));
Option<ulong> seed = tool.Add(Ranged<ulong>("--seed", "The same seed makes the same clips.", defaults.Seed, 0, ulong.MaxValue));
Option<int> threads = tool.Add(Ranged("--threads", "Clips made at once; the clips do not depend on it.", defaults.Threads, 1, 1024));

return tool.Run(args, run =>
{
    (int width, int height) = SynthesisOptions.ParseSize(run.Get(size));
    SynthesisOptions options = new()
    {
        Letters = SynthesisOptions.ParseLetters(run.Get(letters)),
        Signers = SynthesisOptions.ParseSigners(run.Get(signers)),
        Clips = run.Get(clips),
        Seconds = run.Get(seconds),
        FramesPerSecond = run.Get(fps),
        Width = width, Height = height,
        Seed = run.Get(seed), Threads = run.Get(threads),
    };
    if (run.Get(sheet) is { } picture)
    {
        ImageFile.Write(picture, ContactSheet.Draw(options, run.Cancelled));
        run.Result($"The contact sheet is {picture}.");
    }
    if (run.Get(output) is { } pictures && run.Get(stills) is > 0 and int count)
    {
        StillsSummary made = SyntheticSet.MakeStills(pictures, options, count, run.Progress, run.Cancelled);
        run.Result($"{made.Stills} stills in {pictures}; the table for cull is {made.Table}.");
        run.Json(made);
    }
    else if (run.Get(output) is { } folder)
    {
        SynthesisSummary made = SyntheticSet.Make(folder, options, run.Progress, run.Cancelled);
        run.Result($"{made.Clips} clips, {made.Frames} frames in {folder}{(made.Skipped > 0 ? $" ({made.Skipped} clips were there already)" : "")}.");
        run.Json(made);
    }
    else
    {
        run.Json(new { sheet = run.Get(sheet) });
    }
    return 0;
});

static Option<string> Checked(string name, string description, string value, Action<string> parse)
{
    Option<string> option = new(name) { Description = description, DefaultValueFactory = _ => value };
    option.Validators.Add(result =>
    {
        try
        {
            parse(result.GetValueOrDefault<string>() ?? "");
        }
        catch (InputException e)
        {
            result.AddError(e.Message);
        }
    });
    return option;
}

static Option<T> Ranged<T>(string name, string description, T value, T least, T most)
    where T : struct, IParsable<T>, IComparable<T>
{
    return new(name)
    {
        Description = $"{description} {least} to {most}.",
        DefaultValueFactory = _ => value,
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (!T.TryParse(text, CultureInfo.InvariantCulture, out T given) || given.CompareTo(least) < 0 || given.CompareTo(most) > 0)
            {
                result.AddError($"{name} is '{text}'; give {least} to {most}.");
            }
            return given;
        },
    };
}
