using System.CommandLine;
using SignData.Capture.Web;
using SignData.Cli;
using SignData.Core;
using SignData.Dataset;
using SignData.Vision;

namespace SignData.Capture;

/// <summary>The options of capture.</summary>
internal sealed class Arguments(Tool tool)
{
    private readonly Argument<string?> dataset = tool.Add(new Argument<string?>("dataset") { Description = "The dataset's folder; one that is there is added to.", Arity = ArgumentArity.ZeroOrOne });
    private readonly Option<bool> list = tool.Add(new Option<bool>("--list-cameras") { Description = "List the cameras that are connected, with their formats." });
    private readonly Option<string> camera = tool.Add(new Option<string>("--camera") { Description = "An index, a device, an address, or a clip.", DefaultValueFactory = _ => "0", HelpName = "0|/dev/video2|http://phone:4747/video|clip.mp4" });
    private readonly Option<string?> size = tool.Add(new Option<string?>("--size") { Description = "Asked of the camera, such as 1280x720.", HelpName = "WxH" });
    private readonly Option<int> fps = tool.Add(Bounded(new Option<int>("--fps") { Description = "Asked of the camera; 0: its own choice." }, 0, 240));
    private readonly Option<bool> lockExposure = tool.Add(new Option<bool>("--lock-exposure") { Description = "Keep exposure and white balance as they are shortly after the start, where the driver can." });
    private readonly Option<int?> focus = tool.Add(new Option<int?>("--focus") { Description = "Autofocus off, and focus there, in the driver's own measure.", HelpName = "distance" });
    private readonly Option<string?> labels = tool.Add(new Option<string?>("--labels") { Description = "A file of lines 'KEY LABEL': other keys and labels.", HelpName = "file" });
    private readonly Option<string?> signer = tool.Add(new Option<string?>("--signer") { Description = "Who signs." });
    private readonly Option<string?> session = tool.Add(new Option<string?>("--session") { Description = "The sitting; the time of day unless given, or a clip's name." });
    private readonly Option<string> lighting = tool.Add(new Option<string>("--lighting") { Description = "The lights that Tab goes through.", DefaultValueFactory = _ => string.Join(',', new CaptureOptions { Output = "", Session = "" }.Lightings), HelpName = "a,b,..." });
    private readonly Option<int> target = tool.Add(Bounded(new Option<int>("--target") { Description = "Frames wanted of each label.", DefaultValueFactory = _ => 100 }, 1, 1_000_000));
    private readonly Option<string?> judged = tool.Add(new Option<string?>("--judged") { Description = "A manifest that eval has judged: the coach asks first for what the classifier confuses.", HelpName = "manifest" });
    private readonly Option<bool> noJudge = tool.Add(new Option<bool>("--no-judge") { Description = "Save every frame, blurry and near-identical ones too." });
    private readonly Option<double> minSharpness = tool.Add(Bounded(new Option<double>("--min-sharpness") { Description = "Below this (0 to 1) a frame is blurry in any light.", DefaultValueFactory = _ => 0.05 }, 0.0, 1.0));
    private readonly Option<bool> mirrored = tool.Add(new Option<bool>("--save-mirrored") { Description = "Save what the mirror shows rather than what the camera sees." });
    private readonly Option<int> quality = tool.Add(Bounded(new Option<int>("--quality") { Description = "Of the JPEGs.", DefaultValueFactory = _ => FrameStore.DefaultQuality }, 1, 100));
    private readonly Option<string?> script = tool.Add(new Option<string?>("--script") { Description = "Keys to press: lines 'TIME KEY DURATION', in seconds of the camera's clock.", HelpName = "file" });
    private readonly Option<string?> saveScript = tool.Add(new Option<string?>("--save-script") { Description = "Write down the keys that you press: with --script and the same clip they record the same frames.", HelpName = "file" });
    private readonly Option<bool> noWindow = tool.Add(new Option<bool>("--no-window") { Description = "Show nothing: needs --script." });
    private readonly Option<bool> web = tool.Add(new Option<bool>("--web") { Description = "Serve a page that records with the browser's camera and the same keys." });
    private readonly Option<string> listen = tool.Add(new Option<string>("--listen") { Description = "Where the page is served: localhost, 0.0.0.0, or an address of this machine.", DefaultValueFactory = _ => "localhost", HelpName = "address" });
    private readonly Option<int> port = tool.Add(Bounded(new Option<int>("--port") { Description = "Of the page; 0: any that is free.", DefaultValueFactory = _ => 8765 }, 0, 65535));
    private readonly Option<string?> token = tool.Add(new Option<string?>("--token") { Description = "What the page's address holds to keep others out; random unless given.", HelpName = "letters" });
    private readonly Option<string?> certificate = tool.Add(new Option<string?>("--certificate") { Description = "PEM with certificate and key: the page is https.", HelpName = "file" });
    private readonly Option<bool> insecure = tool.Add(new Option<bool>("--insecure") { Description = "Serve plain http beyond this machine, where the way is safe otherwise." });

