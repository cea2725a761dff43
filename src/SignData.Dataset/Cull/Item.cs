using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace SignData.Dataset;

/// <summary>A frame on its way through culling.</summary>
/// <param name="file">Where its picture lies, absolute.</param>
/// <param name="row">As it was read.</param>
/// <param name="source">What it came from.</param>
internal sealed class Item(string file, FrameRow row, SourceRow source)
{
    public string File { get; } = file;
    public FrameRow Row { get; } = row;
    public SourceRow Source { get; } = source;
    public string Label => Row.Label;

    /// <summary>Null while kept.</summary>
    public string? Culled { get; set; } = row.Culled;

    /// <summary>The number of its run of look-alikes.</summary>
    public int LookAlikes { get; set; }

    public string? Split { get; set; }

    /// <summary>What it shares with the frames that must not be on the other side of a split; null when that is unknown at this level.</summary>
    public string? Group(SplitLevel level) => level switch
    {
        SplitLevel.Signer => Source.Signer,
        SplitLevel.Session => Source.Session is { } session ? $"{Source.Signer}\u001f{session}" : null,
        SplitLevel.Source => Source.Kind == "folder" ? null : Source.Sha256 ?? Source.Path,
        _ => $"{LookAlikes}",
    };

    /// <summary>The group at a level, or at the first finer one where it is known.</summary>
    public string GroupFrom(SplitLevel level)
    {
        while (true)
        {
            if (Group(level) is { } group)
            {
                return $"{level}\u001f{group}";
            }
            level++;
        }
    }

    /// <summary>A number that depends on the seed and the key alone: what random order is made of.</summary>
    public static ulong Draw(int seed, string key) => BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}\u001f{key}")));
}

/// <summary>What a split keeps together, from the most honest to the least.</summary>
internal enum SplitLevel
{
    /// <summary>A person.</summary>
    Signer,

    /// <summary>One sitting of a person.</summary>
    Session,

    /// <summary>One video.</summary>
    Source,

    /// <summary>A run of pictures that look alike.</summary>
    LookAlikes,
}
