namespace SignData.Torch.Tests;

public sealed class CheckpointTests
{
    [Fact]
    public void The_output_and_every_gradient_are_those_without_and_nothing_is_left_behind()
    {
        long before = torch.live_tensors;
        using (torch.NewDisposeScope())
        {
            using nn.Sequential model = Formula.Fill(Model());
            double[][] plain = Gradients(model, model.forward), checkpointed = Gradients(model, x => torch.checkpoint(model.forward, x));
            Assert.Equal(plain, checkpointed);
            // Pieces within pieces, as in a chain that is itself in one.
            Assert.Equal(plain, Gradients(model, x => torch.checkpoint(y => torch.checkpoint(model.forward, y), x)));
        }
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.Equal(before, torch.live_tensors);
    }

    [Fact]
    public void Dropout_drops_the_same_numbers_again_and_the_stream_goes_on_as_if_nothing_had_been_drawn()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using nn.Sequential model = Formula.Fill(new nn.Sequential(new nn.Linear(8, 8), new nn.Dropout(0.5), new nn.Linear(8, 8), new nn.Dropout(0.5)));
        (double[][], float) Drawn(Func<Tensor, Tensor> forward)
        {
            torch.manual_seed(9);
            double[][] gradients = Gradients(model, forward, Formula.Of(2, [4, 8]));
            return (gradients, torch.rand([1]).item<float>());
        }
        (double[][] plain, float next) = Drawn(model.forward);
        (double[][] checkpointed, float nextToo) = Drawn(x => torch.checkpoint(model.forward, x));
        Assert.Equal(plain, checkpointed);
        Assert.Equal(next, nextToo);
    }

    [Fact]
    public void A_batch_counts_once_in_the_running_averages()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using nn.Sequential one = Formula.Fill(Model()), other = Formula.Fill(Model());
        Gradients(one, one.forward);
        Gradients(other, x => torch.checkpoint(other.forward, x));
        Assert.All(one.named_buffers().Zip(other.named_buffers()), pair => Assert.True(pair.First.buffer.equal(pair.Second.buffer), pair.First.name));
    }

    [Fact]
    public void The_same_casts_are_made_again()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using nn.Sequential model = Formula.Fill(Model());
        Tensor Cast(Func<Tensor, Tensor> forward, Tensor input)
        {
            using (torch.autocast("cpu", torch.bfloat16))
            {
                return forward(input);
            }
        }
        Assert.Equal(Gradients(model, x => Cast(model.forward, x)), Gradients(model, x => Cast(y => torch.checkpoint(model.forward, y), x)));
    }

    [Fact]
    public void What_fails_the_second_time_fails_backward_with_its_reason()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        int calls = 0;
        Tensor output = torch.checkpoint(x => ++calls == 1 ? x * 2.0 : throw new InvalidOperationException("not again"), torch.ones([2]).requires_grad_());
        Assert.Contains("not again", Assert.Throws<TorchException>(() => output.sum().backward()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_record_it_is_a_plain_call()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable still = torch.no_grad();
        int calls = 0;
        Tensor x = torch.ones([2]);
        Assert.Same(x, torch.checkpoint(y => { calls++; return y; }, x));
        Assert.Equal(1, calls);
    }

    [Fact]
    public void SiLU_and_Mish_hold_their_input_alone()
    {
        // What earlier tests left is not to be let go of in between. The count is of the whole process, whose other threads
        // take and return some bytes too: either way less than a fortieth of the 4 MiB in question.
        const long Others = 100_000;
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor leaf = torch.rand([1 << 20]).requires_grad_();
        long Held(Func<Tensor, Tensor> activation)
        {
            using DisposeScope inner = torch.NewDisposeScope();
            Tensor input = leaf * 2.0;
            long before = torch.cpu_memory;
            using Tensor output = activation(input);
            return torch.cpu_memory - before - (4 << 20); // its output is the next layer's input
        }
        using var mish = new nn.Mish();
        using var silu = new nn.SiLU();
        Assert.InRange(Held(silu.forward), -Others, Others);
        Assert.InRange(Held(mish.forward), -Others, Others);
        Assert.InRange(Held(x => x * x.sigmoid()), (4 << 20) - Others, (4 << 20) + Others);
    }

    private static nn.Sequential Model() => new(new nn.Conv2d(3, 6, 3, padding: 1), new nn.BatchNorm2d(6), new nn.ReLU(inplace: true), new nn.Conv2d(6, 4, 3), new nn.SiLU(), new nn.AdaptiveAvgPool2d(2));

    private static double[][] Gradients(nn.Module model, Func<Tensor, Tensor> forward, Tensor? given = null)
    {
        Tensor input = (given ?? Formula.Of(1, [2, 3, 12, 12])).requires_grad_();
        model.zero_grad();
        input.grad = null;
        Tensor output = forward(input);
        (output * output).to(torch.float32).sum().backward();
        return [Golden.Doubles(output.detach().to(torch.float32)), Golden.Doubles(input.grad!), .. model.parameters().Select(parameter => Golden.Doubles(parameter.grad!))];
    }
}
