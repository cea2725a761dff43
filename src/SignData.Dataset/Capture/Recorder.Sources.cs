using System.Text.Json;
using SignData.Core;

namespace SignData.Dataset;

public sealed partial class Recorder
{
    private readonly Dictionary<string, SourceRow> sources = [];

    /// <summary>The source of the light that is on: one for each, made when its first frame is kept.</summary>
    private SourceRow Source(LiveFrame first)
    {
        if (!sources.TryGetValue(Lighting, out var source))
        {
            manifest.Write(() =>
            {
                if (sources.Count == 0)
                {
                    manifest.Add(new ProvenanceRow("capture", typeof(Recorder).Assembly.GetName().Version!.ToString(3), Settings(), null, []));
                }
                var taken = manifest.Sources().Select(other => other.Path).ToHashSet(StringComparer.Ordinal);
                var name = $"capture/{options.Session}-{Lighting}";
                var path = Enumerable.Range(1, int.MaxValue).Select(i => i == 1 ? name : $"{name}-{i}").First(free => !taken.Contains(free));
                source = manifest.Put(new SourceRow
                {
                    Kind = "webcam",
                    Path = path,
                    Signer = options.Signer,
                    Session = options.Session,
                    Lighting = Lighting,
                    Device = Device,
                    RecordedAt = options.RecordedAt,
                    Width = first.Frame.Width,
                    Height = first.Frame.Height,
                    Settings = Settings(),
                });
            });
            sources[Lighting] = source!;
        }
        return source!;
    }

    /// <summary>Counts a frame of the light's source.</summary>
    /// <returns>The source as it shall stand; null when it cannot be written, which is the session's failure then.</returns>
    private SourceRow? Note(LiveFrame frame, string? reason)
    {
        try
        {
            var source = Source(frame);
            var counts = source.Rejected;
            if (reason is not null)
            {
                counts = new Dictionary<string, int>(counts) { [reason] = counts.GetValueOrDefault(reason) + 1 };
            }
            return sources[Lighting] = source with { Frames = source.Frames + 1, Rejected = counts };
        }
        catch (InputException full)
        {
            failure ??= full;
            return null;
        }
    }

    private string Settings() => JsonSerializer.Serialize(new
    {
        judge = options.Judge,
        min_sharpness = options.MinSharpness,
        mirrored = options.SaveMirrored,
        quality = options.Quality,
    });
}
