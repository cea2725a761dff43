namespace SignData.Torch.Tests;

public sealed class ModuleTests
{
    public static TheoryData<string> Layers =>
    [
        "conv", "conv_dilated", "batch_norm", "linear", "relu", "silu", "hardswish", "hardsigmoid", "sigmoid", "max_pool", "max_pool_ceil", "avg_pool",
        "avg_pool_inside", "adaptive", "adaptive3", "flatten", "identity", "dropout_eval", "sequential",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_kernel_of_one_pixel_is_a_matrix_product_of_every_pixel(long stride)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var conv = Formula.Fill(new nn.Conv2d(6, 4, 1, stride: stride));
        Tensor input = Formula.Of(3, [2, 6, 5, 5]).requires_grad_(), seen = Formula.Of(3, [2, 6, 5, 5]).requires_grad_();
        long[] kept = [.. Enumerable.Range(0, 5).Where(i => i % stride == 0).Select(i => (long)i)];
        Tensor places = torch.from_array(kept), part = torch.call("index_select", torch.call("index_select", seen, 2, places)[0], 3, places)[0];
        Tensor expected = torch.call("einsum", "nchw,oc->nohw", new[] { part, conv.weight.detach().view(4, 6) })[0] + conv.bias!.detach().view(1, 4, 1, 1);
        Tensor output = conv.forward(input);
        output.pow(2).sum().backward();
        expected.pow(2).sum().backward();

        Golden.Same(Golden.Doubles(expected.detach()), Golden.Doubles(output.detach()), 1e-5);
        Golden.Same(Golden.Doubles(seen.grad!), Golden.Doubles(input.grad!), 1e-5);
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void The_forward_is_PyTorchs(string name)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using nn.Module layer = Formula.Fill<nn.Module>(name switch
        {
            "conv" => new nn.Conv2d(4, 6, 3, stride: 2, padding: 1, dilation: 1, groups: 2),
            "conv_dilated" => new nn.Conv2d(4, 2, 3, padding: 2, dilation: 2, bias: false),
            "batch_norm" => new nn.BatchNorm2d(4),
            "linear" => new nn.Sequential(new nn.Flatten(), new nn.Linear(168, 3)),
            "relu" => new nn.ReLU(),
            "silu" => new nn.SiLU(),
            "hardswish" => new nn.Hardswish(),
            "hardsigmoid" => new nn.Hardsigmoid(),
            "sigmoid" => new nn.Sigmoid(),
            "max_pool" => new nn.MaxPool2d(3, 2, padding: 1),
            "max_pool_ceil" => new nn.MaxPool2d(2, ceil_mode: true),
            "avg_pool" => new nn.AvgPool2d(3, 2, padding: 1),
            "avg_pool_inside" => new nn.AvgPool2d(3, 2, padding: 1, count_include_pad: false),
            "adaptive" => new nn.AdaptiveAvgPool2d(1),
            "adaptive3" => new nn.AdaptiveAvgPool2d(3),
            "flatten" => new nn.Flatten(),
            "dropout_eval" => new nn.Dropout(0.5),
            "sequential" => new nn.Sequential(new nn.Conv2d(4, 3, 1), new nn.BatchNorm2d(3), new nn.ReLU(inplace: true)),
            _ => new nn.Identity(),
        });
        layer.train(name != "dropout_eval");
        Golden.Same(Golden.Numbers("modules", name), Golden.Digest(layer.forward(Formula.Of(21, [2, 4, 7, 6], 4))), 1e-5, name);
    }

