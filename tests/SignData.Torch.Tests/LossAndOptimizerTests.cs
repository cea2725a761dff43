namespace SignData.Torch.Tests;

public sealed class LossAndOptimizerTests
{
    [Theory]
    [InlineData("plain")]
    [InlineData("smoothed")]
    [InlineData("soft")]
    [InlineData("soft_smoothed")]
    [InlineData("weighted_smoothed")]
    [InlineData("ignored")]
    [InlineData("summed")]
    [InlineData("each")]
    public void Cross_entropy_and_its_gradient_are_PyTorchs(string kind)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor logits = Formula.Of(1, [6, 5], 3).requires_grad_();
        Tensor hard = torch.from_array(new long[] { 0, 4, 2, 2, 1, 3 });
        Tensor soft = Formula.Of(2, [6, 5], 2).softmax(1);
        Tensor loss = kind switch
        {
            "smoothed" => nn.functional.cross_entropy(logits, hard, label_smoothing: 0.2),
            "soft" => nn.functional.cross_entropy(logits, soft),
            "soft_smoothed" => nn.functional.cross_entropy(logits, soft, label_smoothing: 0.1),
            "weighted_smoothed" => nn.functional.cross_entropy(logits, hard, torch.from_array(new[] { 1f, 2, 0.5f, 1.5f, 1 }), label_smoothing: 0.1),
            "ignored" => nn.functional.cross_entropy(logits, torch.from_array(new long[] { 0, -100, 2, 2, -100, 3 })),
            "summed" => nn.functional.cross_entropy(logits, hard, reduction: nn.Reduction.Sum),
            "each" => nn.functional.cross_entropy(logits, hard, reduction: nn.Reduction.None),
            _ => nn.functional.cross_entropy(logits, hard),
        };
        loss.sum().backward();
        Golden.Same(Golden.Numbers("losses", kind, "loss"), Golden.Doubles(loss), 1e-6, "loss");
        Golden.Same(Golden.Numbers("losses", kind, "gradient"), Golden.Doubles(logits.grad!), 1e-6, "gradient");
    }

    [Theory]
    [InlineData("adamw")]
    [InlineData("adamw_groups")]
    [InlineData("adam")]
    [InlineData("sgd")]
    [InlineData("sgd_momentum")]
    [InlineData("sgd_nesterov_groups")]
    public void Five_steps_are_PyTorchs(string kind)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor[] parameters = Parameters();
        using optim.Optimizer optimizer = Make(kind, parameters);
        for (int step = 0; step < 5; step++)
        {
            Step(optimizer, parameters, step);
        }
        Check(kind, parameters);
    }

    [Theory]
    [InlineData("adamw_groups")]
    [InlineData("sgd_nesterov_groups")]
    public void An_optimizer_resumed_from_its_state_goes_on_as_if_never_stopped(string kind)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor[] parameters = Parameters();
        StateDict state;
        using (optim.Optimizer first = Make(kind, parameters))
        {
            for (int step = 0; step < 3; step++)
            {
                Step(first, parameters, step);
            }
            string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
            using StateDict saved = first.state_dict();
            saved.Save(path);
            state = StateDict.Read(path);
            File.Delete(path);
        }
        using optim.Optimizer second = Make(kind, parameters);
        using (state)
        {
            second.load_state_dict(state);
        }
        for (int step = 3; step < 5; step++)
        {
            Step(second, parameters, step);
        }
        Check(kind, parameters);
    }

    [Fact]
    public void Parameters_outside_plain_memory_take_the_same_steps()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        foreach (string kind in (string[])["adamw", "adam", "sgd"])
        {
            optim.Optimizer Of(Tensor tensor) => kind switch
            {
                "adamw" => new optim.AdamW([tensor], 0.01),
                "adam" => new optim.Adam([tensor], 0.01, weight_decay: 0.1),
                _ => new optim.SGD([tensor], 0.01, 0.9, true, 0.1),
            };
            Tensor plain = Formula.Of(5, [6, 5]), wide = plain.to(torch.float64);
            plain.requires_grad_();
            wide.requires_grad_();
            using optim.Optimizer one = Of(plain);
            using optim.Optimizer other = Of(wide);
            for (int step = 0; step < 3; step++)
            {
                plain.grad = Formula.Of(step, [6, 5]);
                wide.grad = Formula.Of(step, [6, 5]).to(torch.float64);
                one.step();
                other.step();
            }
            Assert.True(plain.detach().allclose(wide.detach().to(torch.float32), 1e-6, 1e-7));
        }
    }

    [Fact]
    public void A_module_moved_to_channels_last_after_the_first_step_keeps_its_optimizer()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        double[] Run(bool move)
        {
            using nn.Conv2d conv = Formula.Fill(new nn.Conv2d(3, 4, 3));
            using var optimizer = new optim.AdamW(conv.parameters(), 0.01);
            for (int step = 0; step < 3; step++)
            {
                if (move && step == 1)
                {
                    conv.to(torch.channels_last);
                }
                optimizer.zero_grad(set_to_none: step != 2);
                conv.forward(Formula.Of(step, [2, 3, 5, 5])).pow(2).sum().backward();
                optimizer.step();
            }
            Assert.Equal(move, conv.weight.is_contiguous(torch.channels_last));
            return Golden.Doubles(conv.weight);
        }
        Golden.Same(Run(false), Run(true), 1e-5);
    }

    [Fact]
    public void Clipping_gradients_is_PyTorchs()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor[] parameters = [Formula.Of(31, [4, 4]).requires_grad_(), Formula.Of(32, [9]).requires_grad_()];
        parameters[0].grad = Formula.Of(33, [4, 4], 2);
        parameters[1].grad = Formula.Of(34, [9], 2);
        Assert.Equal(Golden.At("modules", "clip_norm").GetDouble(), nn.utils.clip_grad_norm_(parameters, 1.5), 5);
        Golden.Same(Golden.Numbers("modules", "clipped"), Golden.Digest(parameters[0].grad!), 1e-6);
    }

    [Fact]
    public void An_average_of_weights_is_the_operators_one_by_one_in_every_layout_and_type()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        // The second is cut among threads, with rests; the third and fourth do not lie as their averages do.
        Tensor[] weights = [torch.randn([3]), torch.randn([37, 991]), torch.randn([8, 4, 3, 3]).contiguous(MemoryFormat.ChannelsLast), torch.randn([5, 6]).t(), torch.randn([7], torch.float64)];
        Tensor[] averages = [torch.randn([3]), torch.randn([37, 991]), torch.randn([8, 4, 3, 3]), torch.randn([6, 5]), torch.randn([7], torch.float64)];
        Tensor[] expected = [.. averages.Zip(weights, (average, weight) => (average * 0.9) + (weight * 0.1))];
        nn.utils.ema_(averages, weights, 0.9);
        foreach ((Tensor average, Tensor wanted) in averages.Zip(expected))
        {
            Assert.True((average - wanted).abs().max().ToDouble() < 1e-6);
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => nn.utils.ema_(averages, [weights[0]], 0.9));
    }

    [Fact]
    public void The_scaler_leaves_out_an_infinite_step_and_halves_its_factor()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor weight = torch.ones([3]).requires_grad_();
        using var optimizer = new optim.SGD([weight], 1);
        var scaler = new optim.GradScaler(init_scale: 8, growth_interval: 1);
        weight.grad = torch.tensor<float>([1, float.PositiveInfinity, 1]);
        Assert.False(scaler.step(optimizer));
        scaler.update();
        Assert.Equal(4, scaler.get_scale());
        Assert.Equal([1f, 1, 1], weight.data<float>());

        optimizer.zero_grad();
        scaler.scale((weight * 0.5).sum()).backward();
        Assert.True(scaler.step(optimizer));
        scaler.update();
        Assert.Equal(8, scaler.get_scale());
        Assert.Equal([0.5f, 0.5f, 0.5f], weight.data<float>());
    }

    [Fact]
    public void A_state_of_another_model_is_refused()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var small = new optim.AdamW([torch.ones([3]).requires_grad_()]);
        using var large = new optim.AdamW([torch.ones([3]).requires_grad_(), torch.ones([2]).requires_grad_()]);
        using StateDict state = large.state_dict();
        Assert.Contains("steps", Assert.Throws<InvalidDataException>(() => small.load_state_dict(state)).Message, StringComparison.Ordinal);
    }

    private static Tensor[] Parameters() =>
    [
        Formula.Of(11, [5, 3, 3, 3]).contiguous(torch.channels_last).requires_grad_(),
        Formula.Of(12, [7]).requires_grad_(),
        Formula.Of(13, [40, 1001]).requires_grad_(),
    ];

    private static optim.Optimizer Make(string kind, Tensor[] p)
    {
        optim.ParamGroup[] groups = [new([p[0]]), new([p[1]], lr_factor: 2, weight_decay: 0), new([p[2]])];
        return kind switch
        {
            "adamw" => new optim.AdamW(p, 1e-2, 0.8, 0.99, 1e-6, 0.1),
            "adamw_groups" => new optim.AdamW(groups, 1e-2, weight_decay: 0.1),
            "adam" => new optim.Adam(groups, 1e-2, 0.8, 0.99, weight_decay: 0.1),
            "sgd" => new optim.SGD(p, 1e-2, weight_decay: 0.1),
            "sgd_momentum" => new optim.SGD(p, 1e-2, 0.9, weight_decay: 0.1),
            _ => new optim.SGD(groups, 1e-2, 0.9, nesterov: true, weight_decay: 0.1),
        };
    }

    private static void Step(optim.Optimizer optimizer, Tensor[] parameters, int step)
    {
        optimizer.lr = 1e-2 * (1 - 0.1 * step);
        for (int i = 0; i < parameters.Length; i++)
        {
            parameters[i].grad = step == 2 && i == 1 ? null : Formula.Of(100 * step + i, parameters[i].shape, 0.5);
        }
        optimizer.step();
    }

    private static void Check(string kind, Tensor[] parameters)
    {
        double[][] expected = Golden.At("optimizers", kind).EnumerateArray().Select(list => list.EnumerateArray().Select(x => x.GetDouble()).ToArray()).ToArray();
        Golden.Same(expected[0], Golden.Doubles(parameters[0]), 1e-6, "channels_last");
        Golden.Same(expected[1], Golden.Doubles(parameters[1]), 1e-6, "skipped once");
        Golden.Same(expected[2], Golden.Digest(parameters[2]), 1e-5, "large");
    }
}
