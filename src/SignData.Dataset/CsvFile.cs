using System.Text;
using SignData.Core;

namespace SignData.Dataset;

/// <summary>The records of a CSV file: fields between commas, quoted where they hold commas, quotes or line breaks (RFC 4180), in UTF-8.</summary>
internal static class CsvFile
{
    private const int LongestRecord = 1 << 20;

    /// <summary>Reads records one by one; empty lines are none.</summary>
    /// <param name="path">An existing file.</param>
    /// <returns>The number of the record's first line, from 1, and its fields.</returns>
    /// <exception cref="InputException">It cannot be read or is no UTF-8, a record is longer than 1 MiB, or a quote is not closed.</exception>
    public static IEnumerable<(int Line, string[] Fields)> Read(string path)
    {
        using var reader = Reading(path, () => new StreamReader(path, new UTF8Encoding(false, throwOnInvalidBytes: true)));
        var (fields, field, line, first, length) = (new List<string>(), new StringBuilder(), 1, 1, 0);
        // A quote within a quoted field ends it, unless another one follows.
        var (quoted, quote) = (false, false);
        var buffer = new char[1 << 16];
        for (int count; (count = Reading(path, () => reader.Read(buffer))) > 0;)
        {
            for (var i = 0; i < count; i++)
            {
                var c = buffer[i];
                line += c == '\n' ? 1 : 0;
                if (++length > LongestRecord)
                {
                    throw new InputException($"'{path}' line {first} is longer than {LongestRecord >> 20} MiB: it is no CSV of frames or videos.");
                }
                if (quoted && quote && c != '"')
                {
                    quoted = quote = false;
                }
                if (quoted && c == '"' && !quote)
                {
                    quote = true;
                }
                else if (quoted)
                {
                    field.Append(c);
                    quote = false;
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
                    (first, length) = (line, 0);
                }
                else if (c != '\r')
                {
                    field.Append(c);
                }
            }
        }
        if (quoted && !quote)
        {
            throw new InputException($"'{path}' opens a quote in line {first} that nothing closes: mend that line.");
        }
        if (fields.Count > 0 || field.Length > 0)
        {
            yield return (first, [.. fields, field.ToString()]);
        }
    }

    private static T Reading<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or DecoderFallbackException)
        {
            throw new InputException($"'{path}' cannot be read as UTF-8 text ({Files.Reason(failure)}): save it as CSV in UTF-8.", failure);
        }
    }
}