    [Theory]
    [InlineData("nearest", nn.InterpolationMode.Nearest)]
    [InlineData("bilinear", nn.InterpolationMode.Bilinear)]
    [InlineData("bicubic", nn.InterpolationMode.Bicubic)]
    public void Interpolation_is_PyTorchs(string name, nn.InterpolationMode mode)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor x = Formula.Of(21, [2, 4, 7, 6], 4);
        Golden.Same(Golden.Numbers("modules", "interpolate_" + name), Golden.Digest(nn.functional.interpolate(x, [5, 9], mode)), 1e-5);
        Golden.Same(Golden.Numbers("modules", "interpolate_antialias"), Golden.Digest(nn.functional.interpolate(x, [3, 3], antialias: true)), 1e-5);
    }

    [Fact]
    public void The_same_seed_initialises_as_PyTorch_does()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.manual_seed(7);
        using var conv = new nn.Conv2d(3, 4, 3);
        using var linear = new nn.Linear(9, 5);
        Golden.Same(Golden.Numbers("modules", "init_conv"), Golden.Digest(conv.weight), 1e-6);
        Golden.Same(Golden.Numbers("modules", "init_linear_bias"), Golden.Digest(linear.bias!), 1e-6);
        Tensor weight = nn.init.kaiming_normal_(torch.empty([8, 4, 3, 3]), mode: nn.FanInOut.FanOut, nonlinearity: nn.NonlinearityType.ReLU);
        Golden.Same(Golden.Numbers("modules", "init_kaiming_normal"), Golden.Digest(weight), 1e-6);
        Golden.Same(Golden.Numbers("modules", "randn"), Golden.Digest(torch.randn([10])), 1e-6);
        using var dropout = new nn.Dropout(0.3);
        Golden.Same(Golden.Numbers("modules", "dropout_train"), Golden.Digest(dropout.forward(Formula.Of(21, [2, 4, 7, 6], 4))), 1e-5);
    }

    [Fact]
    public void The_names_of_a_resnet_are_torchvisions()
    {
        using var model = new ResNet(10);
        string[] names = model.named_parameters().Select(entry => entry.name).ToArray();
        Assert.Equal(Golden.At("resnet18", "gradients").EnumerateObject().Select(entry => entry.Name), names);
        Assert.Contains("layer2.0.downsample.1.running_var", model.named_buffers().Select(entry => entry.name));
        using StateDict state = model.state_dict();
        Assert.Equal(122, state.Count);
        Assert.Equal(["conv1.weight", "bn1.weight", "bn1.bias", "bn1.running_mean", "bn1.running_var", "bn1.num_batches_tracked"], state.Keys.Take(6));
    }

    [Fact]
    public void Parameters_stay_when_the_scope_that_they_were_made_in_ends_and_go_with_the_module()
    {
        long before = torch.live_tensors;
        nn.Sequential model;
        using (torch.NewDisposeScope())
        {
            model = new nn.Sequential(new nn.Linear(3, 2), new nn.BatchNorm2d(2));
        }
        Assert.All(model.parameters(), parameter => Assert.False(parameter.IsInvalid));
        Assert.Equal(before + 7, torch.live_tensors);
        model.Dispose();
        Assert.Equal(before, torch.live_tensors);
    }

    [Fact]
    public void A_module_moved_to_another_type_keeps_its_parameters_their_gradients_and_its_optimizer()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var linear = new nn.Linear(3, 2);
        using var optimizer = new optim.SGD(linear.parameters(), 0.1);
        Tensor weight = linear.weight;
        linear.forward(torch.ones([1, 3])).sum().backward();
        linear.to(torch.float64);
        Assert.Same(weight, linear.weight);
        Assert.Equal(torch.float64, weight.dtype);
        Assert.Equal(torch.float64, weight.grad!.dtype);
        Assert.True(weight.requires_grad && weight.is_leaf);
        double before = weight.sum().ToDouble();
        optimizer.step();
        Assert.Equal(before - 0.6, weight.sum().ToDouble(), 5);
    }

    [Fact]
    public void Weights_of_another_architecture_are_refused_and_nothing_changes()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var one = new nn.Sequential(new nn.Linear(3, 2), new nn.Linear(2, 2));
        using var other = new nn.Sequential(new nn.Linear(3, 2), new nn.Linear(2, 4));
        using var shorter = new nn.Sequential(new nn.Linear(3, 2), new nn.BatchNorm2d(5));
        float[] before = one.parameters().First().data<float>();
        using StateDict wrong = other.state_dict(), foreign = shorter.state_dict();
        Assert.Contains("'1.weight' is [4, 2], the model's [2, 2]", Assert.Throws<InvalidDataException>(() => one.load_state_dict(wrong)).Message, StringComparison.Ordinal);
        Assert.Contains("3 (1.running_mean, 1.running_var, 1.num_batches_tracked) unexpected", Assert.Throws<InvalidDataException>(() => one.load_state_dict(foreign)).Message, StringComparison.Ordinal);
        Assert.Equal(before, one.parameters().First().data<float>());
        foreign.Remove("1.weight").Dispose();
        foreign.Remove("1.bias").Dispose();
        nn.IncompatibleKeys keys = one.load_state_dict(foreign, strict: false);
        Assert.Equal(["1.weight", "1.bias"], keys.missing_keys);
        Assert.Equal(3, keys.unexpected_keys.Count);
        Assert.NotEqual(before, one.parameters().First().data<float>());
    }

    [Fact]
    public void Evaluation_reaches_every_module_inside()
    {
        using var model = new ResNet(3);
        model.eval();
        Assert.All(model.modules(), module => Assert.False(module.training));
        model.train();
        Assert.All(model.modules(), module => Assert.True(module.training));
    }

    /// <summary>What libtorch 1.13 cannot do on a CPU, but networks are trained with there.</summary>
    [Theory]
    [InlineData("mish")]
    [InlineData("relu6")]
    [InlineData("relu6_")]
    public void Activations_of_bf16_are_those_of_floats_and_so_are_their_gradients(string name)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (float[] Values, float[] Gradient) Run(ScalarType dtype)
        {
            Tensor leaf = torch.from_array([-7.0, -1.5, -0.25, 0.5, 3, 5.5, 6.5, 20]).to(ScalarType.Float32).requires_grad_(), input = leaf.to(dtype) * 1.0;
            using nn.Module module = name == "mish" ? new nn.Mish() : new nn.ReLU6(inplace: name == "relu6_");
            Tensor output = module.forward(input);
            Assert.Equal(dtype, output.dtype);
            output.to(ScalarType.Float32).sum().backward();
            return (output.to(ScalarType.Float32).data<float>(), leaf.grad!.data<float>());
        }
        (float[] values, float[] gradient) = Run(ScalarType.BFloat16);
        (float[] expected, float[] slope) = Run(ScalarType.Float32);
        Assert.All(expected.Index(), e => Assert.Equal(e.Item, values[e.Index], 0.01 * Math.Max(1, Math.Abs(e.Item))));
        Assert.All(slope.Index(), e => Assert.Equal(e.Item, gradient[e.Index], 0.01));
    }

    [Fact]
    public void A_name_is_given_once()
    {
        using var model = new nn.Sequential(new nn.Identity());
        Assert.Throws<ArgumentException>(() => model.register_module("0", new nn.Identity()));
        Assert.Throws<ArgumentException>(() => model.register_module("a.b", new nn.Identity()));
    }
}
