namespace SignData.Dataset.Batches;

/// <summary>How much the packs of a run may keep, together with what other runs have left in the same folder.</summary>
/// <param name="bytes">In all.</param>
/// <param name="say">Where a line goes when that is used up.</param>
internal sealed class PackRoom(long bytes, Action<string>? say)
{
    private long used, expected;
    private bool said;

    /// <summary>The files of this run's packs.</summary>
    public List<string> Open { get; } = [];

    /// <summary>Takes some; false where there is not as much left.</summary>
    public bool Take(long wanted)
    {
        if (Interlocked.Add(ref used, wanted) <= bytes)
        {
            return true;
        }
        Interlocked.Add(ref used, -wanted);
        if (bytes > 0 && !Interlocked.Exchange(ref said, true))
        {
            say?.Invoke($"{bytes >> 20} MiB of decoded frames are kept; the others are decoded in each epoch (--cache-mb keeps more).");
        }
        return false;
    }

    /// <summary>Counts what is there already.</summary>
    public void Use(long there)
    {
        Interlocked.Add(ref used, there);
        Interlocked.Add(ref expected, there);
    }

    /// <summary>Removes packs of other runs, the longest unused first, until there is room for what one of this run's will gain.</summary>
    /// <param name="wanted">In bytes.</param>
    /// <param name="folder">The packs'.</param>
    /// <returns>Free bytes of the disk.</returns>
    public long MakeFor(long wanted, string folder)
    {
        long held = Interlocked.Add(ref expected, wanted);
        FileInfo[] others = [.. new DirectoryInfo(folder).EnumerateFiles("*" + PicturePack.Ending).Where(f => !Open.Contains(f.FullName)).OrderByDescending(f => f.LastWriteTimeUtc)];
        foreach (FileInfo other in others)
        {
            held += other.Length;
            if (held > bytes)
            {
                other.Delete();
                File.Delete(other.FullName + PicturePack.LockEnding);
            }
        }
        return new DriveInfo(folder).AvailableFreeSpace;
    }
}

/// <summary>By what a file is known to be unchanged.</summary>
/// <param name="Bytes">Its length.</param>
/// <param name="Time">When it was last written, in 100 ns.</param>
internal readonly record struct FileStamp(long Bytes, long Time)
{
    /// <summary>Of a file; nothing of one that is not there.</summary>
    public static FileStamp Of(string path)
    {
        FileInfo file = new(path);
        return file.Exists ? new(file.Length, file.LastWriteTimeUtc.Ticks) : default;
    }
}
