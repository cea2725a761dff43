using SignData.Core;
using SignData.Torch;
using SignData.Training.Architectures;

namespace SignData.Training.Tests;

public sealed class ArchitectureTests
{
    public static TheoryData<string> Names => [.. Architecture.All.Select(a => a.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Every_architecture_gives_a_finite_logit_per_class_at_any_size_and_batch(string name)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable inference = torch.no_grad();
        nn.Module model = Architecture.Named(name).Build(7);
        model.eval();
        foreach ((int side, int batch) in ((int, int)[])[(Architecture.Named(name).SmallestSize, 1), (97, 2)])
        {
            Tensor logits = model.forward(torch.rand([batch, 3, side, side]));
            Assert.Equal([batch, 7], logits.shape);
            Assert.All(logits.data<float>(), l => Assert.True(float.IsFinite(l)));
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Every_parameter_of_every_architecture_gets_a_gradient(string name)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.manual_seed(3);
        nn.Module model = Architecture.Named(name).Build(5);
        nn.functional.cross_entropy(model.forward(torch.rand([2, 3, 64, 64])), torch.from_array([0L, 1L])).backward();
        Assert.All(model.named_parameters(), p => Assert.True(p.parameter.grad is not null && p.parameter.grad.abs().sum().item<float>() > 0, p.name));
    }

    [Theory, MemberData(nameof(Names))]
    public void Every_architecture_learns_in_bf16_on_a_CPU_as_auto_will_have_it(string name)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.manual_seed(3);
        ComputeMode mode = ComputeMode.Named("bf16-channels-last");
        Network model = Architecture.Named(name).Build(5);
        mode.Prepare(model, new Device("cpu"));
        nn.functional.cross_entropy(mode.Run(model, mode.Arrange(torch.rand([2, 3, 64, 64]))).Logits, torch.from_array([0L, 1L])).backward();
        Assert.All(model.named_parameters(), p => Assert.True(p.parameter.grad is not null && float.IsFinite(p.parameter.grad.abs().sum().item<float>()), p.name));
    }

    /// <summary>Published parameters, and multiply-adds (in millions) at the native size: torchvision's and timm's tables for 1,000 classes.</summary>
    [Theory]
    [InlineData("resnet18", 11_689_512, 1814)]
    [InlineData("resnet34", 21_797_672, 3664)]
    [InlineData("resnet50", 25_557_032, 4089)]
    [InlineData("resnet101", 44_549_160, 7801)]
    [InlineData("densenet121", 7_978_856, 2834)]
    [InlineData("mobilenet_v3_small", 2_542_856, 57)]
    [InlineData("mobilenet_v3_large", 5_483_032, 217)]
    [InlineData("efficientnet_b0", 5_288_548, 386)]
    [InlineData("efficientnet_b1", 7_794_184, 687)]
    [InlineData("efficientnet_b2", 9_109_994, 1088)]
    [InlineData("efficientnet_b3", 12_233_232, 1827)]
    [InlineData("efficientnet_b4", 19_341_616, 4394)]
    [InlineData("squeezenet1_1", 1_235_496, 349)]
    [InlineData("tf_efficientnet_b0", 5_288_548, 386)]
    [InlineData("tf_efficientnet_b1", 7_794_184, 687)]
    [InlineData("tf_efficientnet_b2", 9_109_994, null)]
    [InlineData("tf_efficientnet_b3", 12_233_232, 1827)]
    [InlineData("tf_efficientnet_b4", 19_341_616, 4394)]
    [InlineData("efficientnet_lite0", 4_652_008, null)]
    [InlineData("efficientnet_lite1", 5_416_680, null)]
    [InlineData("efficientnet_lite2", 6_092_072, null)]
    [InlineData("efficientnet_lite3", 8_197_096, null)]
    [InlineData("efficientnet_lite4", 13_006_568, null)]
    public void Parameters_and_multiply_adds_are_the_published_ones(string name, long parameters, int? millions)
    {
        Architecture architecture = Architecture.Named(name);
        nn.Cost cost = architecture.Cost(1000, architecture.NativeSize);
        Assert.Equal(parameters, cost.Parameters);
        Assert.True(millions is null || Math.Abs(cost.MultiplyAdds / 1e6 - millions.Value) < 0.02 * millions, $"{cost.MultiplyAdds}");
    }

    /// <summary>The sizes of the files that timm publishes: the numbers of all tensors, and a name and a shape for each.</summary>
    [Theory]
    [InlineData("tf_efficientnet_b0", 21_383_997)]
    [InlineData("tf_efficientnet_b1", 31_512_534)]
    [InlineData("tf_efficientnet_b2", 36_797_929)]
    [InlineData("tf_efficientnet_b3", 49_381_362)]
    [InlineData("tf_efficientnet_b4", 77_989_689)]
    [InlineData("tf_efficientnet_lite0", 18_820_223)]
    [InlineData("tf_efficientnet_lite1", 21_939_331)]
    [InlineData("tf_efficientnet_lite2", 24_658_687)]
    [InlineData("tf_efficientnet_lite3", 33_161_413)]
    [InlineData("tf_efficientnet_lite4", 52_558_819)]
    public void What_timm_publishes_is_as_large_as_the_state(string name, long published)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using Network model = Architecture.Named(name).Build(1000);
        using StateDict state = model.state_dict();
        long bytes = state.Sum(entry => entry.Value.numel() * entry.Value.element_size);
        Assert.InRange((published - bytes) / (double)state.Count, 140, 180);
    }

