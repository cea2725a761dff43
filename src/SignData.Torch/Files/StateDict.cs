using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace SignData.Torch;

/// <summary>Tensors by name in a fixed order, and words about them: what a module's or an optimizer's state is kept as. It owns its tensors.</summary>
public sealed partial class StateDict : IReadOnlyCollection<KeyValuePair<string, Tensor>>, IDisposable
{
    private readonly List<string> order = [];
    private readonly Dictionary<string, Tensor> tensors = new(StringComparer.Ordinal);

    /// <summary>Words kept beside the tensors in a .safetensors file: labels, sizes, options.</summary>
    public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    /// <summary>The names in their order.</summary>
    public IReadOnlyList<string> Keys => order;

    /// <summary>The number of tensors.</summary>
    public int Count => order.Count;

    /// <summary>The tensor of that name.</summary>
    /// <param name="name">A key.</param>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public Tensor this[string name] => tensors[name];

    /// <summary>Adds a tensor and takes it over: it leaves its scope and is disposed with the dictionary.</summary>
    /// <param name="name">A name that is not there yet.</param>
    /// <param name="tensor">The tensor.</param>
    public void Add(string name, Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        tensors.Add(name, tensor);
        order.Add(name);
        tensor.DetachFromDisposeScope();
    }

    /// <summary>Adds all tensors of another dictionary; both then hold them.</summary>
    /// <param name="prefix">What their names begin with here.</param>
    /// <param name="part">The other.</param>
    public void Add(string prefix, StateDict part)
    {
        ArgumentNullException.ThrowIfNull(part);
        foreach (string name in part.Keys)
        {
            Add(prefix + name, part[name].detach());
        }
    }

    /// <summary>The tensors whose names begin with a prefix, without it; both then hold them.</summary>
    /// <param name="prefix">Such as "model.".</param>
    public StateDict Part(string prefix)
    {
        var part = new StateDict();
        foreach (string name in order.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)))
        {
            part.Add(name[prefix.Length..], tensors[name].detach());
        }
        return part;
    }

    /// <summary>Whether there is a tensor of that name.</summary>
    /// <param name="name">A name.</param>
    public bool ContainsKey(string name) => tensors.ContainsKey(name);

    /// <summary>The tensor of that name, if there is one.</summary>
    /// <param name="name">A name.</param>
    /// <param name="tensor">The tensor.</param>
    public bool TryGetValue(string name, [MaybeNullWhen(false)] out Tensor tensor) => tensors.TryGetValue(name, out tensor);

    /// <summary>Takes a tensor out and hands it to the caller.</summary>
    /// <param name="name">A key.</param>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public Tensor Remove(string name)
    {
        if (!tensors.Remove(name, out Tensor? tensor))
        {
            throw new KeyNotFoundException($"There is no tensor '{name}'.");
        }
        order.Remove(name);
        return tensor;
    }

    /// <summary>The tensors in their order.</summary>
    public IEnumerator<KeyValuePair<string, Tensor>> GetEnumerator()
    {
        foreach (string name in order)
        {
            yield return KeyValuePair.Create(name, tensors[name]);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Disposes the tensors.</summary>
    public void Dispose()
    {
        foreach (Tensor tensor in tensors.Values)
        {
            tensor.Dispose();
        }
    }
}
