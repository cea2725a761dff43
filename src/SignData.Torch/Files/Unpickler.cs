using System.Buffers.Binary;
using System.Text;

namespace SignData.Torch;

/// <summary>The memory of one or more tensors, as a pickle names it.</summary>
internal sealed record PickledStorage(string Key, ScalarType Type, long Elements, long Bytes);

/// <summary>A view of a storage, checked to lie inside it.</summary>
internal sealed record PickledTensor(PickledStorage Storage, long Offset, long[] Shape, long[] Strides);

/// <summary>A dict or an OrderedDict.</summary>
internal sealed class PickledDict
{
    internal List<(object? Key, object? Value)> Items { get; } = [];

    internal bool HoldsTensors => Items.Any(item => item.Value is PickledTensor);

    internal bool TryGet(string name, out object? value)
    {
        value = Items.LastOrDefault(item => item.Key is string key && key == name).Value;
        return value is not null;
    }
}

/// <summary>
/// Reads pickles (https://docs.python.org/3/library/pickletools.html) of plain values, dicts, lists, tuples and torch tensors. Python's own would call whatever
/// the file names; here names are compared with a list of a few, nothing is ever called, and any other name is refused.
/// </summary>
internal sealed partial class Unpickler(Stream source, string path)
{
    /// <summary>The first byte of every pickle since version 2.</summary>
    internal const byte Protocol = 0x80;

    /// <summary>The longest pickle, in bytes: a thousand tensors need a tenth of a megabyte, and every byte may make an object.</summary>
    internal const long MaxLength = 1 << 24;

    private static readonly object Mark = new();
    private readonly long end = source.Position + MaxLength;
    private readonly List<object?> stack = [];
    private readonly Dictionary<uint, object?> memo = [];

    private sealed record Global(string Name);

    /// <summary>The storages that the pickle named, by key.</summary>
    internal Dictionary<string, PickledStorage> Storages { get; } = new(StringComparer.Ordinal);

