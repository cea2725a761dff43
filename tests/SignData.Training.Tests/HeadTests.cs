using SignData.Core;
using SignData.Torch;
using SignData.Training.Architectures;

namespace SignData.Training.Tests;

public sealed class HeadTests
{
    public static TheoryData<string, string> Ends
    {
        get
        {
            TheoryData<string, string> ends = [];
            foreach (string head in Head.Names)
            {
                foreach (string name in (string[])["resnet18", "squeezenet1_1", "mobilenet_v3_small", "efficientnet_lite0", "simple-cnn"])
                {
                    ends.Add(name, head);
                }
            }
            return ends;
        }
    }

    [Theory, MemberData(nameof(Ends))]
    public void Every_head_fits_every_body_learns_and_is_named_apart_from_the_published_one(string name, string head)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.manual_seed(2);
        using Network model = Architecture.Named(name).Build(3, new ModelOptions { Head = head, HeadWidth = 24 });
        Tensor logits = model.forward(torch.rand([2, 3, 64, 64]));
        Assert.Equal([2, 3], logits.shape);
        nn.functional.cross_entropy(logits, torch.from_array([0L, 2L])).backward();
        Assert.All(model.named_parameters(), p => Assert.True(p.parameter.grad is not null, p.name));
        Assert.Equal(head != Head.Own, model.named_parameters().Any(p => p.name.StartsWith("head.", StringComparison.Ordinal)));
        Assert.All(model.Head.Trained.named_parameters(), p => Assert.Contains($"{model.Head.Name}.{p.name}", model.named_parameters().Select(own => own.name)));
    }

    [Theory, MemberData(nameof(Ends))]
    public void Every_head_learns_in_bf16_on_a_CPU(string name, string head)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.manual_seed(2);
        ComputeMode mode = ComputeMode.Named("bf16");
        using Network model = Architecture.Named(name).Build(3, new ModelOptions { Head = head, HeadWidth = 24 });
        nn.functional.cross_entropy(mode.Run(model, torch.rand([2, 3, 64, 64])).Logits, torch.from_array([0L, 2L])).backward();
        Assert.All(model.named_parameters(), p => Assert.True(p.parameter.grad is not null && float.IsFinite(p.parameter.grad.abs().sum().item<float>()), p.name));
    }

    [Fact]
    public void Dropout_drops_in_training_alone()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable still = torch.no_grad();
        Tensor picture = torch.rand([1, 3, 32, 32]).expand(16, 3, 32, 32);
        foreach ((string name, string head) in (ReadOnlySpan<(string, string)>)[("resnet18", "own"), ("efficientnet_lite0", "own"), ("simple-cnn", "dense"), ("simple-cnn", "concat"), ("simple-cnn", "linear")])
        {
            using Network model = Architecture.Named(name).Build(3, new ModelOptions { Head = head, Dropout = 0.5 });
            Assert.True(Differences(model.forward(picture)) > 1e-3, $"{name} {head}");
            model.eval();
            Assert.True(Differences(model.forward(picture)) < 1e-5, $"{name} {head}");
        }
    }

    // Between the logits of the same picture, as a share of them.
    private static double Differences(Tensor logits) => Math.Sqrt(logits.var([0], unbiased: false).max().ToDouble() / (logits * logits).mean().ToDouble());

    [Fact]
    public void A_grey_simple_cnn_sees_luma_alone()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable still = torch.no_grad();
        using Network model = Architecture.Named("simple-cnn").Build(3, new ModelOptions { Channels = 1, Blocks = 2, Filters = 4, Kernel = 5, BatchNorm = false, Dense = 8 });
        model.eval();
        Assert.Equal([4, 1, 5, 5], model.parameters().First().shape);
        Assert.Equal(8, model.named_parameters().Single(p => p.name == "classifier.2.bias").parameter.numel());
        Assert.DoesNotContain("features.1.running_mean", model.named_buffers().Select(b => b.name));
        // Red and green whose lumas are equal look the same; more green does not. Normalised as classifiers normalise.
        float[] Pixel(float red, float green, float blue) => [(red - 0.485f) / 0.229f, (green - 0.456f) / 0.224f, (blue - 0.406f) / 0.225f];
        Tensor Flat(float[] pixel) => torch.from_array(pixel, 1, 3, 1, 1).expand(1, 3, 28, 28).contiguous();
        float[] red = model.forward(Flat(Pixel(0.587f, 0, 0))).data<float>(), green = model.forward(Flat(Pixel(0, 0.299f, 0))).data<float>(), bright = model.forward(Flat(Pixel(0, 0.9f, 0))).data<float>();
        Assert.All(Enumerable.Range(0, 3), i => Assert.Equal(red[i], green[i], 1e-5f));
        Assert.NotEqual(red[0], bright[0], 1e-3f);
    }

    public static TheoryData<string, int, string> Refused => new()
    {
        { "head=sign2", 64, "own, linear, dense, concat" }, { "kernel=4", 64, "odd" }, { "channels=2", 64, "grey" }, { "blocks=6", 48, "at most 5" },
        { "dropout=0.99", 64, "0.95" }, { "dropout=NaN", 64, "--dropout" }, { "filters=100000", 64, "1024" }, { "dense=0", 64, "--dense" },
    };

    [Theory, MemberData(nameof(Refused))]
    public void What_makes_no_model_is_refused_with_the_way_out(string what, int size, string word)
    {
        ModelOptions plain = new();
        string value = what.Split('=')[1];
        double number = double.TryParse(value, System.Globalization.CultureInfo.InvariantCulture, out double n) ? n : 0;
        ModelOptions options = what.Split('=')[0] switch
        {
            "head" => plain with { Head = value },
            "kernel" => plain with { Kernel = (int)number },
            "channels" => plain with { Channels = (int)number },
            "blocks" => plain with { Blocks = (int)number },
            "filters" => plain with { Filters = (int)number },
            "dense" => plain with { Dense = (int)number },
            _ => plain with { Dropout = number },
        };
        Assert.Contains(word, Assert.Throws<InputException>(() => options.Validate(Architecture.Named("simple-cnn"), size)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_shape_of_simple_cnn_is_refused_for_others() =>
        Assert.Contains("resnet18", Assert.Throws<InputException>(() => new ModelOptions { Filters = 8 }.Validate(Architecture.Named("resnet18"), 64)).Message, StringComparison.Ordinal);
}
