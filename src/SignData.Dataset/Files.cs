using System.Security.Cryptography;
using System.Text;
using SignData.Core;

namespace SignData.Dataset;

/// <summary>Files and names as a dataset needs them: whole or not at all, and never outside their folder.</summary>
internal static class Files
{
    private const int LongestName = 80;

    /// <summary>What marks a file that is being written; one that a killed tool left is nobody's.</summary>
    public const string Unfinished = ".part";

    /// <summary>Makes a folder with its parents.</summary>
    public static void MakeFolder(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"the folder '{path}' cannot be made ({Reason(failure)}): choose another output or free some space.", failure);
        }
    }

    /// <summary>Writes a file; one that cannot be written whole is removed.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        try
        {
            try
            {
                File.WriteAllBytes(path, content);
            }
            catch
            {
                File.Delete(path);
                throw;
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(path, failure);
        }
    }

    /// <summary>Writes a file under a temporary name, then gives it its own: it is there whole or not at all.</summary>
    public static void WriteWhole(string path, ReadOnlySpan<byte> content)
    {
        Write(path + Unfinished, content);
        Rename(path + Unfinished, path);
    }

    /// <summary>Gives a file its final name; one that cannot have it is removed.</summary>
    public static void Rename(string from, string to)
    {
        try
        {
            File.Move(from, to, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            File.Delete(from);
            throw Unwritable(to, failure);
        }
    }

    /// <summary>SHA-256 of a file, in lower-case hexadecimal.</summary>
    public static string Sha256(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16, FileOptions.SequentialScan);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    /// <summary>A label as the name of its folder: letters, digits, '-', '_', '+', single spaces and dots stay, and nothing that means another folder.</summary>
    public static string NameOf(string text)
    {
        var name = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune) || rune.Value is '-' or '_' or '+')
            {
                name.Append(rune.ToString());
            }
            else
            {
                name.Append(rune.Value is ' ' or '.' && name.Length > 0 && char.IsLetterOrDigit(name[^1]) ? (char)rune.Value : '_');
            }
            if (name.Length >= LongestName)
            {
                break;
            }
        }
        var trimmed = name.ToString().TrimEnd('.', ' ');
        return trimmed.Length > 0 ? trimmed : "_";
    }

    /// <summary>Text from a file's name or content, fit for one line of a terminal.</summary>
    public static string Printable(string text)
    {
        var shown = string.Concat(text.Take(200).Select(c => char.IsControl(c) ? '?' : c));
        return text.Length > 200 ? shown + "…" : shown;
    }

    /// <summary>Compares names as people do: a2 before a10.</summary>
    public static int CompareNatural(string a, string b)
    {
        var (i, j) = (0, 0);
        while (i < a.Length && j < b.Length)
        {
            if (char.IsAsciiDigit(a[i]) && char.IsAsciiDigit(b[j]))
            {
                var x = DigitsAt(a, ref i);
                var y = DigitsAt(b, ref j);
                var order = x.Length != y.Length ? x.Length.CompareTo(y.Length) : x.CompareTo(y, StringComparison.Ordinal);
                if (order != 0)
                {
                    return order;
                }
            }
            else if (a[i] != b[j])
            {
                return a[i].CompareTo(b[j]);
            }
            else
            {
                i++;
                j++;
            }
        }
        var rest = (a.Length - i).CompareTo(b.Length - j);
        return rest != 0 ? rest : string.CompareOrdinal(a, b);
    }

    /// <summary>The system's reason without its path and full stop.</summary>
    public static string Reason(Exception failure)
    {
        var reason = failure.Message.Split(" : ")[0].TrimEnd('.');
        return failure is UnauthorizedAccessException ? "permission denied" : Printable(reason);
    }

    private static InputException Unwritable(string path, Exception failure) =>
        new($"'{path}' cannot be written ({Reason(failure)}): free some space or choose another output, then run again.", failure);

    private static ReadOnlySpan<char> DigitsAt(string text, ref int at)
    {
        while (at < text.Length - 1 && text[at] == '0' && char.IsAsciiDigit(text[at + 1]))
        {
            at++;
        }
        var start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            at++;
        }
        return text.AsSpan(start, at - start);
    }
}
