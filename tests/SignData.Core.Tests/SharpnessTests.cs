namespace SignData.Core.Tests;

public sealed class SharpnessTests
{
    [Theory]
    [InlineData(320, 240, 3, 0)]
    [InlineData(320, 240, 5, 90)]
    [InlineData(427, 240, 9, 45)]
    [InlineData(480, 270, 25, 20)]
    [InlineData(224, 224, 3, 135)]
    public void Motion_in_any_direction_lowers_the_score(int width, int height, int length, double degrees)
    {
        for (var seed = 0; seed < 5; seed++)
        {
            var sharp = Pictures.Rectangles(seed, width, height);
            var blurred = Pictures.MotionBlur(sharp, width, height, length, degrees);
            Assert.True(Sharpness.Score(blurred, width, height) < 0.85 * Sharpness.Score(sharp, width, height));
        }
    }

    [Fact]
    public void More_motion_scores_lower_still()
    {
        var sharp = Pictures.Rectangles(1, 480, 270);
        var scores = new[] { 1, 3, 7, 15 }.Select(length => Sharpness.Score(Pictures.MotionBlur(sharp, 480, 270, length, 30), 480, 270)).ToArray();
        Assert.Equal(scores.OrderDescending(), scores);
    }

    [Fact]
    public void One_sharp_object_before_a_plain_wall_is_sharp_and_a_blurred_crowd_is_not()
    {
        var wall = new byte[480 * 270];
        Array.Fill(wall, (byte)120);
        for (var y = 100; y < 160; y++)
        {
            wall.AsSpan(y * 480 + 200, 50).Fill(200);
        }
        var crowd = Pictures.MotionBlur(Pictures.Rectangles(3, 480, 270, 200), 480, 270, 15, 10);
        Assert.True(Sharpness.Score(Pictures.Noisy(wall, 1, 1), 480, 270) > 2 * Sharpness.Score(crowd, 480, 270));
    }

    [Fact]
    public void The_noise_of_a_sensor_does_not_make_a_blurred_picture_sharp()
    {
        var sharp = Pictures.Noisy(Pictures.Rectangles(4, 480, 270), 5, 2);
        var blurred = Pictures.Noisy(Pictures.MotionBlur(Pictures.Rectangles(4, 480, 270), 480, 270, 15, 60), 6, 2);
        Assert.True(Sharpness.Score(blurred, 480, 270) < 0.6 * Sharpness.Score(sharp, 480, 270));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 300)]
    [InlineData(300, 4)]
    [InlineData(5, 5)]
    [InlineData(1280, 720)]
    [InlineData(16000, 3)]
    public void A_flat_picture_of_any_shape_scores_nothing(int width, int height)
    {
        Assert.Equal(0, Sharpness.Score(new byte[width * height], width, height));
    }

    [Fact]
    public void The_score_is_within_its_range_for_the_extremes()
    {
        var noise = new byte[333 * 217];
        new Random(1).NextBytes(noise);
        // All frequencies alike: sin² is 3/4 where differences are weighted by their energy.
        Assert.InRange(Sharpness.Score(noise, 333, 217), 0.85, 0.88);
        var checks = new byte[480 * 480];
        for (var i = 0; i < checks.Length; i++)
        {
            checks[i] = (i / 480 + i) % 2 == 0 ? (byte)255 : (byte)0;
        }
        // 254 squared at every pixel is the largest sum there is: it must not overflow.
        Assert.InRange(Sharpness.Score(checks, 480, 480), 0.99, 1);
    }
}