    /// <summary>The object of the pickle that begins here; the stream stands behind it afterwards. Whole numbers beyond 64 bits are their bytes.</summary>
    internal object? Load()
    {
        while (true)
        {
            byte opcode = source.Position < end ? Byte() : throw Bad($"its pickle is longer than {MaxLength} bytes");
            switch (opcode)
            {
                case Protocol: Byte(); break;
                case 0x95: Take(8); break;
                case (byte)'.': return Pop();
                case (byte)'(': stack.Add(Mark); break;
                case (byte)'0': Pop(); break;
                case (byte)'1': PopToMark(); break;
                case (byte)'2': stack.Add(Peek()); break;
                case (byte)'N': stack.Add(null); break;
                case 0x88: stack.Add(true); break;
                case 0x89: stack.Add(false); break;
                case (byte)'J': stack.Add((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4))); break;
                case (byte)'K': stack.Add((long)Byte()); break;
                case (byte)'M': stack.Add((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2))); break;
                case 0x8a: stack.Add(Whole(Take(Byte()))); break;
                case 0x8b: stack.Add(Whole(Take(Length4()))); break;
                case (byte)'G': stack.Add(BinaryPrimitives.ReadDoubleBigEndian(Take(8))); break;
                case 0x8c: stack.Add(Encoding.UTF8.GetString(Take(Byte()))); break;
                case (byte)'X': stack.Add(Encoding.UTF8.GetString(Take(Length4()))); break;
                case 0x8d: stack.Add(Encoding.UTF8.GetString(Take(Length8()))); break;
                case (byte)'U': stack.Add(Encoding.Latin1.GetString(Take(Byte()))); break;
                case (byte)'T': stack.Add(Encoding.Latin1.GetString(Take(Length4()))); break;
                case (byte)'C': stack.Add(Take(Byte())); break;
                case (byte)'B': stack.Add(Take(Length4())); break;
                case 0x8e: stack.Add(Take(Length8())); break;
                case (byte)'q': memo[Byte()] = Peek(); break;
                case (byte)'r': memo[BinaryPrimitives.ReadUInt32LittleEndian(Take(4))] = Peek(); break;
                case 0x94: memo[(uint)memo.Count] = Peek(); break;
                case (byte)'h': stack.Add(Remembered(Byte())); break;
                case (byte)'j': stack.Add(Remembered(BinaryPrimitives.ReadUInt32LittleEndian(Take(4)))); break;
                case (byte)'}': stack.Add(new PickledDict()); break;
                case (byte)']' or 0x8f: stack.Add(new List<object?>()); break;
                case (byte)')': stack.Add(Array.Empty<object?>()); break;
                case (byte)'t': stack.Add(PopToMark()); break;
                case 0x85: stack.Add(PopMany(1)); break;
                case 0x86: stack.Add(PopMany(2)); break;
                case 0x87: stack.Add(PopMany(3)); break;
                case (byte)'a': Extend(PopMany(1)); break;
                case (byte)'e' or 0x90: Extend(PopToMark()); break;
                case (byte)'s': SetItems(PopMany(2)); break;
                case (byte)'u': SetItems(PopToMark()); break;
                case (byte)'c': stack.Add(Allowed(Line(), Line())); break;
                case 0x93: stack.Add(StackGlobal()); break;
                case (byte)'R': Reduce(); break;
                case (byte)'b': Build(); break;
                case (byte)'Q': stack.Add(Persistent(Pop())); break;
                default: throw Bad($"its pickle has the unexpected opcode 0x{opcode:x2}");
            }
        }
    }

    private InvalidDataException Bad(string reason) => StateDict.Damaged(path, reason);

    private byte Byte() => source.ReadByte() is var value and >= 0 ? (byte)value : throw Bad("its pickle is cut off");

    private byte[] Take(long count)
    {
        if (count < 0 || count > Math.Min(source.Length, end) - source.Position)
        {
            throw Bad("its pickle is cut off");
        }
        var bytes = new byte[count];
        source.ReadExactly(bytes);
        return bytes;
    }

    private long Length4() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    private long Length8() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    private string Line()
    {
        var text = new StringBuilder();
        for (byte letter = Byte(); letter != '\n'; letter = Byte())
        {
            text.Append(text.Length < 256 ? (char)letter : throw Bad("its pickle has a name without an end"));
        }
        return text.ToString();
    }

    private static object Whole(byte[] bytes)
    {
        if (bytes.Length > sizeof(long))
        {
            return bytes;
        }
        long value = bytes.Length > 0 && bytes[^1] >= 0x80 ? -1 : 0;
        for (int i = bytes.Length - 1; i >= 0; i--)
        {
            value = value << 8 | bytes[i];
        }
        return value;
    }

    private object? Peek() => stack.Count > 0 ? stack[^1] : throw Bad("its pickle is damaged");

    private object? Pop()
    {
        object? top = Peek();
        stack.RemoveAt(stack.Count - 1);
        return top;
    }

    private object?[] PopMany(int count)
    {
        if (stack.Count < count)
        {
            throw Bad("its pickle is damaged");
        }
        object?[] items = stack.GetRange(stack.Count - count, count).ToArray();
        stack.RemoveRange(stack.Count - count, count);
        return items;
    }

    private object?[] PopToMark()
    {
        int mark = stack.LastIndexOf(Mark);
        if (mark < 0)
        {
            throw Bad("its pickle is damaged");
        }
        object?[] items = PopMany(stack.Count - mark - 1);
        Pop();
        return items;
    }

    private object? Remembered(uint index) => memo.TryGetValue(index, out object? value) ? value : throw Bad("its pickle is damaged");

    private void Extend(object?[] items)
    {
        if (Peek() is not List<object?> list)
        {
            throw Bad("its pickle is damaged");
        }
        list.AddRange(items);
    }

    private void SetItems(object?[] items)
    {
        if (Peek() is not PickledDict dict || items.Length % 2 != 0)
        {
            throw Bad("its pickle is damaged");
        }
        for (int i = 0; i < items.Length; i += 2)
        {
            dict.Items.Add((items[i], items[i + 1]));
        }
    }

    // OrderedDict's own attributes (torch puts versions into _metadata) are of no use here.
    private void Build()
    {
        Pop();
        if (Peek() is not PickledDict)
        {
            throw Bad("its pickle sets the state of an object");
        }
    }
}
