using SignData.Core;
using SignData.Dataset.Batches;

namespace SignData.Dataset.Tests.Batches;

public sealed class AugmentationTests
{
    public static TheoryData<string> Names => [.. Augmentation.Names];

    private static byte[] Draw(Augmentation augmentation, Image image, int sample, int size = 32)
    {
        SampleRandom random = new(1, 0, sample);
        byte[] square = new byte[size * size * 3];
        augmentation.Draw(ref random, image.Width, image.Height).Sample(image, square, size);
        return square;
    }

    [Theory, MemberData(nameof(Names))]
    public void The_same_seed_epoch_and_sample_give_the_same_view(string name)
    {
        Augmentation augmentation = Augmentation.Named(name);
        SampleRandom one = new(3, 4, 5), two = new(3, 4, 5), three = new(3, 5, 5);
        View view = augmentation.Draw(ref one, 64, 48);
        Assert.Equal(view, augmentation.Draw(ref two, 64, 48));
        Assert.Equal(name == "none", view == augmentation.Draw(ref three, 64, 48));
    }

    [Fact]
    public void None_is_the_whole_view()
    {
        SampleRandom random = new(1, 1, 1);
        Assert.Equal(View.Whole(64, 48), Augmentation.None.Draw(ref random, 64, 48));
    }

    [Fact]
    public void Saturation_and_hue_leave_grey_grey_and_luma_as_it_was()
    {
        Augmentation colours = new() { Saturation = 0.9f, Hue = 0.3f };
        Image grey = new(1, 1, 3, [90, 90, 90]), skin = new(1, 1, 3, [180, 130, 110]);
        for (int i = 0; i < 200; i++)
        {
            Assert.All(Draw(colours, grey, i, 1), b => Assert.InRange(b, 89, 91));
            byte[] changed = Draw(colours, skin, i, 1);
            if (changed.All(b => b is > 0 and < 255))
            {
                double luma = (0.299 * changed[0]) + (0.587 * changed[1]) + (0.114 * changed[2]);
                Assert.InRange(luma, 141, 145);
            }
        }
    }

    [Fact]
    public void Crops_without_shift_stay_inside_the_picture()
    {
        // A white picture with a border of black would show black wherever a view leaves it: here nothing lies outside.
        Augmentation crops = new() { MinCrop = 0.5f, MaxCrop = 0.9f, Aspect = 0.1f };
        for (int i = 0; i < 300; i++)
        {
            SampleRandom random = new(2, 0, i);
            View view = crops.Draw(ref random, 60, 40);
            foreach ((float x, float y) in ((float, float)[])[(-0.5f, -0.5f), (0.5f, -0.5f), (-0.5f, 0.5f), (0.5f, 0.5f)])
            {
                System.Numerics.Vector2 at = System.Numerics.Vector2.Transform(new(x, y), view.Map);
                Assert.InRange(at.X, -0.7501f, 0.7501f);
                Assert.InRange(at.Y, -0.5001f, 0.5001f);
            }
        }
    }

    [Fact]
    public void Half_of_the_draws_are_mirrored_when_asked_for()
    {
        Augmentation flips = new() { Flip = 0.5f };
        int mirrored = Enumerable.Range(0, 4000).Count(i =>
        {
            SampleRandom random = new(7, 0, i);
            return flips.Draw(ref random, 10, 10).Map.M11 < 0;
        });
        Assert.InRange(mirrored, 1850, 2150);
    }

    [Fact]
    public void Strong_changes_grow_from_the_milder_ones_over_their_part_of_a_run()
    {
        Augmentation strong = Augmentation.Strong, begin = strong.After(0), half = strong.After(strong.Growth / 2);
        Assert.Equal(Augmentation.Standard, begin with { Milder = null, MilderShare = 0, Growth = 0 });
        Assert.Equal((Augmentation.Standard.MaxCrop + strong.MaxCrop) / 2, half.MaxCrop, 1e-5f);
        Assert.Equal(strong.Lift / 2, half.Lift, 1e-5f);
        Assert.Equal(strong, strong.After(strong.Growth));
        Assert.Equal(Augmentation.Light, Augmentation.Light.After(0));
    }

    [Fact]
    public void A_share_of_the_pictures_is_drawn_by_the_milder_augmentation()
    {
        Augmentation mixed = new() { MinCrop = 3, MaxCrop = 3, Milder = Augmentation.None, MilderShare = 0.3f };
        int mild = Enumerable.Range(0, 4000).Count(i =>
        {
            SampleRandom random = new(7, 0, i);
            return mixed.Draw(ref random, 10, 10) == View.Whole(10, 10);
        });
        Assert.InRange(mild, 1100, 1300);
    }

    [Fact]
    public void Haze_lifts_all_channels_alike()
    {
        Augmentation haze = new() { Lift = 0.2f };
        byte[][] drawn = [.. Enumerable.Range(0, 200).Select(i => Draw(haze, new Image(1, 1, 3, [100, 110, 120]), i, 1))];
        Assert.All(drawn, d => Assert.Equal((10, 10), (d[1] - d[0], d[2] - d[1])));
        Assert.InRange(drawn.Min(d => d[0]), 49, 60);
        Assert.InRange(drawn.Max(d => d[0]), 140, 151);
    }

    [Fact]
    public void An_unknown_name_is_refused_with_the_known_ones()
    {
        InputException e = Assert.Throws<InputException>(() => Augmentation.Named("heavy"));
        Assert.Contains("none, light, standard", e.Message, StringComparison.Ordinal);
    }
}
