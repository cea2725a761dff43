namespace SignData.Torch.Tests;

public sealed class DepthwiseTests
{
    [Theory]
    [InlineData(2, 24, 10, 11, 2, 2, false), InlineData(9, 72, 6, 5, 1, 2, false), InlineData(1, 16, 4, 4, 1, 2, true)]
    [InlineData(2, 144, 13, 12, 2, 0, false), InlineData(2, 16, 2, 9, 1, 4, true), InlineData(3, 88, 5, 6, 2, 3, true)]
    public void Gradients_of_5x5_in_channels_last_are_those_of_plain_maps(int images, int channels, int height, int width, int stride, int padding, bool bias)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.manual_seed(3);
        using nn.Conv2d convolution = new(channels, channels, 5, stride, padding, groups: channels, bias: bias);
        Tensor input = torch.randn([images, channels, height, width]);
        double[][] Gradients(MemoryFormat layout, int threads)
        {
            torch.set_num_threads(threads);
            Tensor own = input.contiguous(layout).detach().requires_grad_();
            convolution.zero_grad();
            Tensor output = convolution.forward(own);
            (output * output.detach()).sum().backward();
            return [Golden.Doubles(own.grad!), Golden.Doubles(convolution.weight.grad!), bias ? Golden.Doubles(convolution.bias!.grad!) : []];
        }

        double[][] plain = Gradients(MemoryFormat.Contiguous, 1), one = Gradients(MemoryFormat.ChannelsLast, 1), two = Gradients(MemoryFormat.ChannelsLast, 2);
        foreach ((int i, string name) in ((string[])["input", "weight", "bias"]).Index())
        {
            Golden.Same(plain[i], one[i], 1e-5, name);
            Assert.Equal(one[i], two[i]);
        }
    }

    [Theory, InlineData(1), InlineData(2)]
    public void Gradients_in_bf16_are_those_of_floats_but_for_rounding(int stride)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.manual_seed(4);
        using nn.Conv2d convolution = new(40, 40, 5, stride, 2, groups: 40, bias: false);
        Tensor input = torch.randn([4, 40, 9, 8]).contiguous(MemoryFormat.ChannelsLast);
        double[] Gradient(ScalarType? cast)
        {
            convolution.zero_grad();
            Tensor own = input.detach().requires_grad_();
            using (cast is { } format ? torch.autocast(input.device, format) : null)
            {
                convolution.forward(own).to(ScalarType.Float32).sum().backward();
            }
            return [.. Golden.Doubles(own.grad!), .. Golden.Doubles(convolution.weight.grad!)];
        }

        double[] exact = Gradient(null), rounded = Gradient(ScalarType.BFloat16);
        double largest = exact.Max(Math.Abs);
        Assert.All(exact.Zip(rounded), pair => Assert.Equal(pair.First, pair.Second, 0.01 * largest));
    }
}