    /// <summary>Adds what must be true of them together.</summary>
    public Arguments Checked()
    {
        dataset.Validators.Add(result =>
        {
            if (result.Tokens is [var folder] && folder.Value.StartsWith('-'))
            {
                result.AddError($"There is no option {folder.Value}; a folder of that name is written ./{folder.Value}.");
            }
        });
        noWindow.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<bool>() && result.GetResult(script) is null)
            {
                result.AddError("--no-window needs --script: without a window no key can be pressed.");
            }
        });
        web.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<bool>() && (result.GetResult(script) is not null || result.GetResult(camera) is { Implicit: false }))
            {
                result.AddError("--web takes camera and keys from the browser: leave out --camera and --script.");
            }
        });
        camera.Validators.Add(result =>
        {
            if (result.GetResult(dataset) is null or { Tokens.Count: 0 } && result.GetResult(list) is null or { Implicit: true })
            {
                result.AddError("A dataset's folder is missing.");
            }
        });
        return this;
    }

    /// <summary>Whether the cameras are asked for rather than a session.</summary>
    public bool OnlyLists(ToolRun run) => run.Get(list);

    /// <summary>Records a session.</summary>
    public CaptureSummary Record(ToolRun run)
    {
        var options = new CaptureOptions
        {
            Output = run.Get(dataset)!,
            Session = run.Get(session) ?? Cameras.SessionOfNow,
            Keys = run.Get(labels) is { } file ? KeyMap.Read(file) : KeyMap.Letters,
            Signer = run.Get(signer),
            Lightings = run.Get(lighting).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is { Length: > 0 } lights ? lights : throw new InputException("--lighting names no light: give at least one."),
            Judge = !run.Get(noJudge),
            MinSharpness = run.Get(minSharpness),
            Quality = run.Get(quality),
            Target = run.Get(target),
            Judged = run.Get(judged),
            SaveMirrored = run.Get(mirrored),
            RecordedAt = DateTimeOffset.UtcNow,
        };
        var (width, height) = Cameras.SizeOf(run.Get(size));
        if (run.Get(web))
        {
            var address = new WebAddress(run.Get(listen), run.Get(port), run.Get(token), run.Get(certificate), run.Get(insecure));
            return WebCapture.Run(options with { Device = "browser" }, address, (width > 0 ? width : 1280, height > 0 ? height : 720, run.Get(fps) is > 0 and var rate ? rate : 30), run.Get(saveScript), run);
        }
        var strokes = run.Get(script) is { } path ? KeyScript.Read(path, options.Keys) : [];
        var found = Camera.Find(run.Get(camera), new CameraOptions { Width = width, Height = height, FramesPerSecond = run.Get(fps), LockExposure = run.Get(lockExposure), Focus = run.Get(focus), Paced = !run.Get(noWindow) });
        options = options with { Device = found.Name };
        if (found.IsClip)
        {
            options = options with { Session = run.Get(session) ?? Path.GetFileNameWithoutExtension(found.Path), RecordedAt = null, Patient = run.Get(noWindow) };
        }
        using var recording = new Session(found, options, strokes, withWindow: !run.Get(noWindow), run.Get(saveScript));
        var summary = recording.Run(run.Cancelled);
        foreach (var missing in found.Missing)
        {
            run.Warn($"The camera {found.Name} has not {missing}.");
        }
        return summary;
    }

    private static Option<T> Bounded<T>(Option<T> option, T low, T high) where T : IComparable<T>
    {
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<T>() is { } value && (value.CompareTo(low) < 0 || value.CompareTo(high) > 0))
            {
                result.AddError($"{option.Name} {value} is not from {low} to {high}.");
            }
        });
        return option;
    }
}
