namespace SignData.Torch.Tests;

/// <summary>Batch normalisation that learns from bf16 in channels_last, against floats in plain maps.</summary>
public sealed class BatchNormTests
{
    [Theory]
    [InlineData(4, 64, 9, 7, 0), InlineData(3, 24, 33, 20, 0), InlineData(2, 8, 1, 1, 3), InlineData(2, 200, 5, 4, -50), InlineData(5, 520, 2, 3, 1)]
    public void Outputs_gradients_and_statistics_in_bf16_are_those_of_floats_but_for_rounding(int images, int channels, int height, int width, double middle)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.manual_seed(6);
        Tensor values = ((torch.randn([images, channels, height, width]) * 2) + middle).to(ScalarType.BFloat16), against = torch.randn([images, channels, height, width]).to(ScalarType.BFloat16);
        Tensor weight = torch.rand([channels]) + 0.5, bias = torch.randn([channels]);
        double[][] Computed(ScalarType format, MemoryFormat layout, int threads)
        {
            torch.set_num_threads(threads);
            using nn.BatchNorm2d norm = new(channels);
            using (torch.no_grad())
            {
                norm.weight.copy_(weight);
                norm.bias.copy_(bias);
            }
            Tensor input = values.to(format).contiguous(layout).detach().requires_grad_();
            Tensor output = norm.forward(input);
            Assert.True(output.is_contiguous(layout));
            (output * against.to(format)).to(ScalarType.Float32).sum().backward();
            double[] Numbers(Tensor halves) => Golden.Doubles(halves.to(ScalarType.Float32));
            return [Numbers(output), Numbers(input.grad!), Golden.Doubles(norm.weight.grad!), Golden.Doubles(norm.bias.grad!), Golden.Doubles(norm.running_mean), Golden.Doubles(norm.running_var)];
        }

        double[][] exact = Computed(ScalarType.Float32, MemoryFormat.Contiguous, 1);
        double[][] one = Computed(ScalarType.BFloat16, MemoryFormat.ChannelsLast, 1), two = Computed(ScalarType.BFloat16, MemoryFormat.ChannelsLast, 2);
        (string Name, double Near)[] parts = [("output", 0.005), ("input", 0.005), ("weight", 1e-4), ("bias", 1e-5), ("mean", 1e-5), ("variance", 1e-4)];
        foreach ((int i, (string name, double near)) in parts.Index())
        {
            Assert.Equal(one[i], two[i]);
            double largest = exact[i].Max(Math.Abs) + 1e-3;
            Assert.True(exact[i].Zip(one[i]).All(pair => Math.Abs(pair.First - pair.Second) <= near * largest), name);
        }
    }
}
