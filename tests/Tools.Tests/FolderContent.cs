using System.Security.Cryptography;
using SignData.Dataset;

namespace SignData.Tools.Tests;

/// <summary>What lies in a folder, to be compared.</summary>
internal static class FolderContent
{
    /// <summary>Every file below a folder by its path with the hash of what it holds; locks and what reading a manifest leaves hold nothing.</summary>
    /// <param name="folder">Absolute; one that is not there holds nothing.</param>
    public static SortedDictionary<string, string> Of(string folder) => new(
        (Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories) : [])
            .Where(file => Path.GetFileName(file) != ".signdata-lock" && (IsUnfinished(file) || !(file.EndsWith("-wal", StringComparison.Ordinal) || file.EndsWith("-shm", StringComparison.Ordinal)))).ToDictionary(file => Path.GetRelativePath(folder, file), HashOf), StringComparer.Ordinal);

    /// <summary>Asserts that every frame of a manifest has its picture, with the bytes that its row names.</summary>
    public static void AssertWhole(string file)
    {
        using var manifest = Manifest.Open(file);
        Assert.All(manifest.Select(), row => Assert.Equal(row.Sha256, Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(manifest.PathOf(row))))));
    }

    /// <summary>Copies a folder with all that is in it.</summary>
    public static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private static bool IsUnfinished(string file) => Path.GetFileName(file).StartsWith(".part-", StringComparison.Ordinal);

    private static string HashOf(string file)
    {
        if (Path.GetExtension(file) == ".db" && !IsUnfinished(file))
        {
            // Two manifests of one content may differ in unused bytes.
            using var manifest = Manifest.Open(file);
            return manifest.ContentHash();
        }
        return Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));
    }
}
