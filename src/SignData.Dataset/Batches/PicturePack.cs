using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using SignData.Core;

namespace SignData.Dataset.Batches;

/// <summary>
/// Pictures kept by number in one file: a header, a table of entries, then pixels as they came. A picture's entry is written after its pixels and holds their checksum, so
/// that it is there whole or not at all, whoever was killed when. One program at a time adds pictures; any number read them, also while they come. What cannot go
/// into the file is kept in memory.
/// </summary>
/// <remarks>Read, not mapped: a file that is cut short under a reader, or a disk that fails, is then an error and not the end of the program; the pages are the system's cache's either way.</remarks>
internal sealed class PicturePack : IDisposable
{
    /// <summary>How the files' names end.</summary>
    public const string Ending = ".pack";

    /// <summary>What the name of the file is followed by that who adds to it holds.</summary>
    public const string LockEnding = ".lock";

    // Raised whenever what is kept, or how, is no longer the same.
    private const string Format = "SignData pictures 1";
    private const int HeaderBytes = 64;

    private readonly string? path;
    private readonly byte[] header = new byte[HeaderBytes];
    private readonly Entry[] known;
    private readonly PackRoom room;
    private readonly Action<string>? say;
    private readonly ConcurrentDictionary<int, (Image, float)> inMemory = [];
    private readonly Lock writing = new();
    private FileStream? file, claim;
    private long end, limit = long.MaxValue;
    private bool closed, damaged;

