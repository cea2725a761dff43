using System.Buffers.Binary;
using System.IO.Compression;

namespace SignData.Torch;

/// <summary>What torch.save writes: a pickle of everything but the numbers, and the numbers beside it.</summary>
internal static class PthFile
{
    private const long LegacyProtocol = 1001;
    private const int MaxDepth = 3;

    // torch/serialization.py calls it MAGIC_NUMBER.
    private static readonly byte[] LegacyMagic = [0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];

    // Where whole checkpoints keep their weights, the commonest first.
    private static readonly string[] UsualNames = ["state_dict", "model_state_dict", "model", "net", "module", "weights", "params", "ema"];

    /// <summary>The form since PyTorch 1.6: a zip with data.pkl and one stored entry for each storage.</summary>
    internal static StateDict ReadZip(FileStream file, string path)
    {
        using var zip = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
        ZipArchiveEntry pickle = zip.Entries.FirstOrDefault(entry => entry.FullName == "data.pkl" || entry.FullName.EndsWith("/data.pkl", StringComparison.Ordinal))
            ?? throw StateDict.Damaged(path, "it is a zip without data.pkl, not one of torch.save's");
        string folder = pickle.FullName[..^"data.pkl".Length];
        if (zip.GetEntry(folder + "byteorder") is { } order && Entire(order, 16, path).AsSpan().StartsWith("big"u8))
        {
            throw StateDict.Damaged(path, "its numbers are big-endian");
        }
        object? root = new Unpickler(new MemoryStream(Entire(pickle, Math.Min(Unpickler.MaxLength, file.Length), path)), path).Load();
        var loaded = new Dictionary<PickledStorage, Tensor>();
        return Collect(root, path, storage => Storage(loaded, storage, path, tensor =>
        {
            ZipArchiveEntry entry = zip.GetEntry(folder + "data/" + storage.Key) ?? throw StateDict.Damaged(path, $"the numbers '{storage.Key}' are missing");
            if (entry.Length != storage.Bytes || entry.CompressedLength > file.Length)
            {
                throw StateDict.Damaged(path, $"the numbers '{storage.Key}' are {entry.Length} bytes and not {storage.Bytes}");
            }
            using Stream content = entry.Open();
            tensor.ReadFrom(content);
        }, file.Length), loaded);
    }

    /// <summary>The form before: five pickles one after another, then each storage with its length before it.</summary>
    internal static StateDict ReadLegacy(FileStream file, string path)
    {
        object? magic = new Unpickler(file, path).Load();
        if (magic is not byte[] number || !number.AsSpan().SequenceEqual(LegacyMagic))
        {
            throw StateDict.Damaged(path, "it is a pickle, yet not one of torch.save's");
        }
        if (new Unpickler(file, path).Load() is not LegacyProtocol)
        {
            throw StateDict.Damaged(path, "it is of an unknown version");
        }
        if (new Unpickler(file, path).Load() is PickledDict system && system.TryGet("little_endian", out object? little) && little is false)
        {
            throw StateDict.Damaged(path, "its numbers are big-endian");
        }
        var pickle = new Unpickler(file, path);
        object? root = pickle.Load();
        if (new Unpickler(file, path).Load() is not List<object?> keys)
        {
            throw StateDict.Damaged(path, "the list of its numbers is missing");
        }
        var places = new Dictionary<string, long>(StringComparer.Ordinal);
        Span<byte> length = stackalloc byte[8];
        foreach (object? key in keys)
        {
            if (key is not string name || !pickle.Storages.TryGetValue(name, out PickledStorage? storage) || file.ReadAtLeast(length, 8, false) < 8)
            {
                throw StateDict.Damaged(path, $"the numbers '{key}' are missing");
            }
            if (BinaryPrimitives.ReadInt64LittleEndian(length) != storage.Elements || file.Length - file.Position < storage.Bytes)
            {
                throw StateDict.Damaged(path, $"the numbers '{key}' are cut off");
            }
            places[name] = file.Position;
            file.Position += storage.Bytes;
        }
        var loaded = new Dictionary<PickledStorage, Tensor>();
        return Collect(root, path, storage => Storage(loaded, storage, path, tensor =>
        {
            file.Position = places.TryGetValue(storage.Key, out long place) ? place : throw StateDict.Damaged(path, $"the numbers '{storage.Key}' are missing");
            tensor.ReadFrom(file);
        }, file.Length), loaded);
    }

    private static byte[] Entire(ZipArchiveEntry entry, long limit, string path)
    {
        if (entry.Length > limit)
        {
            throw StateDict.Damaged(path, $"'{entry.FullName}' has {entry.Length} bytes");
        }
        var bytes = new byte[entry.Length];
        using Stream content = entry.Open();
        int read = content.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return read == bytes.Length ? bytes : throw StateDict.Damaged(path, $"'{entry.FullName}' is cut off");
    }

    // One flat tensor for each storage: tensors that shared memory when they were saved share it again.
    private static Tensor Storage(Dictionary<PickledStorage, Tensor> loaded, PickledStorage storage, string path, Action<Tensor> fill, long fileLength)
    {
        if (loaded.TryGetValue(storage, out Tensor? flat))
        {
            return flat;
        }
        // torch.save does not compress: whoever claims more than the file has is packed to burst.
        if (storage.Bytes > fileLength - loaded.Keys.Sum(other => other.Bytes))
        {
            throw StateDict.Damaged(path, $"the numbers '{storage.Key}' claim {storage.Bytes} bytes, more than the file has");
        }
        flat = torch.empty([storage.Elements], storage.Type).DetachFromDisposeScope();
        loaded.Add(storage, flat);
        try
        {
            fill(flat);
        }
        catch (EndOfStreamException)
        {
            throw StateDict.Damaged(path, $"the numbers '{storage.Key}' are cut off");
        }
        return flat;
    }

    private static StateDict Collect(object? root, string path, Func<PickledStorage, Tensor> storageOf, Dictionary<PickledStorage, Tensor> loaded)
    {
        var state = new StateDict();
        try
        {
            foreach ((object? key, object? value) in Weights(root, path).Items)
            {
                if (key is string name && value is PickledTensor tensor && !state.ContainsKey(name))
                {
                    state.Add(name, Op.Call("as_strided", storageOf(tensor.Storage), tensor.Shape, tensor.Strides, tensor.Offset));
                }
            }
            return state;
        }
        catch
        {
            state.Dispose();
            throw;
        }
        finally
        {
            foreach (Tensor flat in loaded.Values)
            {
                flat.Dispose();
            }
        }
    }

    private static PickledDict Weights(object? root, string path)
    {
        if (root is not PickledDict top)
        {
            throw StateDict.Damaged(path, "it holds no tensors by name");
        }
        if (Named(top, MaxDepth) is { } weights)
        {
            return weights;
        }
        throw StateDict.Damaged(path, $"it holds no tensors by name, only {string.Join(", ", top.Items.Take(8).Select(item => $"'{item.Key}'"))}");
    }

    private static PickledDict? Named(PickledDict dict, int depth) => dict.HoldsTensors || depth == 0
        ? (dict.HoldsTensors ? dict : null)
        : UsualNames.Select(name => dict.TryGet(name, out object? part) && part is PickledDict inner ? Named(inner, depth - 1) : null).FirstOrDefault(found => found is not null);
}
