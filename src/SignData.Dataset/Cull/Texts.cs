using System.Text;

namespace SignData.Dataset;

/// <summary>Texts of millions of frames: one string for equal ones, and names as UTF-8 in blocks, in a third of the memory of strings. For one thread at a time.</summary>
internal sealed class Texts
{
    private const int BlockLength = 1 << 20, LengthBytes = sizeof(ushort);

    private readonly Dictionary<string, string> strings = new(StringComparer.Ordinal);
    private byte[] block = [];
    private int used;

    /// <summary>One string for equal ones.</summary>
    public string Same(ReadOnlySpan<char> text)
    {
        var known = strings.GetAlternateLookup<ReadOnlySpan<char>>();
        if (!known.TryGetValue(text, out var same))
        {
            known[text] = same = text.ToString();
        }
        return same;
    }

    /// <summary>Takes a text up.</summary>
    /// <param name="text">Of at most 65,535 bytes; a name of a file has 255.</param>
    /// <returns>Where <see cref="At"/> finds it.</returns>
    public (byte[] Block, int Start) Put(ReadOnlySpan<char> text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        if (block.Length - used < LengthBytes + length)
        {
            (block, used) = (new byte[Math.Max(BlockLength, LengthBytes + length)], 0);
        }
        var start = used;
        BitConverter.TryWriteBytes(block.AsSpan(start), checked((ushort)length));
        used += LengthBytes + Encoding.UTF8.GetBytes(text, block.AsSpan(start + LengthBytes));
        return (block, start);
    }

    /// <summary>The bytes of a text.</summary>
    public static ReadOnlySpan<byte> At(byte[] block, int start) => block.AsSpan(start + LengthBytes, BitConverter.ToUInt16(block, start));

    /// <summary>As ordinal text, which differs from the order of bytes where surrogates are: they come before the last of the others.</summary>
    public static int Compare(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        var shared = a.CommonPrefixLength(b);
        return shared < a.Length && shared < b.Length ? Rank(a[shared]).CompareTo(Rank(b[shared])) : a.Length.CompareTo(b.Length);

        static int Rank(byte lead) => lead is 0xEE or 0xEF ? lead + 16 : lead;
    }
}
