using System.Text.Json;
using SignData.Torch;
using SignData.Torch.Tests;
using SignData.Training.Architectures;

namespace SignData.Training.Tests;

/// <summary>Against torchvision's own numbers, made by scripts/golden/make_architectures.py from the same weights and pictures.</summary>
public sealed class GoldenArchitectureTests
{
    private const int Classes = 10, Seed = 5;
    private const double Tolerance = 1e-4;
    private static readonly long[] Labels = [1, 7, 3, 0];
    private static readonly JsonElement Golden = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "golden", "architectures.json"))).RootElement;

    public static TheoryData<string> Names => [.. Golden.EnumerateObject().Select(entry => entry.Name)];

    public static TheoryData<string> Measured => [.. Golden.EnumerateObject().Where(entry => entry.Value.TryGetProperty("train", out _)).Select(entry => entry.Name)];

    [Theory, MemberData(nameof(Measured))]
    public void Logits_in_training_gradients_and_logits_at_two_sizes_are_torchvisions(string name)
    {
        torch.set_num_threads(1);
        using DisposeScope scope = torch.NewDisposeScope();
        using Network model = Formula.Fill(Architecture.Named(name).Build(Classes));
        foreach (nn.BatchNorm norm in model.modules().OfType<nn.BatchNorm>())
        {
            norm.momentum = 1;
        }

        // Dropout and stochastic depth draw from the same seed in the same order.
        torch.manual_seed(Seed);
        Tensor logits = model.forward(Formula.Of(1000, [4, 3, 64, 64]));
        nn.functional.cross_entropy(logits, torch.from_array(Labels)).backward();
        Same(Golden.GetProperty(name).GetProperty("train"), Doubles(logits), "logits in training");
        (string name, Tensor parameter)[] parameters = [.. model.named_parameters()];
        double[] expected = [.. Golden.GetProperty(name).GetProperty("gradients").EnumerateArray().Select(g => g.GetDouble())];
        Assert.Equal(expected.Length, 2 * parameters.Length);
        foreach ((int i, (string parameter, Tensor tensor)) in parameters.Index())
        {
            using DisposeScope inner = torch.NewDisposeScope();
            Tensor gradient = tensor.grad!.to(torch.float64);
            double length = gradient.norm().ToDouble(), projection = (gradient * Formula.Of(i + 7, tensor.shape).to(torch.float64)).sum().ToDouble();
            double near = Tolerance * Math.Max(0.01, length);
            Assert.True(Math.Abs(length - expected[2 * i]) <= near, $"{parameter}: {length} and not {expected[2 * i]}");
            Assert.True(Math.Abs(projection - expected[(2 * i) + 1]) <= near, $"{parameter}: {projection} and not {expected[(2 * i) + 1]}");
        }

        model.eval();
        using IDisposable still = torch.no_grad();
        foreach (JsonProperty size in Golden.GetProperty(name).GetProperty("eval").EnumerateObject())
        {
            int side = int.Parse(size.Name, System.Globalization.CultureInfo.InvariantCulture);
            Same(size.Value, Doubles(model.forward(Formula.Of(side, [2, 3, side, side]))), $"logits at {side} px");
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Names_and_shapes_are_torchvisions(string name)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using Network model = Architecture.Named(name).Build(Classes);
        if (Golden.GetProperty(name).TryGetProperty("state", out JsonElement state))
        {
            using StateDict own = model.state_dict();
            Assert.Equal(state.EnumerateObject().Select(e => $"{e.Name} {e.Value}"), own
                .Where(e => !e.Key.EndsWith("running_var", StringComparison.Ordinal) && !e.Key.EndsWith("num_batches_tracked", StringComparison.Ordinal))
                .Select(e => $"{e.Key} [{string.Join(',', e.Value.shape)}]"));
        }
        else
        {
            Assert.Equal(Golden.GetProperty(name).GetProperty("shapes").EnumerateArray().Select(s => s.ToString()), model.parameters().Select(p => $"[{string.Join(',', p.shape)}]"));
        }
    }

    private static void Same(JsonElement expected, double[] actual, string what)
    {
        double[] numbers = [.. expected.EnumerateArray().Select(n => n.GetDouble())];
        Assert.Equal(numbers.Length, actual.Length);
        Assert.All(numbers.Index(), n => Assert.True(Math.Abs(n.Item - actual[n.Index]) <= Tolerance * Math.Max(1, Math.Abs(n.Item)), $"{what}[{n.Index}]: {actual[n.Index]:R} and not {n.Item:R}"));
    }

    private static double[] Doubles(Tensor tensor) => Array.ConvertAll(tensor.data<float>(), value => (double)value);
}
