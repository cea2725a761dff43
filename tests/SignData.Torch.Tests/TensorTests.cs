namespace SignData.Torch.Tests;

public sealed class TensorTests
{
    [Fact]
    public void Managed_arrays_come_back_as_they_went()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Assert.Equal([1f, 2, 3, 4], torch.from_array(new[] { 1f, 2, 3, 4 }, 2, 2).data<float>());
        Assert.Equal([5L, -6], torch.from_array(new long[] { 5, -6 }).data<long>());
        Assert.Equal([0, 128, 255], torch.from_array(new byte[] { 0, 128, 255 }).data<byte>());
        Assert.Equal([true, false], torch.from_array(new[] { true, false }).data<bool>());
        Tensor halves = torch.tensor<float>([1.5f, -2], dtype: torch.bfloat16);
        Assert.Equal([0x3fc0, 0xc000], halves.data<ushort>());
        Assert.Equal(torch.float64, torch.tensor<float>([1], dtype: torch.float64).dtype);
        Assert.Empty(torch.zeros([0, 3]).data<float>());
    }

    [Fact]
    public void Elements_come_in_row_major_order_whatever_their_order_in_memory()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor matrix = torch.arange(6, torch.float32).view(2, 3);
        Assert.Equal([0f, 3, 1, 4, 2, 5], matrix.t().data<float>());
        Tensor target = torch.zeros([3, 2]).t();
        target.copy_<float>([1, 2, 3, 4, 5, 6]);
        Assert.Equal([1f, 2, 3, 4, 5, 6], target.data<float>());
        Assert.Equal(6, target[1][2].ToSingle());
    }

    [Fact]
    public void A_batch_of_uint8_pictures_becomes_a_normalised_channels_last_one_without_a_copy_of_the_bytes()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        byte[] pixels = Enumerable.Range(0, 2 * 3 * 4 * 3).Select(value => (byte)value).ToArray();
        Tensor batch = torch.from_array(pixels, 2, 3, 4, 3).permute(0, 3, 1, 2);
        Assert.Equal([2, 3, 3, 4], batch.shape);
        Assert.True(batch.is_contiguous(torch.channels_last));
        Tensor mean = torch.tensor<float>([10, 20, 30], [1, 3, 1, 1]), std = torch.tensor<float>([2, 4, 8], [1, 3, 1, 1]);
        Tensor normal = batch.@float().sub_(mean).div_(std);
        Assert.True(normal.is_contiguous(torch.channels_last));
        Assert.Equal((pixels[((1 * 3 + 2) * 4 + 3) * 3 + 1] - 20) / 4f, normal[1][1][2][3].ToSingle());
    }

    [Fact]
    public void Operators_know_tensors_and_numbers_on_both_sides()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor a = torch.from_array(new[] { 1f, 2, 4 }), n = torch.from_array(new long[] { 1, 2, 4 });
        Assert.Equal([3f, 5, 9], (a * 2 + 1).data<float>());
        Assert.Equal([9f, 8, 6], (10 - a).data<float>());
        Assert.Equal([8f, 4, 2], (8 / a).data<float>());
        Assert.Equal([0f, 0, 0], (a - a).data<float>());
        Assert.Equal([1f, 1, 1], (a / a).data<float>());
        Assert.Equal([-1f, -2, -4], (-a).data<float>());
        Assert.Equal([3L, 6, 12], (n * 3).data<long>());
        Assert.Equal(torch.int64, (n + n).dtype);
        Assert.Equal(torch.float32, (n * 0.5).dtype);
        Assert.Equal([false, true, true], (a >= 2).data<bool>());
        Assert.Equal([false, true, false], a.eq(2).data<bool>());
        Assert.Equal([1f, 4, 16], a.pow(2).data<float>());
        Assert.Equal([2f, 2, 3], a.clamp(2, 3).data<float>());
        Assert.Equal([1f, -1, 4], torch.where(a.eq(2), torch.full([3], -1), a).data<float>());
        Assert.Equal([21f], a.view(1, 3).matmul(a.view(3, 1)).view(1).data<float>());
    }

    [Fact]
    public void Reductions_and_choices_are_those_of_PyTorch()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor x = torch.from_array(new[] { 3f, 1, 2, 6, 5, 4 }, 2, 3);
        Assert.Equal(21, x.sum().ToSingle());
        Assert.Equal([6f, 15], x.sum([1]).data<float>());
        Assert.Equal([2, 1], x.mean([1], keepdim: true).shape);
        Assert.Equal([0L, 0], x.argmax(1).data<long>());
        Assert.Equal(6, x.max().ToSingle());
        Assert.Equal([1f, 4], x.min(1).values.data<float>());
        (Tensor values, Tensor indices) = x.topk(2);
        Assert.Equal([3f, 2, 6, 5], values.data<float>());
        Assert.Equal([0L, 2, 0, 1], indices.data<long>());
        Assert.Equal([2f, 5], x.index_select(1, torch.from_array(new long[] { 2, 1 })).data<float>().Where((_, i) => i is 0 or 3));
        Assert.Equal([1f, 1], x.softmax(1).sum([1]).data<float>().Select(value => MathF.Round(value)));
        Assert.True(x.log_softmax(1).exp().allclose(x.softmax(1), 1e-5));
        Assert.Equal([4, 3], torch.cat([x, x]).shape);
        Assert.Equal([2, 2, 3], torch.stack([x, x]).shape);
        Assert.Equal([[2L, 2], [2L, 1]], x.chunk(2, 1).Select(part => part.shape));
        Assert.Equal([2f, 1, 3, 4, 5, 6], x.flip(1).data<float>());
        Assert.Equal([3f, 3], torch.call("roll", x, new long[] { 1 }, new long[] { 1 })[0][0].data<float>().Where(v => v == 3).Concat([3f]));
    }

    [Fact]
    public void The_device_has_a_name()
    {
        Assert.Equal("cuda:1", new Device("cuda:1").ToString());
        Assert.Equal(default, (Device)"cpu");
        Assert.Equal(-1, new Device("cuda").index);
        foreach (string name in (string[])["gpu", "cuda:", "cuda:-1", "cuda:x", "cpu:0", ""])
        {
            Assert.Throws<ArgumentException>(() => new Device(name));
        }
        using Tensor tensor = torch.zeros([1]);
        Assert.Equal("cpu", tensor.device);
        Assert.False(torch.cuda_is_available() && torch.cuda_device_count() == 0);
    }

    [Fact]
    public void Libtorchs_own_message_tells_what_does_not_fit()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        long before = torch.live_tensors;
        Tensor a = torch.zeros([2, 3]), b = torch.zeros([4, 5]);
        Assert.Contains("mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5)", Assert.Throws<TorchException>(() => a.matmul(b)).Message, StringComparison.Ordinal);
        Assert.Throws<TorchException>(() => a.view(7));
        Assert.Throws<TorchException>(() => torch.cat([a, b]));
        Assert.Throws<TorchException>(() => torch.zeros([-1]));
        Assert.Throws<TorchException>(() => a.backward());
        Assert.Throws<TorchException>(() => a.item<float>());
        Assert.Throws<TorchException>(() => torch.call("no_such_operator", a));
        Assert.Throws<TorchException>(() => torch.call("relu", a, 1, 2));
        Assert.Throws<TorchException>(() => torch.tensor<float>([1, 2, 3], [-3]));
        Assert.Throws<ArgumentException>(() => torch.tensor<float>([1, 2, 3], [2]));
        Assert.Throws<ArgumentException>(() => a.data<long>());
        Assert.Equal(before + 2, torch.live_tensors);
    }

    [Fact]
    public void Scopes_dispose_what_was_made_inside_but_what_was_moved_out()
    {
        long before = torch.live_tensors;
        Tensor kept, free;
        using (DisposeScope outer = torch.NewDisposeScope())
        {
            Tensor lost;
            using (DisposeScope inner = torch.NewDisposeScope())
            {
                lost = torch.ones([3]);
                kept = (lost * 2).MoveToOuterDisposeScope();
                free = (lost * 3).DetachFromDisposeScope();
                Assert.Equal(1, inner.Count);
            }
            Assert.True(lost.IsInvalid);
            Assert.Throws<ObjectDisposedException>(() => lost + 1);
            Assert.Equal(6, kept.sum().ToSingle());
        }
        Assert.True(kept.IsInvalid);
        Assert.Equal(9, free.sum().item<int>());
        free.Dispose();
        free.Dispose();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.Equal(before, torch.live_tensors);
    }

    [Fact]
    public void An_exception_leaves_no_tensor_behind()
    {
        long before = torch.live_tensors;
        using var model = new nn.Sequential(new nn.Linear(3, 4), new nn.ReLU(), new nn.Linear(5, 2));
        long held = torch.live_tensors;
        Assert.Throws<TorchException>(() =>
        {
            using DisposeScope scope = torch.NewDisposeScope();
            using IDisposable cast = torch.autocast("cpu");
            using IDisposable still = torch.no_grad();
            model.forward(torch.ones([2, 3]));
        });
        Assert.Equal(held, torch.live_tensors);
        Assert.True(torch.is_grad_enabled());
        model.Dispose();
        Assert.Equal(before, torch.live_tensors);
    }

    [Fact]
    public void A_forgotten_tensor_is_given_back_by_the_collector()
    {
        long before = torch.live_tensors;
        Forget();
        for (int i = 0; i < 10 && torch.live_tensors > before; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Assert.Equal(before, torch.live_tensors);

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        static void Forget()
        {
            for (int i = 0; i < 100; i++)
            {
                torch.ones([10]);
            }
        }
    }

    [Fact]
    public void Gradients_flow_to_leaves_add_up_and_stop_where_told()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor x = torch.from_array(new[] { 1f, 2, 3 }).requires_grad_();
        Assert.Null(x.grad);
        (x * x).sum().backward();
        (x * 10).backward(torch.ones([3]));
        Assert.Equal([12f, 14, 16], x.grad!.data<float>());
        using (torch.no_grad())
        {
            Assert.False((x * 2).requires_grad);
            using (torch.enable_grad())
            {
                Assert.True((x * 2).requires_grad);
            }
            Assert.False(torch.is_grad_enabled());
        }
        Assert.False(x.detach().requires_grad);
        Assert.True(x.clone().requires_grad);
        x.grad = null;
        Assert.Null(x.grad);
        Tensor twice = (x * x).sum();
        twice.backward(retain_graph: true);
        twice.backward();
        Assert.Equal([4f, 8, 12], x.grad!.data<float>());
        Assert.Throws<TorchException>(() => twice.backward());
    }

    [Fact]
    public void Autocast_shortens_products_inside_and_forgets_the_shortened_weights_at_its_end()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var linear = new nn.Linear(4, 4);
        Tensor x = torch.ones([2, 4]);
        float[] first;
        using (torch.autocast("cpu", torch.bfloat16))
        {
            Tensor y = linear.forward(x);
            Assert.Equal(torch.bfloat16, y.dtype);
            first = y.@float().data<float>();
            using (torch.autocast("cpu", enabled: false))
            {
                Assert.Equal(torch.float32, linear.forward(x).dtype);
            }
            Assert.Equal(torch.bfloat16, linear.forward(x).dtype);
        }
        Assert.Equal(torch.float32, linear.forward(x).dtype);
        using (torch.no_grad())
        {
            linear.weight.mul_(2);
            linear.bias!.mul_(2);
        }
        using (torch.autocast("cpu", torch.bfloat16))
        {
            Assert.Equal(first.Select(value => value * 2), linear.forward(x).@float().data<float>());
        }
    }

    [Fact]
    public void Threads_have_modes_scopes_and_errors_of_their_own()
    {
        long before = torch.live_tensors;
        var failures = new List<Exception>();
        using (torch.no_grad())
        using (torch.NewDisposeScope())
        {
            Thread[] threads = Enumerable.Range(0, 4).Select(number => new Thread(() =>
            {
                try
                {
                    Assert.True(torch.is_grad_enabled());
                    for (int i = 0; i < 50; i++)
                    {
                        using DisposeScope scope = torch.NewDisposeScope();
                        Tensor x = torch.full([number + 1], 2.0).requires_grad_();
                        (x * x).sum().backward();
                        Assert.Equal(Enumerable.Repeat(4f, number + 1), x.grad!.data<float>());
                        Assert.Contains($"size of tensor a ({number + 2})", Assert.Throws<TorchException>(() => torch.zeros([number + 2]) + torch.zeros([number + 3])).Message, StringComparison.Ordinal);
                    }
                }
                catch (Exception error)
                {
                    lock (failures)
                    {
                        failures.Add(error);
                    }
                }
            })).ToArray();
            Array.ForEach(threads, thread => thread.Start());
            Array.ForEach(threads, thread => thread.Join());
        }
        Assert.Empty(failures);
        Assert.Equal(before, torch.live_tensors);
        int threadsBefore = torch.get_num_threads();
        torch.set_num_threads(1);
        Assert.Equal(1, torch.get_num_threads());
        torch.set_num_threads(threadsBefore);
    }

    [Fact]
    public void A_seed_and_a_state_bring_random_numbers_back()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.manual_seed(3);
        float[] first = torch.randn([5]).data<float>();
        Tensor state = torch.get_rng_state();
        float[] second = torch.rand([5]).data<float>();
        torch.set_rng_state(state);
        Assert.Equal(second, torch.rand([5]).data<float>());
        torch.manual_seed(3);
        Assert.Equal(first, torch.randn([5]).data<float>());
        Assert.All(torch.randint(4, [100]).data<long>(), value => Assert.InRange(value, 0, 3));
        Assert.Equal(Enumerable.Range(0, 10).Select(value => (long)value), torch.randperm(10).data<long>().Order());
    }
}
