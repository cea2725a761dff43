namespace SignData.Torch.Tests;

/// <summary>Weights and inputs that the tests and scripts/golden/make_golden.py both compute, so that only results are kept.</summary>
internal static class Formula
{
    internal static Tensor Of(int seed, long[] shape, double scale = 1, double offset = 0)
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
            parameter.copy_(shape.Length > 1 ? Of(index, shape, Math.Sqrt(3.0 / (parameter.numel() / shape[0])))
                : name.EndsWith("weight", StringComparison.Ordinal) ? Of(index, shape, 0.1, 1) : Of(index, shape, 0.1));
            index++;
        }
        return module;
    }
}
