namespace SignData.Core.Tests;

public sealed class LevelsTests
{
    [Theory]
    [InlineData(0), InlineData(1), InlineData(31), InlineData(97), InlineData(4_000_003)]
    public void Mean_and_deviation_are_those_of_all_samples(int count)
    {
        var samples = new byte[count];
        new Random(count).NextBytes(samples);
        var mean = count == 0 ? 0 : samples.Average(sample => (double)sample);
        var deviation = count == 0 ? 0 : Math.Sqrt(samples.Average(sample => (sample - mean) * (sample - mean)));
        var levels = Levels.Of(samples);
        Assert.Equal(mean, levels.Mean, 1e-9);
        Assert.Equal(deviation, levels.Deviation, 1e-9);
    }

    [Fact]
    public void White_overflows_nothing()
    {
        var white = new byte[70_000];
        Array.Fill(white, byte.MaxValue);
        Assert.Equal((255, 0), Levels.Of(white));
    }
}
