using SignData.Core;
using SignData.Torch;
using SignData.Training.Architectures;

namespace SignData.Training.Weights;

/// <summary>Weights from a file as the start of a training: torchvision's, timm's, anybody's checkpoint, or those of an earlier run.</summary>
public static class StartingWeights
{
    // What torch.nn.DataParallel, torch.compile, Lightning and others put before every name.
    private static readonly string[] Wrappers = ["module.", "_orig_mod.", "model.", "net.", "network."];

    /// <summary>Copies the body whole, and of the head what fits: one for other classes keeps its fresh weights.</summary>
    /// <param name="path">A <c>.safetensors</c> or <c>.pth</c> file.</param>
    /// <param name="classifier">Whose model; changed in place.</param>
    /// <returns>What matched, in a line for the user.</returns>
    /// <exception cref="InputException">The file is missing, damaged, would run code, or holds another architecture.</exception>
    public static string Load(string path, Classifier classifier)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        Architecture architecture = Architecture.Named(classifier.Card.Architecture);
        try
        {
            using DisposeScope scope = torch.NewDisposeScope();
            using StateDict found = StateDict.Read(path), own = classifier.Model.state_dict(), fitting = new();
            Dictionary<string, Tensor> tensors = Unwrapped(found, architecture, path);
            string head = classifier.Model.Head.Name + ".";
            bool otherClasses = Classifier.LabelsOf(found) is { } labels && !labels.SequenceEqual(classifier.Card.Labels);
            foreach ((string name, Tensor tensor) in tensors)
            {
                if (own.TryGetValue(name, out Tensor? target) && target.shape.SequenceEqual(tensor.shape) && !(otherClasses && name.StartsWith(head, StringComparison.Ordinal)))
                {
                    fitting.Add(name, Finite(tensor, name, path).detach());
                }
            }
            Dictionary<string, long[]> model = own.ToDictionary(entry => entry.Key, entry => entry.Value.shape, StringComparer.Ordinal);
            if (Mismatch(model, tensors) is { } mismatch)
            {
                throw Another(path, architecture, mismatch, tensors);
            }
            string[] fresh = [.. own.Keys.Where(name => !fitting.ContainsKey(name) && name.StartsWith(head, StringComparison.Ordinal))];
            classifier.Model.load_state_dict(fitting, strict: false);
            return $"Weights from {path}: {fitting.Count} of {own.Count} tensors"
                + (fresh.Length > 0 ? $"; the head is new, for {classifier.Card.Labels.Count} labels: {string.Join(", ", fresh.Take(4))}{(fresh.Length > 4 ? ", ..." : "")}" : "");
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new InputException(e.Message, e);
        }
    }

    // The tensors by the names that the architecture knows them by.
    private static Dictionary<string, Tensor> Unwrapped(StateDict found, Architecture architecture, string path)
    {
        string[] keys = [.. found.Keys];
        while (Wrappers.FirstOrDefault(wrapper => keys.All(key => key.Length > wrapper.Length && key.StartsWith(wrapper, StringComparison.Ordinal))) is { } wrapper && keys.Length > 0)
        {
            keys = [.. keys.Select(key => key[wrapper.Length..])];
        }
        Dictionary<string, Tensor> tensors = new(StringComparer.Ordinal);
        foreach ((string key, Tensor tensor) in keys.Zip(found, (key, entry) => (key, entry.Value)))
        {
            if (!tensors.TryAdd(architecture.Rename(key), tensor))
            {
                throw new InputException($"'{path}' has two tensors for '{architecture.Rename(key)}'; save the model's state_dict() alone.");
            }
        }
        return tensors;
    }

    // What keeps a body from fitting, in words; null if it fits. Counters of batches are missing in old files, and heads may differ.
    private static string? Mismatch(Dictionary<string, long[]> model, Dictionary<string, Tensor> tensors)
    {
        foreach ((string name, long[] shape) in model.Where(entry => IsBody(entry.Key)))
        {
            if (!tensors.TryGetValue(name, out Tensor? tensor))
            {
                return $"it has no '{name}'";
            }
            if (!tensor.shape.SequenceEqual(shape))
            {
                return $"its '{name}' is [{string.Join(", ", tensor.shape)}] and not [{string.Join(", ", shape)}]";
            }
        }
        return tensors.Keys.FirstOrDefault(name => IsBody(name) && !model.ContainsKey(name)) is { } left ? $"it has '{Printable(left)}', which has no place here" : null;
    }

    private static bool IsBody(string name) =>
        !name.EndsWith("num_batches_tracked", StringComparison.Ordinal) && !Head.Prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));

    private static InputException Another(string path, Architecture architecture, string mismatch, Dictionary<string, Tensor> tensors)
    {
        string? other = Architecture.All.FirstOrDefault(candidate => candidate != architecture && Mismatch(Shapes(candidate), tensors) is null)?.Name;
        return new InputException($"'{path}' holds no {architecture.Name}: {mismatch}. "
            + (other is null ? $"Give weights that were saved from {architecture.Name}, or the --arch that these are of." : $"They fit {other}: give --arch {other}."));
    }

    private static Dictionary<string, long[]> Shapes(Architecture architecture)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using Network network = nn.utils.skip_init(() => architecture.Build(2));
        using StateDict state = network.state_dict();
        return state.ToDictionary(entry => entry.Key, entry => entry.Value.shape, StringComparer.Ordinal);
    }

    private static Tensor Finite(Tensor tensor, string name, string path) =>
        tensor.isfinite().all().item<bool>() ? tensor : throw new InputException($"'{path}' is of no use: '{name}' holds numbers that are infinite or none. Save the weights of an earlier epoch.");

    private static string Printable(string name) => new([.. name.Take(80).Where(letter => !char.IsControl(letter))]);
}
