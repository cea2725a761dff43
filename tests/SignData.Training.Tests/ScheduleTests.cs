using SignData.Core;

namespace SignData.Training.Tests;

public sealed class ScheduleTests
{
    [Fact]
    public void Cosine_with_warm_up_rises_on_a_line_and_falls_as_PyTorchs()
    {
        // 2 steps up, then torch.optim.lr_scheduler.CosineAnnealingLR(T_max=8) at 0.1, PyTorch 1.13.1.
        double[] expected = [0.05, 0.1, 0.1, 0.09619397662556435, 0.08535533905932738, 0.06913417161825449, 0.05, 0.030865828381745515, 0.014644660940672627, 0.0038060233744356634];
        Schedule schedule = Schedule.Named("cosine", 0.1, 10, warmUp: 2);
        Assert.All(expected.Index(), e => Assert.Equal(e.Item, schedule.At(e.Index), 12));
    }

    [Fact]
    public void Steps_are_tenths_after_each_third() =>
        Assert.Equal([0.1, 0.1, 0.1, 0.1, 0.01, 0.01, 0.01, 0.01, 0.001, 0.001], Enumerable.Range(0, 10).Select(i => Math.Round(Schedule.Named("step", 0.1, 10).At(i), 12)));

    [Fact]
    public void Fine_tuning_is_a_cycle_for_the_head_and_one_of_half_the_rate_for_all()
    {
        Schedule schedule = Schedule.FineTune(20, 3e-3, peak => Schedule.Named("one-cycle", peak, 30));
        Assert.All(Enumerable.Range(0, 20), i => Assert.Equal(new OneCycle(3e-3, 20).At(i), schedule.At(i)));
        Assert.All(Enumerable.Range(0, 30), i => Assert.Equal(new OneCycle(1.5e-3, 30).At(i), schedule.At(20 + i)));
        Assert.Equal(new OneCycle(3e-3, 30).At(7), Schedule.FineTune(0, 3e-3, peak => Schedule.Named("one-cycle", peak, 30)).At(7));
    }

    [Fact]
    public void An_unknown_name_is_refused_with_the_known_ones() =>
        Assert.Contains("one-cycle, cosine, step", Assert.Throws<InputException>(() => Schedule.Named("linear", 1, 1)).Message, StringComparison.Ordinal);
}
