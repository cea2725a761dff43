using SignData.Core;
using SignData.Torch;

namespace SignData.Training.Weights;

/// <summary>Weights from a file as the start of a training: torchvision's, or those of an earlier run.</summary>
public static class StartingWeights
{
    private const string ParallelPrefix = "module."; // what torch.nn.DataParallel puts before each name

    /// <summary>Copies every tensor that fits by name and shape; a head for other classes keeps its fresh weights.</summary>
    /// <param name="path">A <c>.safetensors</c> or <c>.pth</c> file.</param>
    /// <param name="model">The model; changed in place.</param>
    /// <returns>What matched, in a line for the user.</returns>
    /// <exception cref="InputException">The file is missing, damaged, would run code, or fits nothing.</exception>
    public static string Load(string path, nn.Module model)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (!File.Exists(path))
        {
            throw new InputException($"No weights at '{path}'; name a .safetensors or .pth file.");
        }
        try
        {
            using DisposeScope scope = torch.NewDisposeScope();
            using StateDict found = StateDict.Read(path), own = model.state_dict(), fitting = new();
            foreach ((string key, Tensor tensor) in found)
            {
                string name = key.StartsWith(ParallelPrefix, StringComparison.Ordinal) ? key[ParallelPrefix.Length..] : key;
                if (own.TryGetValue(name, out Tensor? target) && target.shape.SequenceEqual(tensor.shape))
                {
                    fitting.Add(name, tensor.detach());
                }
            }
            if (fitting.Count == 0)
            {
                throw new InputException($"None of the {found.Count} tensors in '{path}' fits the model; give --arch the architecture that they were saved from.");
            }
            string[] fresh = [.. own.Keys.Where(k => !fitting.ContainsKey(k))];
            model.load_state_dict(fitting, strict: false);
            return $"Weights from {path}: {fitting.Count} of {own.Count} tensors"
                + (fresh.Length > 0 ? $"; fresh: {string.Join(", ", fresh.Take(4))}{(fresh.Length > 4 ? ", ..." : "")}" : "");
        }
        catch (InvalidDataException e)
        {
            throw new InputException(e.Message, e);
        }
    }
}
