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
        foreach ((int side, int batch) in ((int, int)[])[(Architecture.MinSize, 1), (64, 3), (97, 2)])
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
        nn.Module model = Architecture.Named(name).Build(5);
        nn.functional.cross_entropy(model.forward(torch.rand([4, 3, 64, 64])), torch.from_array([0L, 1L, 2L, 3L])).backward();
        Assert.All(model.named_parameters(), p => Assert.True(p.parameter.grad is not null && p.parameter.grad.abs().sum().item<float>() > 0, p.name));
    }

    [Fact]
    public void Resnet18_has_torchvisions_names_and_counts()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        nn.Module model = Architecture.Named("resnet18").Build(29);
        // torchvision.models.resnet18(num_classes=29), torchvision 0.14.1.
        Assert.Equal(11_191_389, model.parameters().Sum(p => p.numel()));
        Assert.Equal(122, model.state_dict().Count);
        Assert.Contains("layer3.0.downsample.1.running_var", model.state_dict().Keys);
        Assert.Contains("fc.bias", model.state_dict().Keys);
    }

    [Fact]
    public void An_unknown_name_is_refused_with_the_known_ones()
    {
        InputException e = Assert.Throws<InputException>(() => Architecture.Named("resnet19"));
        Assert.Contains("'resnet19'", e.Message, StringComparison.Ordinal);
        Assert.Contains("resnet18, simple-cnn", e.Message, StringComparison.Ordinal);
    }
}
