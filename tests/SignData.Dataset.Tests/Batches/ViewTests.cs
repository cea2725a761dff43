using System.Numerics;
using SignData.Core;
using SignData.Dataset.Batches;

namespace SignData.Dataset.Tests.Batches;

public sealed class ViewTests
{
    private static Image Noise(int width, int height)
    {
        Image image = new(width, height);
        new Random(5).NextBytes(image.Pixels);
        return image;
    }

    private static byte[] Sample(View view, Image image, int size)
    {
        byte[] square = new byte[size * size * 3];
        view.Sample(image, square, size);
        return square;
    }

    [Fact]
    public void The_centred_view_at_the_pictures_own_size_is_the_picture()
    {
        Image image = Noise(33, 33);
        Assert.Equal(image.Pixels, Sample(View.Centre, image, 33));
    }

    [Fact]
    public void The_centred_view_of_a_wide_picture_leaves_both_ends_out()
    {
        Image image = Noise(40, 20);
        byte[] square = Sample(View.Centre, image, 20);
        for (int y = 0; y < 20; y++)
        {
            Assert.Equal(image.Row(y)[30..90].ToArray(), square.AsSpan(y * 60, 60).ToArray());
        }
    }

    [Fact]
    public void The_whole_view_squeezes_a_wide_picture_but_no_further_than_two_to_one()
    {
        Image ramp = new(64, 32);
        for (int x = 0; x < 64; x++)
        {
            for (int y = 0; y < 32; y++)
            {
                ramp.Row(y).Slice(x * 3, 3).Fill((byte)(4 * x));
            }
        }
        byte[] square = Sample(View.Whole(64, 32), ramp, 32);
        Assert.All(Enumerable.Range(0, 32), x => Assert.Equal((4 * 2 * x) + 2, square[x * 3]));
        Assert.Equal(View.Whole(64, 32), View.Whole(6400, 32));
        Assert.Equal(View.Centre, View.Whole(50, 50));
    }

    [Fact]
    public void A_mirrored_view_is_the_picture_from_the_right()
    {
        Image image = Noise(16, 16);
        byte[] square = Sample(View.Centre with { Map = Matrix3x2.CreateScale(-1, 1) }, image, 16);
        Assert.Equal(image.Row(3).Slice(15 * 3, 3).ToArray(), square.AsSpan(3 * 48, 3).ToArray());
    }

    [Fact]
    public void A_quarter_turn_moves_the_corners_round()
    {
        Image image = Noise(16, 16);
        byte[] square = Sample(View.Centre with { Map = Matrix3x2.CreateRotation(MathF.PI / 2) }, image, 16);
        // The square's (1, 0) direction looks along the source's (0, 1): its top right corner shows the bottom right.
        Assert.Equal(image.Row(15).Slice(45, 3).ToArray(), square.AsSpan(45, 3).ToArray());
        Assert.Equal(image.Row(0).Slice(45, 3).ToArray(), square.AsSpan(0, 3).ToArray());
    }

    [Fact]
    public void Between_pixels_it_interpolates_linearly()
    {
        Image image = new(2, 2, 3, [0, 0, 0, 100, 100, 100, 100, 100, 100, 200, 200, 200]);
        byte[] square = Sample(View.Centre with { Map = Matrix3x2.CreateScale(0.5f) }, image, 2);
        // Pixel centres of the square's quarter lie a quarter of a pixel on either side of the middle.
        Assert.Equal([50, 50, 50, 100, 100, 100, 100, 100, 100, 150, 150, 150], square);
    }

    [Fact]
    public void Beyond_the_border_its_pixels_go_on()
    {
        Image image = Noise(8, 8);
        byte[] square = Sample(View.Centre with { Map = Matrix3x2.CreateScale(3) }, image, 24);
        Assert.Equal(image.Row(0)[..3].ToArray(), square[..3]);
        Assert.Equal(image.Row(7).Slice(21, 3).ToArray(), square[^3..]);
    }

    [Fact]
    public void A_view_that_shrinks_is_sampled_from_a_level_of_its_size()
    {
        // One-pixel stripes: sampled as they are they alias to anything, averaged they are grey.
        Image stripes = new(96, 96);
        for (int y = 0; y < 96; y++)
        {
            stripes.Row(y).Fill((byte)(y % 2 == 0 ? 0 : 200));
        }
        Pyramid pyramid = new(stripes);
        View far = View.Centre with { Map = Matrix3x2.CreateScale(3) };
        Assert.Equal(9, far.Shrink(stripes, 32));
        Image level = pyramid.Level(far.Shrink(stripes, 32));
        Assert.Equal(12, level.Width);
        Assert.All(Sample(far, level, 32), b => Assert.InRange(b, 99, 101));
        Assert.Same(pyramid.Full, pyramid.Level(View.Centre.Shrink(stripes, 96)));
        Assert.Same(pyramid.Full, pyramid.Level(0.1f));
    }

    [Fact]
    public void A_pyramid_of_a_picture_of_any_size_has_a_level_for_any_view()
    {
        foreach ((int width, int height) in ((int, int)[])[(1, 1), (1, 500), (17, 3), (8000, 20)])
        {
            Pyramid pyramid = new(Noise(width, height));
            Assert.InRange(pyramid.Level(1e9f).Pixels.Length, 3, width * height * 3);
        }
    }

    [Fact]
    public void Grey_pictures_and_small_buffers_are_refused()
    {
        Assert.Throws<ArgumentException>(() => View.Centre.Sample(new Image(4, 4, 1), new byte[48], 4));
        Assert.Throws<ArgumentException>(() => View.Centre.Sample(new Image(4, 4), new byte[47], 4));
    }
}