    /// <summary>A pack; a file that is there and is of the same key is gone on with.</summary>
    /// <param name="path">The file, in a folder for packs alone; null keeps everything in memory.</param>
    /// <param name="key">What decides the pictures and their numbers; a file of another key is replaced.</param>
    /// <param name="count">The file has room for numbers from 0 to this, exclusive.</param>
    /// <param name="room">What this and others may keep.</param>
    /// <param name="say">Where a line goes when the file turns out to be damaged, or cannot be written.</param>
    public PicturePack(string? path, string key, int count, PackRoom room, Action<string>? say)
    {
        (this.path, this.room, this.say, known, closed) = (path, room, say, new Entry[count], path is null);
        Encoding.ASCII.GetBytes(Format, header);
        SHA256.HashData(Encoding.UTF8.GetBytes($"{key} {count}"), header.AsSpan(HeaderBytes - SHA256.HashSizeInBytes));
        if (path is not null)
        {
            room.Open.Add(path);
            Open();
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private record struct Entry(long Offset, FileStamp Source, int Width, int Height, int Channels, float Number, uint Checksum, uint Unused)
    {
        public readonly long Length => (long)Width * Height * Channels;

        public readonly uint Sum(int place, byte[] pixels)
        {
            Entry own = this with { Offset = place, Checksum = 0 };
            return Crc(Crc(0, MemoryMarshal.AsBytes(new ReadOnlySpan<Entry>(in own))), pixels);
        }
    }

    private static unsafe int EntryBytes => sizeof(Entry);

    private long TableEnd => TableAt(known.Length);

    /// <summary>A picture and the number that was kept with it; null if it is not here, or was made from another state of its source.</summary>
    /// <param name="place">Its number.</param>
    /// <param name="source">The file that it was made from.</param>
    public (Image Picture, float Number)? Read(int place, string source)
    {
        if (inMemory.TryGetValue(place, out (Image, float) kept))
        {
            return kept;
        }
        if (place >= known.Length || file is not { } from)
        {
            return null;
        }
        Entry entry = known[place];
        bool first = entry.Offset == 0;
        if (first && !Find(from, place, source, out entry))
        {
            return null;
        }
        Image picture = new(entry.Width, entry.Height, entry.Channels, GC.AllocateUninitializedArray<byte>((int)entry.Length));
        if (!Fill(from, picture.Pixels, entry.Offset) || (first && entry.Sum(place, picture.Pixels) != entry.Checksum))
        {
            known[place] = default;
            SayDamaged();
            return null;
        }
        known[place] = entry;
        return (picture, entry.Number);
    }

    /// <summary>Keeps a picture, if there is room.</summary>
    /// <param name="place">Its number.</param>
    /// <param name="source">What it was made from, as it was before.</param>
    /// <param name="picture">The picture.</param>
    /// <param name="number">A number to keep with it.</param>
    public void Write(int place, FileStamp source, Image picture, float number)
    {
        lock (writing)
        {
            bool isForFile = place < known.Length && Claim(picture.Pixels.Length);
            if (inMemory.ContainsKey(place) || (isForFile && known[place].Offset != 0) || (!isForFile && !closed && place < known.Length) || !room.Take(picture.Pixels.Length))
            {
                return;
            }
            if (!isForFile || !Append(place, new Entry(end, source, picture.Width, picture.Height, picture.Channels, number, 0, 0), picture.Pixels))
            {
                inMemory[place] = (picture, number);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        file?.Dispose();
        claim?.Dispose();
    }

    private bool Append(int place, Entry entry, byte[] pixels)
    {
        entry = entry with { Checksum = entry.Sum(place, pixels) };
        try
        {
            if (end + pixels.Length > limit)
            {
                throw new IOException("the disk is nearly full");
            }
            RandomAccess.Write(file!.SafeFileHandle, pixels, end);
            RandomAccess.Write(file.SafeFileHandle, MemoryMarshal.AsBytes(new ReadOnlySpan<Entry>(in entry)), TableAt(place));
        }
        catch (IOException failure)
        {
            Close(failure);
            return false;
        }
        end += pixels.Length;
        known[place] = entry;
        return true;
    }

    private bool Find(FileStream from, int place, string source, out Entry entry)
    {
        entry = default;
        if (!Fill(from, MemoryMarshal.AsBytes(new Span<Entry>(ref entry)), TableAt(place)) || entry.Offset == 0)
        {
            return false;
        }
        if (entry is { Width: > 0 and <= Image.MaxSide, Height: > 0 and <= Image.MaxSide, Channels: 1 or 3 } && entry.Offset >= TableEnd
            && entry.Length <= Image.MaxPixels && entry.Offset <= RandomAccess.GetLength(from.SafeFileHandle) - entry.Length)
        {
            return entry.Source == FileStamp.Of(source);
        }
        SayDamaged();
        return false;
    }

    // Whoever adds pictures makes and replaces files, and only once there is a picture to add.
    private bool Claim(int bytes)
    {
        if (claim is not null || closed)
        {
            return !closed;
        }
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            if (!Lock())
            {
                // Another program is adding; what it adds is found here, too.
                Open();
                return false;
            }
            Open();
            if (file is null)
            {
                Make();
            }
            if (!file!.CanWrite)
            {
                throw new UnauthorizedAccessException();
            }
            end = Math.Max(TableEnd, RandomAccess.GetLength(file.SafeFileHandle));
            // The rest of the disk is for what the user keeps on it.
            limit = end + (room.MakeFor(Math.Max(0, TableEnd + ((long)bytes * known.Length) - end), Path.GetDirectoryName(path)!) / 2);
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Close(failure);
            return false;
        }
    }

    private bool Lock()
    {
        try
        {
            claim = new FileStream(path + LockEnding, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            return true;
        }
        catch (IOException) when (File.Exists(path + LockEnding))
        {
            return false;
        }
    }

    private void Open()
    {
        if (file is not null || !File.Exists(path))
        {
            return;
        }
        FileStream there;
        try
        {
            there = Opened();
        }
        catch (IOException)
        {
            // Just removed, or of a disk that fails: as if there were none.
            return;
        }
        byte[] own = new byte[HeaderBytes];
        if (RandomAccess.GetLength(there.SafeFileHandle) < TableEnd || !Fill(there, own, 0) || !own.AsSpan().SequenceEqual(header))
        {
            there.Dispose();
            SayDamaged();
            return;
        }
        room.Use(RandomAccess.GetLength(there.SafeFileHandle));
        file = there;
        if (there.CanWrite)
        {
            File.SetLastWriteTimeUtc(there.SafeFileHandle, DateTime.UtcNow);
        }
    }

    private FileStream Opened()
    {
        try
        {
            return With(FileAccess.ReadWrite);
        }
        catch (UnauthorizedAccessException)
        {
            return With(FileAccess.Read);
        }

        FileStream With(FileAccess access) => new(path!, FileMode.Open, access, FileShare.ReadWrite | FileShare.Delete, 1);
    }

    private void Make()
    {
        using (FileStream made = new(path + Files.Unfinished, FileMode.Create, FileAccess.Write))
        {
            made.Write(header);
            made.SetLength(TableEnd);
        }
        File.Move(path + Files.Unfinished, path!, overwrite: true);
        Open();
    }

    private void Close(Exception failure)
    {
        closed = true;
        say?.Invoke($"'{path}' cannot be written ({Files.Reason(failure)}): what is decoded is kept in memory.");
    }

    private void SayDamaged()
    {
        if (!Interlocked.Exchange(ref damaged, true))
        {
            say?.Invoke($"'{path}' is damaged or of another version: what cannot be used of it is decoded again.");
        }
    }

    private static long TableAt(int place) => HeaderBytes + ((long)EntryBytes * place);

    private static bool Fill(FileStream from, Span<byte> bytes, long offset)
    {
        try
        {
            while (!bytes.IsEmpty)
            {
                int read = RandomAccess.Read(from.SafeFileHandle, bytes, offset);
                if (read == 0)
                {
                    return false;
                }
                bytes = bytes[read..];
                offset += read;
            }
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static uint Crc(uint sum, ReadOnlySpan<byte> bytes)
    {
        foreach (ulong word in MemoryMarshal.Cast<byte, ulong>(bytes))
        {
            sum = BitOperations.Crc32C(sum, word);
        }
        foreach (byte rest in bytes[(bytes.Length & ~7)..])
        {
            sum = BitOperations.Crc32C(sum, rest);
        }
        return sum;
    }
}
