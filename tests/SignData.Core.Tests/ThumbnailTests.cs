namespace SignData.Core.Tests;

public sealed class ThumbnailTests
{
    [Theory]
    [InlineData(1280, 720, 426, 240)]
    [InlineData(1920, 1080, 480, 270)]
    [InlineData(1080, 1920, 270, 480)]
    [InlineData(3840, 2160, 480, 270)]
    [InlineData(2704, 1520, 450, 253)]
    [InlineData(2400, 30, 480, 6)]
    [InlineData(640, 480, 320, 240)]
    [InlineData(224, 224, 224, 224)]
    [InlineData(481, 3, 240, 1)]
    [InlineData(16384, 2, 468, 1)]
    public void Each_sample_is_the_mean_of_its_block(int width, int height, int thumbWidth, int thumbHeight)
    {
        var luma = new byte[width * height];
        new Random(width).NextBytes(luma);
        var thumbnail = Thumbnail.Of(luma, width, height);
        Assert.Equal((thumbWidth, thumbHeight), (thumbnail.Width, thumbnail.Height));
        var block = (int)Math.Ceiling(Math.Max(width, height) / 480.0);
        var (across, down) = (Math.Min(block, width), Math.Min(block, height));
        for (var i = 0; i < 500; i++)
        {
            var (x, y) = (i * 7919 % thumbWidth, i * 104729 % thumbHeight);
            var sum = 0;
            for (var j = 0; j < across * down; j++)
            {
                sum += luma[(y * down + j / across) * width + x * across + j % across];
            }
            Assert.InRange(thumbnail.Pixels[y * thumbWidth + x] - (double)sum / (across * down), -0.51, 0.51);
        }
    }

    [Fact]
    public void A_thumbnail_that_is_set_again_forgets_the_picture_before()
    {
        var thumbnail = Thumbnail.Of(Pictures.Rectangles(1, 1280, 720), 1280, 720);
        var small = Pictures.Rectangles(2, 100, 60);
        thumbnail.Set(small, 100, 60);
        Assert.Equal(small, thumbnail.Pixels);
        var second = Pictures.Rectangles(3, 640, 480);
        thumbnail.Set(second, 640, 480);
        Assert.Equal(Thumbnail.Of(second, 640, 480).Pixels, thumbnail.Pixels);
    }

    [Theory]
    [InlineData(100, 60)]
    [InlineData(479, 271)]
    public void The_difference_is_the_mean_of_absolute_differences(int width, int height)
    {
        byte[] a = new byte[width * height], b = new byte[width * height];
        new Random(1).NextBytes(a);
        new Random(2).NextBytes(b);
        a[^1] = 0;
        b[^1] = 255;
        var expected = a.Zip(b, (x, y) => Math.Abs(x - y)).Average();
        Assert.Equal(expected, Thumbnail.Of(a, width, height).Difference(Thumbnail.Of(b, width, height)), 9);
    }

    [Fact]
    public void The_largest_difference_there_is_does_not_overflow()
    {
        var white = new byte[480 * 480];
        Array.Fill(white, (byte)255);
        Assert.Equal(255, Thumbnail.Of(white, 480, 480).Difference(Thumbnail.Of(new byte[480 * 480], 480, 480)));
    }

    [Fact]
    public void Pictures_of_different_sizes_differ_in_everything()
    {
        Assert.Equal(255, Thumbnail.Of(new byte[100], 10, 10).Difference(Thumbnail.Of(new byte[50], 10, 5)));
    }

    [Fact]
    public void Brightness_and_contrast_are_the_mean_and_the_deviation()
    {
        var luma = Pictures.Rectangles(7, 200, 100);
        var (mean, deviation, _, _, _) = Thumbnail.Of(luma, 200, 100).Statistics();
        var expected = luma.Average(value => (double)value);
        Assert.Equal(expected, mean, 9);
        Assert.Equal(Math.Sqrt(luma.Average(value => (value - expected) * (value - expected))), deviation, 9);
    }

    [Fact]
    public void Samples_that_do_not_fit_the_size_are_the_callers_error()
    {
        Assert.Throws<ArgumentException>(() => Thumbnail.Of(new byte[99], 10, 10));
        Assert.Throws<ArgumentException>(() => Thumbnail.Of([], 0, 10));
    }
}
