using System.Text.Json;

[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace SignData.Torch.Tests;

/// <summary>PyTorch's own numbers, made by scripts/golden/make_golden.py, and the formula that both sides take weights and inputs from.</summary>
internal static class Golden
{
    private static readonly JsonElement Root = JsonDocument.Parse(File.ReadAllBytes(PathOf("golden.json"))).RootElement;

    internal static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "golden", name);

    internal static JsonElement At(params string[] path) => path.Aggregate(Root, (element, name) => element.GetProperty(name));

    internal static double[] Numbers(params string[] path) => At(path).EnumerateArray().Select(number => number.GetDouble()).ToArray();

    internal static Tensor Formula(int seed, long[] shape, double scale = 1, double offset = 0)
    {
        var values = new float[shape.Aggregate(1L, (product, length) => product * length)];
        for (int i = 0; i < values.Length; i++)
        {
            uint hash = unchecked((uint)i * 2654435761u + (uint)seed * 2246822519u + 374761393u);
            hash ^= hash >> 15;
            hash *= 2246822519u;
            hash ^= hash >> 13;
            values[i] = (float)(((hash >> 8) / 8388608.0 - 1) * scale + offset);
        }
        return torch.tensor<float>(values, shape);
    }

    internal static T Fill<T>(T module) where T : nn.Module
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable still = torch.no_grad();
        int index = 0;
        foreach ((string name, Tensor parameter) in module.named_parameters())
        {
            long[] shape = parameter.shape;
            parameter.copy_(shape.Length > 1 ? Formula(index, shape, Math.Sqrt(3.0 / (parameter.numel() / shape[0])))
                : name.EndsWith("weight", StringComparison.Ordinal) ? Formula(index, shape, 0.1, 1) : Formula(index, shape, 0.1));
            index++;
        }
        return module;
    }

    internal static double[] Digest(Tensor tensor)
    {
        float[] values = tensor.data<float>();
        int n = values.Length;
        return [values.Sum(value => (double)value), Math.Sqrt(values.Sum(value => (double)value * value)), values[0], values[n / 3], values[n / 2], values[^1]];
    }

    internal static void Same(double[] expected, IReadOnlyList<double> actual, double tolerance, string what = "")
    {
        Assert.Equal(expected.Length, actual.Count);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance * Math.Max(1, Math.Abs(expected[i])), $"{what}[{i}]: {actual[i]:R} instead of {expected[i]:R}");
        }
    }

    internal static double[] Doubles(Tensor tensor) => Array.ConvertAll(tensor.data<float>(), value => (double)value);
}
