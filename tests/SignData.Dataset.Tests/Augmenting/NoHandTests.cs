using SignData.Core;
using SignData.Dataset.Augmenting;
using SignData.Dataset.Augmenting.Steps;
using SignData.Dataset.Batches;

namespace SignData.Dataset.Tests.Augmenting;

/// <summary>Pictures that are known to show no hand: they must differ from the others in that alone.</summary>
public class NoHandTests
{
    private const int Side = 96;

    [Fact]
    public void Another_background_is_all_that_is_left()
    {
        Image magenta = Drawn.Plain(255, 0, 255, 160);
        Recipe recipe = Drawn.Recipe(new Background());
        for (int i = 0; i < 20; i++)
        {
            Assert.InRange(Share(Render(recipe, magenta, i)), 0, 0.01);
            Assert.Equal(1, Share(Render(recipe, magenta, i, hasHand: true)));
        }
    }

    [Fact]
    public void A_part_is_shown_and_nothing_beyond_the_picture()
    {
        // A magenta frame round a grey wall: were more shown than there is, the frame would go on.
        Image framed = Drawn.Plain(255, 0, 255, 160);
        for (int y = 4; y < 156; y++)
        {
            framed.Row(y)[12..468].Fill(128);
        }
        Recipe recipe = Drawn.Recipe(new PlaceHand { Fill = 0.2f, Turn = 0, Shear = 0, Stretch = 1 });
        double[] shares = [.. Enumerable.Range(0, 100).Select(i => Share(Render(recipe, framed, i)))];
        Assert.InRange(shares.Max(), 0, 0.5);
        Assert.InRange(shares.Average(), 0.001, 0.15);
    }

    [Fact]
    public void A_person_may_be_seen_and_there_is_no_box()
    {
        Recipe recipe = Drawn.Recipe(new Person(), new SkinTone(), new HandLight(), new Sleeve());
        int changed = 0;
        for (int i = 0; i < 20; i++)
        {
            Rendering rendering = new();
            changed += Share(Render(recipe, Drawn.Plain(255, 0, 255, 160), i, rendering: rendering)) < 0.99 ? 1 : 0;
            Assert.Null(rendering.Box);
        }
        Assert.InRange(changed, 12, 20);
    }

    private static byte[] Render(Recipe recipe, Image image, int frame, bool hasHand = false, Rendering? rendering = null)
    {
        byte[] square = new byte[Side * Side * 3];
        recipe.Render(rendering ?? new Rendering(), new SampleRandom(1, 0, frame), new Pyramid(image), square, 0, Side, hasHand: hasHand);
        return square;
    }

    // Of the pixels that are magenta.
    private static double Share(byte[] square) => Enumerable.Range(0, Side * Side).Count(p => square[3 * p] > 230 && square[(3 * p) + 1] < 25 && square[(3 * p) + 2] > 230) / (double)(Side * Side);
}
