namespace SignData.Torch.Tests;

/// <summary>Convolutions that are products of matrices on a processor with AMX; on others oneDNN's are judged by the same rule.</summary>
public sealed class ProductsTests
{
    [Theory]
    [InlineData(3, 128, 256, 5, 4, 3, 1, 1, false), InlineData(2, 256, 256, 6, 6, 3, 2, 1, true), InlineData(1, 128, 256, 1, 1, 3, 1, 1, false)]
    [InlineData(2, 130, 258, 7, 5, 3, 2, 0, true), InlineData(2, 128, 256, 9, 10, 5, 2, 3, false), InlineData(4, 128, 256, 8, 8, 3, 1, 1, false)]
    [InlineData(2, 128, 256, 3, 2, 2, 1, 1, true), InlineData(2, 64, 128, 17, 24, 3, 2, 1, false), InlineData(1, 128, 256, 3, 2, 7, 2, 3, false)]
    [InlineData(2, 64, 96, 6, 5, 1, 1, 0, false), InlineData(3, 144, 40, 5, 6, 1, 1, 0, true), InlineData(2, 256, 512, 3, 3, 1, 1, 0, false)]
    [InlineData(2, 128, 256, 7, 5, 1, 2, 0, true), InlineData(2, 64, 256, 7, 6, 1, 2, 0, false), InlineData(2, 128, 256, 3, 4, 1, 1, 1, false)]
    public void Outputs_and_gradients_in_bf16_are_those_of_floats_but_for_rounding(int images, int channels, int outputs, int height, int width, int kernel, int stride, int padding, bool bias)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.manual_seed(5);
        using nn.Conv2d convolution = new(channels, outputs, kernel, stride, padding, bias: bias);
        Tensor input = torch.randn([images, channels, height, width]), against = torch.randn([outputs, 1, 1]);
        double[][] Computed(ScalarType? cast)
        {
            convolution.zero_grad();
            Tensor own = input.contiguous(MemoryFormat.ChannelsLast).detach().requires_grad_();
            Tensor output;
            using (cast is { } format ? torch.autocast(input.device, format) : null)
            {
                output = convolution.forward(own).to(ScalarType.Float32);
            }
            (output * against).sum().backward();
            return [Golden.Doubles(output), Golden.Doubles(own.grad!), Golden.Doubles(convolution.weight.grad!), bias ? Golden.Doubles(convolution.bias!.grad!) : [0]];
        }

        double[][] exact = Computed(null), rounded = Computed(ScalarType.BFloat16);
        foreach ((int i, string name) in ((string[])["output", "input", "weight", "bias"]).Index())
        {
            double largest = exact[i].Max(Math.Abs);
            Assert.True(exact[i].Zip(rounded[i]).All(pair => Math.Abs(pair.First - pair.Second) <= 0.01 * largest), name);
        }
    }
}
