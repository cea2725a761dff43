
namespace SignData.Training.Tests;

public sealed class FiguresTests
{
    private static Judgement Judged(int label, int said, string source = "clip", string? signer = null, float confidence = 0.9f, int second = 0) =>
        new($"{source}-{label}-{said}.jpg", 0, label, source, signer, said == second ? [said] : [said, second], [confidence, 1 - confidence]);

    [Fact]
    public void Wilsons_interval_is_that_of_the_textbook()
    {
        // Newcombe 1998, table I: 81 of 263.
        double[] interval = ConfidenceInterval.Wilson(81, 263);
        Assert.Equal(0.2553, interval[0], 4);
        Assert.Equal(0.3662, interval[1], 4);
        Assert.Equal(0, ConfidenceInterval.Wilson(0, 10)[0], 12);
        Assert.Equal(1, ConfidenceInterval.Wilson(10, 10)[1], 12);
    }

    [Fact]
    public void Clips_that_rise_and_fall_together_widen_the_interval()
    {
        (int, int)[] alike = [.. Enumerable.Range(0, 10).Select(i => (i < 5 ? 100 : 0, 100))], mixed = [.. Enumerable.Repeat((50, 100), 10)];
        double[] wide = ConfidenceInterval.Of(alike), narrow = ConfidenceInterval.Of(mixed);
        Assert.Equal(ConfidenceInterval.Wilson(500, 1000), narrow);
        Assert.True(wide[0] < 0.3 && wide[1] > 0.7, $"{wide[0]} to {wide[1]}");
    }

    [Fact]
    public void Precision_and_recall_are_counted_per_label()
    {
        Evaluation evaluation = new(["A", "B", "C", "D"], [Judged(0, 0), Judged(0, 0), Judged(0, 1), Judged(1, 1), Judged(2, 1)]);
        Assert.Equal(0.6, evaluation.Accuracy, 12);
        Assert.Equal(new LabelScore(1, 2 / 3.0, 3), evaluation.Score(0));
        Assert.Equal(new LabelScore(1 / 3.0, 1, 1), evaluation.Score(1));
        Assert.Equal(new LabelScore(null, 0, 1), evaluation.Score(2));
        Assert.Equal(new LabelScore(null, null, 0), evaluation.Score(3));
        Assert.Equal(1, evaluation.Confusion[2, 1]);
        Assert.Equal(0.8, evaluation.Top3, 12); // A called B has A second; C called B has not.
    }

    [Fact]
    public void Slices_and_mistakes_come_worst_first()
    {
        Evaluation evaluation = new(["A", "B"], [Judged(0, 0, "x", "s1"), Judged(1, 0, "y", "s2", 0.6f), Judged(1, 0, "z", "s2", 0.99f), Judged(1, 1, "z", "s2")]);
        Assert.Equal(["s2", "s1"], evaluation.BySigner.Select(s => s.Name));
        Assert.Equal(["y", "z", "x"], evaluation.BySource.Select(s => s.Name));
        Assert.Equal(["z", "y"], evaluation.Mistakes.Select(m => m.Source));
        Assert.Equal(1 / 3.0, evaluation.BySigner[0].Accuracy, 12);
    }

    [Fact]
    public void The_one_cycle_schedule_is_PyTorchs()
    {
        // torch.optim.lr_scheduler.OneCycleLR(max_lr=3e-3, total_steps=20), PyTorch 1.13.1.
        double[] expected = [0.00012, 0.0003950155281000757, 0.0011150155281000756, 0.002004984471899924, 0.0027249844718999243, 0.003, 0.002962392018705262, 0.002851453896040421, 0.00267274853271315, 0.0024352369618492894, 0.0021508290053739026, 0.0018337860658088677, 0.001500006, 0.0011662259341911321, 0.0008491829946260975, 0.0005647750381507109, 0.0003272634672868501, 0.00014855810395957884, 3.761998129473766e-05, 1.2e-08];
        OneCycle schedule = new(3e-3, 20);
        Assert.All(expected.Index(), e => Assert.Equal(e.Item, schedule.At(e.Index), 12));
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void A_schedule_of_few_steps_stays_between_nothing_and_its_peak(int steps) =>
        Assert.All(Enumerable.Range(0, steps), s => Assert.InRange(new OneCycle(0.1, steps).At(s), 0, 0.1));
}
