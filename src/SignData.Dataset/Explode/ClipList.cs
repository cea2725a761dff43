using System.Text;
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
        try
        {
            list.Fill(File.ReadAllText(path, new UTF8Encoding(false, throwOnInvalidBytes: true)));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or DecoderFallbackException)
        {
            throw new InputException($"'{path}' cannot be read as UTF-8 text ({Files.Reason(failure)}): save it as CSV in UTF-8.", failure);
        }
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

    private void Fill(string text)
    {
        var (at, line) = (text.StartsWith('\uFEFF') ? 1 : 0, 1);
        var columns = Fields(text, ref at, ref line).Select(name => name.Trim().ToLowerInvariant()).ToList();
        int Column(string name) => columns.IndexOf(name);
        if (Column("path") < 0 || Column("label") < 0)
        {
            throw new InputException($"'{file}' begins with the columns '{Files.Printable(string.Join(", ", columns))}': name its columns path and label, and signer, session, lighting where known.");
        }
        while (at < text.Length)
        {
            var start = line;
            var fields = Fields(text, ref at, ref line);
            if (fields is [""])
            {
                continue;
            }
            if (fields.Count != columns.Count)
            {
                throw new InputException($"'{file}' has {fields.Count} values in line {start}, where {columns.Count} are named: mend that line.");
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

    /// <summary>The fields of the record that begins there; line ends within quotes belong to a field.</summary>
    private List<string> Fields(string text, ref int at, ref int line)
    {
        var (fields, field, first) = (new List<string>(), new StringBuilder(), line);
        while (true)
        {
            var quoted = at < text.Length && text[at] == '"';
            if (quoted)
            {
                for (at++; ; at++)
                {
                    if (at >= text.Length)
                    {
                        throw new InputException($"'{file}' opens a quote in line {first} that nothing closes: mend that line.");
                    }
                    if (text[at] == '"' && (at + 1 >= text.Length || text[++at] != '"'))
                    {
                        at += at + 1 >= text.Length && text[at] == '"' ? 1 : 0;
                        break;
                    }
                    line += text[at] == '\n' ? 1 : 0;
                    field.Append(text[at]);
                }
            }
            for (; at < text.Length && text[at] is not (',' or '\n' or '\r'); at++)
            {
                field.Append(text[at]);
            }
            fields.Add(field.ToString());
            field.Clear();
            if (at < text.Length && text[at] == ',')
            {
                at++;
                continue;
            }
            at += at < text.Length && text[at] == '\r' ? 1 : 0;
            if (at < text.Length && text[at] == '\n')
            {
                at++;
                line++;
            }
            return fields;
        }
    }
}
