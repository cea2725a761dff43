using SignData.Core;

namespace SignData.Dataset;

/// <summary>What a line of a <see cref="ClipList"/> says of a video; null where it says nothing.</summary>
internal sealed record ClipListRow(string? Label, string? Signer, string? Session, string? Lighting);

/// <summary>
/// A CSV file (RFC 4180, UTF-8) that tells of videos: a line of column names, of which <c>path</c> and <c>label</c> must be and <c>signer</c>,
/// <c>session</c> and <c>lighting</c> may be there, then a line a video. Paths are absolute or relative to the file's folder; one that leads nowhere is taken for the end of a video's
/// path (<c>A_1.mp4</c>, <c>monday/A_1.mp4</c>).
/// </summary>
internal sealed class ClipList
{
    private const int MostBytes = 64 << 20;
    private const int LongestValue = 4096;

    private readonly string file;
    private readonly Dictionary<string, (ClipListRow Row, int Line)> rows = new(StringComparer.Ordinal);
    private readonly HashSet<string> used = new(StringComparer.Ordinal);

    private ClipList(string file) => this.file = file;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The CSV.</param>
    /// <exception cref="InputException">It is missing, too large or no such CSV, or tells of one video twice.</exception>
    public static ClipList Read(string path)
    {
        if (!Manifest.IsPlainFile(path))
        {
            throw new InputException($"'{path}' does not exist or is empty: name a CSV file with the columns path and label.");
        }
        if (new FileInfo(path).Length > MostBytes)
        {
            throw new InputException($"'{path}' is over {MostBytes >> 20} MiB: name a CSV file with the columns path and label.");
        }
        var list = new ClipList(path);
        list.Fill();
        return list;
    }

    /// <summary>What the file says of a video.</summary>
    /// <param name="clip">The video's absolute path.</param>
    /// <returns>Null when it says nothing.</returns>
    public ClipListRow? Of(string clip)
    {
        // From the whole path to the bare name.
        for (var (key, cut) = (clip, -1); ; key = clip[(cut + 1)..])
        {
            if (rows.TryGetValue(key, out var found))
            {
                used.Add(key);
                return found.Row;
            }
            cut = clip.IndexOf('/', cut + 1);
            if (cut < 0)
            {
                return null;
            }
        }
    }

    /// <summary>A warning for the lines that told of no video; null when there is none.</summary>
    public string? Unused()
    {
        var unused = rows.Where(row => !used.Contains(row.Key)).OrderBy(row => row.Value.Line).ToList();
        return unused.Count == 0 ? null
            : $"{file}: {unused.Count} of {rows.Count} lines tell of no video that was found, the first is line {unused[0].Value.Line}, '{Files.Printable(unused[0].Key)}': check its path.";
    }

    private void Fill()
    {
        using var records = CsvFile.Read(file).GetEnumerator();
        var columns = records.MoveNext() ? Array.ConvertAll(records.Current.Fields, name => name.Trim().ToLowerInvariant()) : [];
        int Column(string name) => Array.IndexOf(columns, name);
        if (Column("path") < 0 || Column("label") < 0)
        {
            throw new InputException($"'{file}' begins with the columns '{Files.Printable(string.Join(", ", columns))}': name its columns path and label, and signer, session, lighting where known.");
        }
        while (records.MoveNext())
        {
            var (start, fields) = records.Current;
            if (fields.Length != columns.Length)
            {
                throw new InputException($"'{file}' has {fields.Length} values in line {start}, where {columns.Length} are named: mend that line.");
            }
            string? Value(string name) => Column(name) is >= 0 and var column && fields[column].Trim() is { Length: > 0 } value ? value : null;
            if (fields.FirstOrDefault(field => field.Length > LongestValue || (field != Value("path") && field.Any(char.IsControl))) is not null)
            {
                throw new InputException($"'{file}' has a value in line {start} that is too long or holds control characters: mend that line.");
            }
            var path = Value("path") ?? throw new InputException($"'{file}' has no path in line {start}: mend that line.");
            var full = Path.GetFullPath(path, Path.GetDirectoryName(Path.GetFullPath(file))!);
            var row = new ClipListRow(Value("label"), Value("signer"), Value("session"), Value("lighting"));
            if (!rows.TryAdd(File.Exists(full) ? full : path, (row, start)))
            {
                throw new InputException($"'{file}' tells of '{Files.Printable(path)}' again in line {start}: keep one of its lines.");
            }
        }
    }
}
