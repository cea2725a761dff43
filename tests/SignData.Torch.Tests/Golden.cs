using System.Text.Json;

[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace SignData.Torch.Tests;

/// <summary>PyTorch's own numbers, made by scripts/golden/make_golden.py.</summary>
internal static class Golden
{
    private static readonly JsonElement Root = JsonDocument.Parse(File.ReadAllBytes(PathOf("golden.json"))).RootElement;

    internal static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "golden", name);

    internal static JsonElement At(params string[] path) => path.Aggregate(Root, (element, name) => element.GetProperty(name));

    internal static double[] Numbers(params string[] path) => At(path).EnumerateArray().Select(number => number.GetDouble()).ToArray();

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
