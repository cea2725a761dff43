using System.Globalization;
using SignData.Core;
using SignData.Vision;

namespace SignData.Dataset;

/// <summary>Frames that a CSV tells of: paths with their labels, or the pixels themselves as Sign Language MNIST has them.</summary>
internal static class CsvFrames
{
    private const int Side = 28, Pixels = Side * Side;

    private static readonly string[] PathNames = ["path", "file", "filename", "image"];

    /// <summary>Reads the frames; pixels become PNGs, in a folder for each label.</summary>
    /// <param name="csv">An existing file with a line of names: path, label and perhaps signer, session, lighting; or label and 784 pixels.</param>
    /// <param name="pictures">The folder for the pictures of pixels, made when needed.</param>
    /// <param name="cancelled">Ends the reading.</param>
    /// <exception cref="InputException">The file is neither, or a line of it is wrong.</exception>
    public static IReadOnlyList<Found> Find(string csv, string pictures, CancellationToken cancelled)
    {
        using var records = CsvFile.Read(csv).GetEnumerator();
        if (!records.MoveNext())
        {
            throw new InputException($"'{csv}' is empty: it needs a line of names (path, label) and a line for each frame.");
        }
        var names = Array.ConvertAll(records.Current.Fields, name => name.Trim().ToLowerInvariant());
        var found = new List<Found>();
        var label = Array.IndexOf(names, "label");
        var path = Array.FindIndex(names, PathNames.Contains);
        if (label == 0 && path < 0 && (names.Length > Pixels / 2 || names.Contains("pixel1")))
        {
            // A wrong line is found before a picture is written.
            _ = ReadPixels(csv, cancelled).Count();
            AddPixels(found, csv, pictures, cancelled);
        }
        else if (label >= 0 && path >= 0)
        {
            AddPaths(found, csv, records, names, path, label);
        }
        else
        {
            throw new InputException($"'{csv}' has the columns {string.Join(", ", names.Take(8).Select(Files.Printable))}: it needs path and label, or label and {Pixels} pixels.");
        }
        return found.Count > 0 ? found : throw new InputException($"'{csv}' names no frame: it needs a line for each.");
    }

    private static void AddPaths(List<Found> found, string csv, IEnumerator<(int Line, string[] Fields)> records, string[] names, int path, int label)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(csv))!;
        var (signer, session, lighting) = (Array.IndexOf(names, "signer"), Array.IndexOf(names, "session"), Array.IndexOf(names, "lighting"));
        var sources = new Dictionary<(string?, string?, string?), SourceRow>();
        while (records.MoveNext())
        {
            var (line, fields) = records.Current;
            if (fields.Length != names.Length || fields[path].Length == 0 || fields[path].Contains('\0', StringComparison.Ordinal))
            {
                throw new InputException($"'{csv}' line {line} has {fields.Length} fields{(fields.Length == names.Length ? " but no path" : $", the first line names {names.Length}")}: mend the line.");
            }
            var who = (At(fields, signer), At(fields, session), At(fields, lighting));
            if (!sources.TryGetValue(who, out var source))
            {
                sources[who] = source = new SourceRow { Kind = "csv", Path = Path.GetFullPath(csv), Signer = who.Item1, Session = who.Item2, Lighting = who.Item3, Settings = $"{who}" };
            }
            found.Add(new Found(Path.GetFullPath(fields[path], folder), fields[label], found.Count, source));
        }

        static string? At(string[] fields, int column) => column >= 0 && fields[column].Trim() is { Length: > 0 } value ? value : null;
    }

    private static void AddPixels(List<Found> found, string csv, string pictures, CancellationToken cancelled)
    {
        var source = new SourceRow { Kind = "csv", Path = Path.GetFullPath(csv), Width = Side, Height = Side };
        var stem = Files.NameOf(Path.GetFileNameWithoutExtension(csv));
        foreach (var (label, picture) in ReadPixels(csv, cancelled))
        {
            var file = Path.Combine(pictures, label, string.Create(CultureInfo.InvariantCulture, $"{stem}-{found.Count:D6}.png"));
            var content = ImageFile.EncodePng(picture);
            if (new FileInfo(file) is not { Exists: true } there || there.Length != content.Length || !File.ReadAllBytes(file).AsSpan().SequenceEqual(content))
            {
                Files.MakeFolder(Path.GetDirectoryName(file)!);
                Files.WriteWhole(file, content);
            }
            found.Add(new Found(file, label, found.Count, source));
        }
    }

    private static IEnumerable<(string Label, Image Picture)> ReadPixels(string csv, CancellationToken cancelled)
    {
        foreach (var (line, fields) in CsvFile.Read(csv).Skip(1))
        {
            cancelled.ThrowIfCancellationRequested();
            if (fields.Length != Pixels + 1)
            {
                throw new InputException($"'{csv}' line {line} has {fields.Length - 1} pixels, {Pixels} make a picture: mend or remove the line.");
            }
            // J and Z move: stills cannot show them.
            if (!int.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is < 0 or > 25 or 9 or 25)
            {
                throw new InputException($"'{csv}' line {line} has the label '{Files.Printable(fields[0])}': labels are 0 to 24 for A to Y, without 9 (J moves).");
            }
            var picture = new Image(Side, Side, 1);
            for (var i = 0; i < Pixels; i++)
            {
                if (!byte.TryParse(fields[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out picture.Pixels[i]))
                {
                    throw new InputException($"'{csv}' line {line} has the value '{Files.Printable(fields[i + 1])}' for pixel {i + 1}: pixels are 0 to 255.");
                }
            }
            yield return ($"{(char)('A' + number)}", picture);
        }
    }
}
