using System.Numerics;
using SignData.Dataset.Augmenting;
using SignData.Dataset.Augmenting.Steps;
using SignData.Dataset.Batches;
using SignData.Dataset.Tests.Augmenting;
using SignData.Vision;

namespace SignData.Dataset.Tests.Batches;

public sealed class HandBoxTests
{
    [Fact]
    public void Boxes_that_are_the_same_overlap_whole_those_apart_not_at_all()
    {
        HandBox box = new(0.2f, 0.1f, 0.4f, 0.2f);
        Assert.Equal(1, box.Overlap(box), 1e-5f);
        Assert.Equal(0, box.Overlap(new(0.7f, 0.1f, 0.2f, 0.2f)));
        Assert.Equal(1 / 3f, box.Overlap(box with { Left = 0.4f }), 1e-5f);
        Assert.Equal(0, Vector2.Distance(new(-0.1f, -0.3f), box.Middle), 1e-5f);
        Near(new HandBox(0.2f, 0, 0.4f, 0.4f), HandBox.Square(box.Middle, box.Side));
        Near(new HandBox(0, 0.9f, 0.25f, 0.1f), new HandBox(-0.25f, 0.9f, 0.5f, 0.2f).Inside());
        Assert.Null(new HandBox(-0.5f, 0, 0.5f, 1).Inside());
    }

    [Fact]
    public void A_masks_box_is_in_sides_of_its_picture()
    {
        byte[] mask = new byte[10 * 5];
        (mask[12], mask[13], mask[26], mask[4]) = (255, 200, 128, 127);
        Assert.Equal(new HandBox(0.2f, 0.2f, 0.5f, 0.4f), HandBox.Around(mask, 10));
        Assert.Null(HandBox.Around(new byte[50], 10));
    }

    [Fact]
    public void A_closer_view_shows_the_part_that_was_asked_for_in_the_shape_that_was_learnt()
    {
        View whole = View.Whole(640, 480);
        // A quarter of a wide picture's area about the middle of its right half, as a square.
        View part = whole.Closer(new(0.25f, 0), 0.5f, 1);
        HandBox seen = part.Seen(640, 480);
        Assert.Equal(0.75f, seen.Left + (seen.Width / 2), 1e-5f);
        Assert.Equal(seen.Width * 640, seen.Height * 480, 1e-2f);
        Assert.Equal(0.25f, seen.Width * seen.Height, 1e-5f);
        Near(new HandBox(0, 0, 1, 1), whole.Closer(Vector2.Zero, 1, 640 / 480f).Seen(640, 480));
        // And of that again: the same place, half as large.
        HandBox again = part.Closer(new(-0.5f, 0), 0.5f, 1).Seen(640, 480);
        Assert.Equal(seen.Left, again.Left + (again.Width / 2), 1e-5f);
        Assert.Equal(seen.Width / 2, again.Width, 1e-5f);
    }

    [Fact]
    public void A_mirrored_view_shows_the_same_part_the_other_way_round()
    {
        View part = View.Whole(100, 100).Closer(new(0.1f, 0.2f), 0.4f, 1), mirrored = View.Whole(100, 100).Closer(new(0.1f, 0.2f), 0.4f, 1, mirrored: true);
        Assert.Equal(part.Seen(100, 100), mirrored.Seen(100, 100));
        Assert.Equal(Vector2.Transform(new(0.3f, 0.1f), part.Map), Vector2.Transform(new(-0.3f, 0.1f), mirrored.Map));
    }

    [Fact]
    public void The_mask_of_a_picture_is_carried_through_all_geometry_to_its_box()
    {
        Pyramid picture = new(Drawn.Hand(160));
        HandBox hand = picture.HandBox!.Value;
        Rendering rendering = new();
        byte[] square = new byte[96 * 96 * 3];
        HandBox? Box(bool wanted, params AugmentStep[] steps)
        {
            Drawn.Recipe(steps).Render(rendering, new SampleRandom(1, 0, 0), picture, square, 0, 96, wanted);
            return rendering.Box;
        }
        Assert.Null(Box(false, new Flip { P = 1 }));
        Assert.NotNull(Box(false, new PlaceHand()));
        Near(hand, Box(true));
        Near(hand with { Left = 1 - hand.Left - hand.Width }, Box(true, new Flip { P = 1 }));
        Near(new(0.25f + (hand.Left / 2), 0.25f + (hand.Top / 2), hand.Width / 2, hand.Height / 2), Box(true, new Half()));
        // Where pixels were wanted in between, too.
        Near(new(0.25f + (hand.Left / 2), 0.25f + (hand.Top / 2), hand.Width / 2, hand.Height / 2), Box(true, new Noise { Sigma = 1 }, new Half()));
    }

