using SignData.Torch;
using SignData.Torch.Tests;
using SignData.Training.Architectures;

namespace SignData.Training.Tests;

public sealed class MixStyleTests
{
    private const int Side = 64;

    [Theory]
    [InlineData("resnet18")]
    [InlineData("resnet50")]
    [InlineData("densenet121")]
    [InlineData("mobilenet_v3_small")]
    [InlineData("tf_efficientnet_b0")]
    [InlineData("squeezenet1_1")]
    [InlineData("simple-cnn")]
    public void Maps_of_a_quarter_and_an_eighth_of_the_side_get_another_pictures_style_and_keep_what_they_show(string name)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.manual_seed(4);
        using Network model = Architecture.Named(name).Build(3);
        model.MixStyles(1);
        List<(string Stage, Tensor Maps)> passed = [];
        model.Passed = (stage, maps) => passed.Add((stage, maps.clone()));
        model.forward(Formula.Of(3, [8, 3, Side, Side]));

        (Tensor Before, Tensor After)[] mixed = [.. passed.Index().Where(p => p.Item.Stage == "style").Select(p => (passed[p.Index - 1].Maps, p.Item.Maps))];
        Assert.Equal(2, mixed.Length);
        // Kernels without padding make maps a little smaller.
        Assert.All(mixed.Zip([Side / 4, Side / 8]), pair => Assert.InRange(pair.First.After.shape[^1], (int)(0.8 * pair.Second), (int)(1.2 * pair.Second)));
        foreach ((Tensor before, Tensor after) in mixed)
        {
            (Tensor mean, Tensor deviation) = Style(before);
            (Tensor newMean, Tensor newDeviation) = Style(after);
            // Where a map is as good as even, there is nothing to be shown.
            Tensor alive = (torch.minimum(deviation, newDeviation) > 0.02).to(torch.float32);
            Assert.True((((((before - mean) / deviation) - ((after - newMean) / newDeviation)) * alive).abs().max() < 0.02).item<bool>(), "what is shown");
            Assert.True((newMean - mean).abs().max().ToDouble() > 1e-3, "no style has changed");
            Assert.True((newMean >= -(-mean).amax(0) - 1e-4).all().item<bool>() && (newMean <= mean.amax(0) + 1e-4).all().item<bool>(), "a style of nobody's");
        }
    }

    [Fact]
    public void Nothing_is_mixed_by_who_judges_nor_where_nobody_asked()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor pictures = Formula.Of(3, [4, 3, Side, Side]);
        using Network plain = Formula.Fill(Architecture.Named("resnet18").Build(3)), asked = Formula.Fill(Architecture.Named("resnet18").Build(3)), never = Formula.Fill(Architecture.Named("resnet18").Build(3));
        asked.MixStyles(1);
        never.MixStyles(0);
        Assert.Equal(plain.state_dict().Keys, asked.state_dict().Keys);
        void Modes(bool training)
        {
            foreach (Network model in (Network[])[plain, asked, never])
            {
                model.train(training);
            }
        }
        Modes(training: false);
        Assert.True(plain.forward(pictures).equal(asked.forward(pictures)));
        Modes(training: true);
        Assert.True(plain.forward(pictures).equal(never.forward(pictures)));
        Assert.False(plain.forward(pictures).equal(asked.forward(pictures)));
    }

    [Fact]
    public void A_checkpointed_step_mixes_the_same_styles_again()
    {
        torch.set_num_threads(1);
        using DisposeScope scope = torch.NewDisposeScope();
        double[] Gradients(bool checkpointing)
        {
            using Network model = Formula.Fill(Architecture.Named("resnet18").Build(3));
            model.MixStyles(0.5);
            model.Checkpointing = checkpointing;
            torch.manual_seed(11);
            for (int step = 0; step < 3; step++)
            {
                nn.functional.cross_entropy(model.forward(Formula.Of(3 + step, [4, 3, 96, 96])), torch.from_array([1L, 2L, 0L, 0L])).backward();
            }
            return [.. model.parameters().Select(p => p.grad!.norm().ToDouble())];
        }
        Assert.Equal(Gradients(false), Gradients(true));
    }

    private static (Tensor Mean, Tensor Deviation) Style(Tensor maps) =>
        (maps.mean([2, 3], keepdim: true), (maps.var([2, 3], unbiased: false, keepdim: true) + 1e-6).sqrt());
}
