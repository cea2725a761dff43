namespace SignData.Vision.Tests;

public sealed class ResampleTests
{
    [Fact]
    public void Halving_takes_the_mean_of_four()
    {
        var source = new Image(4, 2, 1, [10, 20, 100, 104, 30, 40, 100, 108]);
        Assert.Equal([25, 103], Resample.Resize(source, 2, 1).Pixels);
    }

    [Theory]
    [InlineData(1, 1, 3)]
    [InlineData(300, 7, 3)]
    [InlineData(31, 200, 1)]
    public void A_plain_picture_stays_plain_at_any_size(int width, int height, int channels)
    {
        var source = new Image(64, 48, channels);
        Array.Fill(source.Pixels, (byte)77);
        var result = Resample.Resize(source, width, height);
        Assert.Equal((width, height, channels), (result.Width, result.Height, result.Channels));
        Assert.All(result.Pixels, value => Assert.Equal(77, value));
    }

    [Fact]
    public void Grey_weighs_red_green_and_blue_by_bt601()
    {
        var source = new Image(4, 1, 3, [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255]);
        Assert.Equal([76, 150, 29, 255], Resample.ToGrey(source).Pixels);
    }

    [Fact]
    public void A_size_out_of_range_is_the_callers_error()
    {
        Assert.Throws<ArgumentException>(() => Resample.Resize(new Image(4, 4), 0, 4));
        Assert.Throws<ArgumentException>(() => Resample.Resize(new Image(4, 4), 4, Image.MaxSide + 1));
    }
}