    [Fact]
    public void A_hand_that_is_moved_beyond_the_sides_keeps_its_box()
    {
        Pyramid picture = new(Drawn.Hand(160));
        HandBox hand = picture.HandBox!.Value;
        Rendering rendering = new();
        byte[] square = new byte[96 * 96 * 3];
        foreach (Vector2 way in new Vector2[] { new(0.3f, 0), new(-0.3f, 0), new(0, 0.3f), new(0.25f, -0.25f) })
        {
            Drawn.Recipe(new Moved(way)).Render(rendering, new SampleRandom(1, 0, 0), picture, square, 0, 96, box: true);
            Near(hand with { Left = hand.Left - way.X, Top = hand.Top - way.Y }, rendering.Box);
            Assert.NotEqual(rendering.Box, rendering.Box!.Value.Inside());
        }
        // Out of sight it is nowhere.
        Drawn.Recipe(new Moved(new(1.5f, 0))).Render(rendering, new SampleRandom(1, 0, 0), picture, square, 0, 96, box: true);
        Assert.Null(rendering.Box);
    }

    [Fact]
    public void A_hand_is_placed_beyond_the_sides_as_far_as_is_allowed()
    {
        Pyramid picture = new(Drawn.Hand(160));
        Rendering rendering = new();
        byte[] square = new byte[96 * 96 * 3];
        float Most(float beyond) => Enumerable.Range(0, 60).Max(i =>
        {
            Drawn.Recipe(new PlaceHand { Fill = 0.5f, Turn = 0, Shear = 0, Stretch = 1, Beyond = beyond }).Render(rendering, new SampleRandom(1, 0, i), picture, square, 0, 96, box: true);
            HandBox box = rendering.Box!.Value;
            return Math.Max(Math.Max(-box.Left, box.Left + box.Width - 1) / box.Width, Math.Max(-box.Top, box.Top + box.Height - 1) / box.Height);
        });
        Assert.InRange(Most(0), -0.1f, 0.03f);
        Assert.InRange(Most(0.3f), 0.2f, 0.33f);
    }

    [Fact]
    public void An_arm_that_the_border_goes_on_with_is_not_in_the_box()
    {
        Core.Image image = Drawn.Hand(160);
        Core.Image cut = new(80, 160);
        for (int y = 0; y < 160; y++)
        {
            image.Row(y)[(80 * 3)..].CopyTo(cut.Row(y));
        }
        Core.Image square = Resample.Resize(cut, 160, 160);
        Pyramid picture = new(square);
        HandBox hand = picture.HandBox!.Value;
        Assert.Equal(0, hand.Left, 0.02f);
        Rendering rendering = new();
        byte[] pixels = new byte[96 * 96 * 3];
        Drawn.Recipe(new Half()).Render(rendering, new SampleRandom(1, 0, 0), picture, pixels, 0, 96, box: true);
        Assert.Equal(0.25f, rendering.Box!.Value.Left, 0.02f);
    }

    /// <summary>Shows what lies a way off, in sides.</summary>
    private sealed record Moved(Vector2 Way) : AugmentStep
    {
        public override void Apply(ref SampleRandom random, Rendering picture) => picture.Map(Matrix3x2.CreateTranslation(Way));
    }

    /// <summary>Shows all at half its size, in the middle.</summary>
    private sealed record Half : AugmentStep
    {
        public override void Apply(ref SampleRandom random, Rendering picture) => picture.Map(Matrix3x2.CreateScale(2));
    }

    private static void Near(HandBox expected, HandBox? box)
    {
        Assert.NotNull(box);
        Assert.True(expected.Overlap(box.Value) > 0.93f, $"{box} instead of {expected}");
    }
}
