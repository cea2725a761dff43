namespace SignData.Torch;

internal sealed partial class Unpickler
{
    private static readonly Dictionary<string, (ScalarType Type, int Size)> StorageTypes = new(StringComparer.Ordinal)
    {
        ["torch.FloatStorage"] = (ScalarType.Float32, 4),
        ["torch.DoubleStorage"] = (ScalarType.Float64, 8),
        ["torch.HalfStorage"] = (ScalarType.Float16, 2),
        ["torch.BFloat16Storage"] = (ScalarType.BFloat16, 2),
        ["torch.LongStorage"] = (ScalarType.Int64, 8),
        ["torch.IntStorage"] = (ScalarType.Int32, 4),
        ["torch.ShortStorage"] = (ScalarType.Int16, 2),
        ["torch.CharStorage"] = (ScalarType.Int8, 1),
        ["torch.ByteStorage"] = (ScalarType.Byte, 1),
        ["torch.BoolStorage"] = (ScalarType.Bool, 1),
    };

    private static readonly HashSet<string> AllowedNames = new(StorageTypes.Keys, StringComparer.Ordinal)
    {
        "collections.OrderedDict",
        "torch._utils._rebuild_tensor",
        "torch._utils._rebuild_tensor_v2",
        "torch._utils._rebuild_parameter",
        "torch._utils._rebuild_parameter_with_state",
        "torch.Size",
        "torch.device",
    };

    private Global Allowed(string module, string name)
    {
        string full = $"{module}.{name}";
        return AllowedNames.Contains(full) ? new Global(full) : throw new InvalidDataException(
            $"'{path}' asks for '{new string(full.Where(letter => !char.IsControl(letter)).ToArray())}', which weights do not need: refused, nothing was run; save the model's state_dict() alone.");
    }

    private Global StackGlobal() => PopMany(2) is [string module, string name] ? Allowed(module, name) : throw Bad("its pickle is damaged");

    private void Reduce()
    {
        if (PopMany(2) is not [Global { Name: var name }, object?[] arguments])
        {
            throw Bad("its pickle calls what is no function");
        }
        stack.Add((name, arguments) switch
        {
            ("collections.OrderedDict", []) => new PickledDict(),
            ("collections.OrderedDict", [List<object?> pairs]) => FromPairs(pairs),
            ("torch._utils._rebuild_tensor" or "torch._utils._rebuild_tensor_v2", [PickledStorage storage, long offset, object?[] shape, object?[] strides, ..]) =>
                View(storage, offset, shape, strides),
            ("torch._utils._rebuild_parameter" or "torch._utils._rebuild_parameter_with_state", [PickledTensor tensor, ..]) => tensor,
            ("torch.Size", [object?[] lengths]) => lengths,
            ("torch.device", [string kind, ..]) => kind,
            _ => throw Bad($"its pickle calls '{name}' with what it does not take"),
        });
    }

    private PickledDict FromPairs(List<object?> pairs)
    {
        var dict = new PickledDict();
        foreach (object? pair in pairs)
        {
            dict.Items.Add(pair switch
            {
                object?[] and [var key, var value] => (key, value),
                List<object?> and [var key, var value] => (key, value),
                _ => throw Bad("its pickle is damaged"),
            });
        }
        return dict;
    }

    private PickledStorage Persistent(object? id)
    {
        if (id is not object?[] parts || parts is not ["storage", Global type, string key, string, long elements, ..])
        {
            throw Bad("its pickle refers to what is no storage");
        }
        if (!StorageTypes.TryGetValue(type.Name, out (ScalarType Type, int Size) known) || elements < 0 || elements > long.MaxValue / known.Size)
        {
            throw Bad($"the numbers '{key}' are of an unknown kind");
        }
        if (parts.Length > 5 && parts[5] is not null)
        {
            throw Bad($"the numbers '{key}' are a part of others, as only very old files have it");
        }
        var storage = new PickledStorage(key, known.Type, elements, elements * known.Size);
        if (Storages.TryGetValue(key, out PickledStorage? before))
        {
            return before == storage ? before : throw Bad($"the numbers '{key}' are described twice");
        }
        Storages.Add(key, storage);
        return storage;
    }

    private PickledTensor View(PickledStorage storage, long offset, object?[] shape, object?[] strides)
    {
        if (shape.Length != strides.Length || !shape.Concat(strides).All(number => number is long and >= 0) || offset < 0)
        {
            throw Bad("a tensor's shape is damaged");
        }
        long[] lengths = Array.ConvertAll(shape, number => (long)number!), steps = Array.ConvertAll(strides, number => (long)number!);
        try
        {
            long elements = 1, last = offset;
            for (int i = 0; i < lengths.Length; i++)
            {
                elements = checked(elements * lengths[i]);
                last = checked(last + Math.Max(0, lengths[i] - 1) * steps[i]);
            }
            if (elements > storage.Elements || (elements > 0 && last >= storage.Elements))
            {
                throw Bad($"a tensor of [{string.Join(", ", lengths)}] does not fit into its {storage.Elements} numbers");
            }
        }
        catch (OverflowException)
        {
            throw Bad("a tensor's shape is damaged");
        }
        return new PickledTensor(storage, offset, lengths, steps);
    }
}
