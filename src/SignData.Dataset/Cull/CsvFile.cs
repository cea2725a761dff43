using System.Text;
using SignData.Core;

namespace SignData.Dataset;

/// <summary>The records of a CSV file: fields between commas, quoted where they hold commas, quotes or line breaks (RFC 4180).</summary>
internal static class CsvFile
{
    private const int LongestRecord = 1 << 20;

    /// <summary>Reads records one by one; empty lines are none.</summary>
    /// <param name="path">An existing file, in UTF-8.</param>
    /// <returns>The number of the record's first line, from 1, and its fields.</returns>
    /// <exception cref="InputException">A record is longer than 1 MiB, or a quote is not closed.</exception>
    public static IEnumerable<(int Line, string[] Fields)> Read(string path)
    {
        using var reader = new StreamReader(path, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, 1 << 16);
        var (fields, field, line, first, length, quoted) = (new List<string>(), new StringBuilder(), 1, 1, 0, false);
        for (int next; (next = reader.Read()) >= 0;)
        {
            var c = (char)next;
            if (++length > LongestRecord)
            {
                throw new InputException($"'{path}' line {first} is longer than {LongestRecord >> 20} MiB: it is no CSV of frames.");
            }
            if (quoted)
            {
                if (c == '"' && reader.Peek() == '"')
                {
                    field.Append((char)reader.Read());
                }
                else if (c == '"')
                {
                    quoted = false;
                }
                else
                {
                    field.Append(c);
                }
            }
            else if (c == '"' && field.Length == 0)
            {
                quoted = true;
            }
            else if (c == ',')
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else if (c == '\n')
            {
                if (fields.Count > 0 || field.Length > 0)
                {
                    yield return (first, [.. fields, field.ToString()]);
                }
                fields.Clear();
                field.Clear();
                (first, length) = (line + 1, 0);
            }
            else if (c != '\r')
            {
                field.Append(c);
            }
            line += c == '\n' ? 1 : 0;
        }
        if (quoted)
        {
            throw new InputException($"'{path}' line {first}: a quote is not closed.");
        }
        if (fields.Count > 0 || field.Length > 0)
        {
            yield return (first, [.. fields, field.ToString()]);
        }
    }
}
