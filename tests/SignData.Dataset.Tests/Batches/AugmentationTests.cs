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
    public void An_unknown_name_is_refused_with_the_known_ones()
    {
        InputException e = Assert.Throws<InputException>(() => Augmentation.Named("heavy"));
        Assert.Contains("none, light, standard", e.Message, StringComparison.Ordinal);
    }
}
