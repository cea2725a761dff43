using System.CommandLine;
using SignData.Cli;
using SignData.Core;
using SignData.Training.Weights;

Tool tool = new("weights", """
    Lists the weights that torchvision and timm publish for the architectures here, and fetches them.

    A broken transfer goes on where it ended. Each file is checked: its name ends in the first 8 digits of its SHA-256, which is all that the
    publishers tell. `train --weights NAME` then takes it from the cache.
    """);
Argument<string[]> names = tool.Add(new Argument<string[]>("name") { Description = "What to fetch: names of the list, or addresses whose file names end in a hash as published ones do. Nothing lists what is known.", Arity = ArgumentArity.ZeroOrMore });
names.Validators.Add(result =>
{
    if (result.Tokens.FirstOrDefault(token => token.Value.StartsWith('-')) is { } option)
    {
        result.AddError($"There is no option '{option.Value}'.");
    }
});
Option<string> cache = tool.Add(new Option<string>("--cache") { Description = "Where the files are kept.", HelpName = "folder", DefaultValueFactory = _ => WeightCache.DefaultFolder });
Option<string?> mirror = tool.Add(new Option<string?>("--mirror") { Description = "A folder on the web that holds the files, in place of the publishers'.", HelpName = "url" });

return tool.Run(args, run =>
{
    WeightCache files = new(run.Get(cache));
    if (run.Get(names) is { Length: > 0 } wanted)
    {
        Uri? from = run.Get(mirror) is not { } text ? null : Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https" ? url
            : throw new InputException($"--mirror is '{text}'; give an address such as https://mirror.example/weights/.");
        KnownWeights[] known = [.. wanted.Select(KnownWeights.Named)];
        List<string> paths = [];
        foreach (KnownWeights one in known)
        {
            paths.Add(files.Fetch(one, from, run.Progress, run.Cancelled));
            run.Result(paths[^1]);
        }
        run.Json(new { Fetched = known.Zip(paths, (one, path) => new { one.Name, Path = path, Bytes = new FileInfo(path).Length }) });
        return 0;
    }
    run.Result("name                      publisher    SHA-256 begins with  here");
    foreach (KnownWeights one in KnownWeights.All)
    {
        run.Result($"{one.Name,-25} {one.Publisher,-12} {one.Sha256Prefix,-20} {(files.Find(one) is null ? "no" : "yes")}");
    }
    run.Json(new { Weights = KnownWeights.All.Select(one => new { one.Name, one.Architecture, one.Publisher, one.Url, Sha256 = one.Sha256Prefix, Path = files.Find(one) }) });
    return 0;
});
