using System.Text.Json;
using SignData.Core;

namespace SignData.Dataset;

/// <summary>What a JSON file of the same name beside a video tells of its making.</summary>
/// <param name="Signer">Who signs.</param>
/// <param name="Session">The sitting.</param>
/// <param name="Lighting">The light.</param>
/// <param name="Device">The camera.</param>
internal sealed record ClipNotes(string? Signer, string? Session, string? Lighting, string? Device)
{
    private const int MostBytes = 16 << 20;
    private const int LongestValue = 200;

    /// <summary>Reads the notes of a video; none when there is no such file.</summary>
    /// <param name="video">The video's path.</param>
    /// <exception cref="InputException">The file is too large or is not a JSON object; the video can do without.</exception>
    public static ClipNotes Of(string video)
    {
        var path = Path.ChangeExtension(video, ".json");
        if (!Manifest.IsPlainFile(path))
        {
            return new ClipNotes(null, null, null, null);
        }
        if (new FileInfo(path).Length > MostBytes)
        {
            throw new InputException($"'{path}' is over {MostBytes >> 20} MiB: it is not read, give signer and session as options.");
        }
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new ClipNotes(Text("signer"), Text("session"), Text("lighting"), Text("device"))
                : throw new JsonException("no object");

            string? Text(string key) =>
                document.RootElement.TryGetProperty(key, out var value) && value.ValueKind is JsonValueKind.String or JsonValueKind.Number
                    && value.ToString().Trim() is { Length: > 0 and <= LongestValue } text && !text.Any(char.IsControl) ? text : null;
        }
        catch (Exception failure) when (failure is JsonException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            throw new InputException($"'{path}' cannot be read as JSON ({Files.Reason(failure)}): signer and session stay unknown, mend it or give them as options.", failure);
        }
    }
}