    [Fact]
    public void The_names_are_timms()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using StateDict b0 = Architecture.Named("tf_efficientnet_b0").Build(10).state_dict(), lite = Architecture.Named("efficientnet_lite0").Build(10).state_dict();
        Assert.Equal(360, b0.Count);
        string[] ends = ["conv_stem.weight", "bn1.weight", "bn1.bias", "bn1.running_mean", "bn1.running_var", "bn1.num_batches_tracked"];
        Assert.Equal([.. ends, "blocks.0.0.conv_dw.weight"], b0.Keys.Take(7));
        Assert.Equal(["conv_dw.weight", "bn1.weight", "bn1.bias", "se.conv_reduce.weight", "se.conv_reduce.bias", "se.conv_expand.weight", "se.conv_expand.bias", "conv_pw.weight", "bn2.weight", "bn2.bias"], Block(b0, "blocks.0.0."));
        Assert.Equal(
            ["conv_pw.weight", "bn1.weight", "bn1.bias", "conv_dw.weight", "bn2.weight", "bn2.bias", "se.conv_reduce.weight", "se.conv_reduce.bias", "se.conv_expand.weight", "se.conv_expand.bias", "conv_pwl.weight", "bn3.weight", "bn3.bias"],
            Block(b0, "blocks.5.3."));
        Assert.Equal(["conv_dw.weight", "bn1.weight", "bn1.bias", "conv_pw.weight", "bn2.weight", "bn2.bias"], Block(lite, "blocks.0.0."));
        Assert.Equal(["conv_pw.weight", "bn1.weight", "bn1.bias", "conv_dw.weight", "bn2.weight", "bn2.bias", "conv_pwl.weight", "bn3.weight", "bn3.bias"], Block(lite, "blocks.6.0."));
        Assert.Equal(["bn2.num_batches_tracked", "classifier.weight", "classifier.bias"], b0.Keys.TakeLast(3));
        static IEnumerable<string> Block(StateDict state, string prefix) => state.Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal)).Select(key => key[prefix.Length..]).Where(key => !key.Contains("running", StringComparison.Ordinal) && !key.Contains("num_", StringComparison.Ordinal));
    }

    [Fact]
    public void An_unknown_name_is_refused_with_the_known_ones()
    {
        InputException e = Assert.Throws<InputException>(() => Architecture.Named("resnet19"));
        Assert.Contains("'resnet19'", e.Message, StringComparison.Ordinal);
        Assert.Contains("resnet18, resnet34", e.Message, StringComparison.Ordinal);
    }
}
