using SignData.Core;

namespace SignData.Dataset;

/// <summary>Small text files of one thing a line.</summary>
internal static class TextLines
{
    /// <summary>The lines that are not empty and do not begin with #, with their numbers from 1.</summary>
    /// <exception cref="InputException">The file is missing, too large or cannot be read.</exception>
    public static IEnumerable<(int Number, string Line)> Of(string path, int mostBytes)
    {
        string[] lines;
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists)
            {
                throw new InputException(Directory.Exists(path) ? $"'{path}' is a folder: name a text file." : $"'{path}' does not exist: check the path.");
            }
            if (file.Length > mostBytes)
            {
                throw new InputException($"'{path}' has more than {mostBytes >> 10} KB: it is not the file that is meant here.");
            }
            lines = File.ReadAllLines(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"'{path}' cannot be read ({Files.Reason(failure)}).", failure);
        }
        return lines.Select((line, i) => (i + 1, line.Trim())).Where(line => line.Item2.Length > 0 && !line.Item2.StartsWith('#'));
    }
}
