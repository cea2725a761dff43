using System.Buffers.Binary;
using System.Text.Json;

namespace SignData.Torch;

/// <summary>
/// The format of huggingface/safetensors: the length of a JSON header (8 bytes, little-endian), the header, the elements of all tensors without a gap.
/// </summary>
internal static class SafetensorsFile
{
    /// <summary>The largest header, in bytes: the limit of the reference implementation.</summary>
    internal const ulong MaxHeader = 100_000_000;

    // A network of a thousand layers has some ten thousand; each costs memory even if it is empty.
    private const int MaxTensors = 100_000, MaxDimensions = 16;

    private static readonly (string Name, ScalarType Type, int Size)[] Types =
    [
        ("F32", ScalarType.Float32, 4), ("F16", ScalarType.Float16, 2), ("BF16", ScalarType.BFloat16, 2), ("F64", ScalarType.Float64, 8),
        ("I64", ScalarType.Int64, 8), ("I32", ScalarType.Int32, 4), ("I16", ScalarType.Int16, 2), ("I8", ScalarType.Int8, 1),
        ("U8", ScalarType.Byte, 1), ("BOOL", ScalarType.Bool, 1),
    ];

    private readonly record struct Entry(string Name, ScalarType Type, long[] Shape, long Begin, long End);

    internal static StateDict Read(FileStream file, string path)
    {
        long headerLength = ReadLength(file, path);
        var header = new byte[headerLength];
        file.ReadExactly(header);
        long start = 8 + headerLength;
        var state = new StateDict();
        try
        {
            List<Entry> entries = Parse(header, state, path);
            DemandNoGaps(entries, file.Length - start, path);
            foreach (Entry entry in entries)
            {
                Tensor tensor = torch.empty(entry.Shape, entry.Type);
                state.Add(entry.Name, tensor);
                file.Position = start + entry.Begin;
                tensor.ReadFrom(file);
            }
            return state;
        }
        catch
        {
            state.Dispose();
            throw;
        }
    }

    internal static void Write(StateDict state, string path)
    {
        // Longer elements first, so that all lie at multiples of their size.
        var ordered = state.Select(pair => (pair.Key, Tensor: pair.Value, Size: pair.Value.element_size)).OrderByDescending(entry => entry.Size).ToArray();
        var offsets = new Dictionary<string, long>(StringComparer.Ordinal);
        long total = 0;
        foreach ((string name, Tensor tensor, long size) in ordered)
        {
            offsets[name] = total;
            total += tensor.numel() * size;
        }
        byte[] header = Header(state, offsets);
        string temporary = $"{path}.{Path.GetRandomFileName()}.tmp";
        try
        {
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16))
            {
                file.Write(header);
                foreach ((_, Tensor tensor, _) in ordered)
                {
                    using DisposeScope scope = torch.NewDisposeScope();
                    tensor.detach().cpu().contiguous().WriteTo(file);
                }
                file.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static byte[] Header(StateDict state, Dictionary<string, long> offsets)
    {
        using var memory = new MemoryStream();
        memory.Write(stackalloc byte[8]);
        using (var json = new Utf8JsonWriter(memory))
        {
            json.WriteStartObject();
            if (state.Metadata.Count > 0)
            {
                json.WriteStartObject("__metadata__");
                foreach ((string key, string value) in state.Metadata)
                {
                    json.WriteString(key, value);
                }
                json.WriteEndObject();
            }
            foreach ((string name, Tensor tensor) in state)
            {
                (string type, _, int size) = Types.First(known => known.Type == tensor.dtype);
                json.WriteStartObject(name);
                json.WriteString("dtype", type);
                json.WriteStartArray("shape");
                foreach (long length in tensor.shape)
                {
                    json.WriteNumberValue(length);
                }
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offsets[name]);
                json.WriteNumberValue(offsets[name] + tensor.numel() * size);
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        while (memory.Length % 8 != 0)
        {
            memory.WriteByte((byte)' ');
        }
        byte[] bytes = memory.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(bytes, bytes.Length - 8);
        return bytes;
    }

    private static long ReadLength(FileStream file, string path)
    {
        Span<byte> bytes = stackalloc byte[8];
        file.ReadExactly(bytes);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        return length <= MaxHeader && (long)length <= file.Length - 8 ? (long)length : throw StateDict.Damaged(path, $"its header of {length} bytes is cut off");
    }

    private static List<Entry> Parse(byte[] header, StateDict state, string path)
    {
        var entries = new List<Entry>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            using JsonDocument document = JsonDocument.Parse(header, new JsonDocumentOptions { MaxDepth = 4 });
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                if (!names.Add(property.Name))
                {
                    throw StateDict.Damaged(path, $"'{property.Name}' is there twice");
                }
                if (property.Name == "__metadata__")
                {
                    foreach (JsonProperty word in property.Value.EnumerateObject())
                    {
                        state.Metadata[word.Name] = word.Value.GetString() ?? "";
                    }
                    continue;
                }
                entries.Add(entries.Count < MaxTensors ? ParseEntry(property, path) : throw StateDict.Damaged(path, $"its header lists more than {MaxTensors} tensors"));
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or OverflowException)
        {
            throw StateDict.Damaged(path, "its header is no list of tensors");
        }
        return entries;
    }

    private static Entry ParseEntry(JsonProperty property, string path)
    {
        string type = property.Value.GetProperty("dtype").GetString() ?? "";
        (string Name, ScalarType Type, int Size) known = Types.FirstOrDefault(candidate => candidate.Name == type);
        if (known.Name is null)
        {
            throw StateDict.Damaged(path, $"'{property.Name}' is of the unknown type '{type}'");
        }
        if (property.Value.GetProperty("shape").GetArrayLength() > MaxDimensions)
        {
            throw StateDict.Damaged(path, $"'{property.Name}' has more than {MaxDimensions} dimensions");
        }
        long[] shape = property.Value.GetProperty("shape").EnumerateArray().Select(length => length.GetInt64()).ToArray();
        long[] offsets = property.Value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64()).ToArray();
        long bytes = shape.Aggregate((long)known.Size, (product, length) => length >= 0 ? checked(product * length) : throw new FormatException());
        if (offsets.Length != 2 || offsets[0] < 0 || offsets[1] < offsets[0] || offsets[1] - offsets[0] != bytes)
        {
            throw StateDict.Damaged(path, $"'{property.Name}' of {bytes} bytes lies at [{string.Join(", ", offsets)}]");
        }
        return new Entry(property.Name, known.Type, shape, offsets[0], offsets[1]);
    }

    private static void DemandNoGaps(List<Entry> entries, long length, string path)
    {
        long end = 0;
        foreach (Entry entry in entries.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End))
        {
            if (entry.Begin != end)
            {
                throw StateDict.Damaged(path, $"'{entry.Name}' begins at {entry.Begin} where the one before ends at {end}");
            }
            end = entry.End;
        }
        if (end != length)
        {
            throw StateDict.Damaged(path, $"its tensors need {end} bytes and it has {length}");
        }
    }
}
