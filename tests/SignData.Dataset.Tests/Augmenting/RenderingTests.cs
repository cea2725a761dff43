using SignData.Core;
using SignData.Dataset.Augmenting;
using SignData.Dataset.Augmenting.Steps;
using SignData.Dataset.Batches;
using SignData.Vision;
using SignData.Vision.Retouching;

namespace SignData.Dataset.Tests.Augmenting;

public sealed class RenderingTests
{
    public static TheoryData<string> Recipes => [.. Recipe.Names];

    private static readonly AugmentStep[] Geometry =
    [
        new Rotate { Degrees = 9 }, new Scale { Factor = 1.15f }, new Shear { X = 0.1f, Y = -0.05f }, new Shift { X = 0.04f, Y = -0.03f },
        new Optical { K1 = 0.1f }, new Grid { Cells = 4, Distortion = 0.1f }, new Elastic { Amount = 0.006f, Sigma = 0.15f }, new Flip(),
    ];

    [Theory, MemberData(nameof(Recipes))]
    public void The_same_seed_epoch_and_frame_give_the_same_bytes_and_another_epoch_others(string name)
    {
        Recipe recipe = Recipe.Named(name);
        byte[] one = Drawn.By(recipe, Drawn.Waves(), 24, 5, 4);
        Assert.Equal(one, Drawn.By(recipe, Drawn.Waves(), 24, 5, 4));
        Assert.Equal(name == "none", one.SequenceEqual(Drawn.By(recipe, Drawn.Waves(), 24, 5, 5)));
    }

    [Fact]
    public void Composed_maps_agree_with_one_after_another_within_what_several_samplings_blur()
    {
        // Waves of 40 pixels: each of the eight samplings takes off at most a third of a level (0.155^2 / 8 of 110).
        Image picture = Drawn.Waves(128, 0.5f);
        byte[] composed = Drawn.By(picture, Geometry);
        Image step = picture;
        foreach ((AugmentStep one, int i) in Geometry.Select((s, i) => (s, i)))
        {
            step = new Image(128, 128, 3, Drawn.By(Drawn.Recipe([.. Enumerable.Range(0, i).Select(_ => (AugmentStep)new Nothing()), one]), step, 128));
        }
        int[] differences = [.. Inner(128, 24).Select(p => Math.Abs(composed[p] - step.Pixels[p]))];
        Assert.InRange(differences.Max(), 0, 4);
        Assert.InRange(differences.Average(), 0, 1);
    }

    [Fact]
    public void Composed_colours_agree_with_one_after_another_within_rounding()
    {
        AugmentStep[] steps = [new Brightness { Factor = 0.9f }, new Hue { Degrees = 20 }, new Saturation { Factor = 0.8f }, new Contrast { Factor = 0.9f }, new Gamma { Exponent = 1.2f }, new Lift { By = 0.05f }, new Gamma { Exponent = 0.9f }];
        // Nothing that clips: merged steps do not clip in between.
        Image picture = Drawn.Waves(32, 1, 45), step = picture;
        byte[] composed = Drawn.By(picture, steps);
        foreach (AugmentStep one in steps)
        {
            step = new Image(32, 32, 3, Drawn.By(step, one));
        }
        Assert.All(composed.Zip(step.Pixels), p => Assert.InRange(p.First - p.Second, -4, 4));
        Assert.InRange(composed.Zip(step.Pixels).Average(p => Math.Abs(p.First - p.Second)), 0, 1);
    }

    [Fact]
    public void Steps_keep_their_order_where_it_matters()
    {
        Image picture = Drawn.Waves();
        byte[] Both(AugmentStep first, AugmentStep second) => Drawn.By(picture, first, second);
        byte[] After(AugmentStep first, AugmentStep second) => Drawn.By(new Image(32, 32, 3, Drawn.By(picture, first)), second);
        (AugmentStep, AugmentStep)[] pairs =
        [
            (new Solarize { Threshold = 100 }, new Saturation { Factor = 0.3f }), (new Saturation { Factor = 0.3f }, new Solarize { Threshold = 100 }),
            (new Sharpen { Amount = 2 }, new Gamma { Exponent = 2 }), (new Gamma { Exponent = 2 }, new Sharpen { Amount = 2 }),
            (new Invert(), new Falloff { By = 0.6f }), (new Falloff { By = 0.6f }, new Invert()),
            (new BoxDropout { Count = 1, Tone = new(255, 0, 0) }, new Invert()),
        ];
        foreach ((AugmentStep first, AugmentStep second) in pairs)
        {
            Assert.All(Both(first, second).Zip(After(first, second)), p => Assert.InRange(p.First - p.Second, -3, 3));
        }
    }

    [Fact]
    public void Black_that_a_map_brings_in_is_not_coloured_by_what_came_before_it()
    {
        Recipe recipe = Drawn.Recipe(new Invert(), new Pad { By = 0.5f }) with { Border = Border.Black };
        byte[] square = Drawn.By(recipe, Drawn.Plain(0, 0, 0, 32), 32);
        Assert.Equal([0, 0, 0], square[..3]);
        Assert.Equal(255, square[((16 * 32) + 16) * 3]);
        recipe = Drawn.Recipe(new Pad { By = 0.5f }, new Invert()) with { Border = Border.Black };
        Assert.Equal([255, 255, 255], Drawn.By(recipe, Drawn.Plain(0, 0, 0, 32), 32)[..3]);
    }

    [Fact]
    public void A_turn_after_a_crop_sees_what_was_cut_off_and_beyond_the_picture_its_border()
    {
        Image picture = Drawn.Plain(10, 10, 10, 64);
        picture.Row(0).Fill(250);
        byte[] square = Drawn.By(Drawn.Recipe(new Resize { Width = 64, Height = 64 }, new Crop { Width = 32, Height = 32, Centre = true }, new Scale { Factor = 0.5f }), picture, 64);
        Assert.Equal(250, square[0]);
    }

    [Theory, InlineData(1, 1), InlineData(1, 40), InlineData(8000, 200), InlineData(3, 2), InlineData(31, 33)]
    public void Pictures_of_any_size_and_shape_go_through_every_recipe(int width, int height)
    {
        Image picture = new(width, height);
        new Random(3).NextBytes(picture.Pixels);
        foreach (string name in Recipe.Names)
        {
            for (int i = 0; i < 6; i++)
            {
                Assert.Equal(48 * 48 * 3, Drawn.By(Recipe.Named(name), picture, 48, i).Length);
            }
        }
    }

    [Theory, InlineData("standard"), InlineData("strong"), InlineData("sign1")]
    public void A_picture_is_drawn_without_allocating(string name)
    {
        Recipe recipe = Recipe.Named(name);
        Pyramid picture = new(Drawn.Waves(64));
        Rendering rendering = new();
        byte[] square = new byte[48 * 48 * 3];
        void Draw(int from)
        {
            for (int i = from; i < from + 60; i++)
            {
                recipe.Render(rendering, new SampleRandom(1, 0, i), picture, square, 0, 48);
            }
        }
        Draw(0);
        Draw(0);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Draw(0);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Every_step_of_its_own_changes_a_picture_or_says_why_not()
    {
        foreach (Recipe recipe in AugmentBench.Steps())
        {
            bool changed = Enumerable.Range(0, 8).Any(i => !Drawn.By(recipe, Drawn.Hand(), 64, i).SequenceEqual(Drawn.By(Drawn.Recipe(), Drawn.Hand(), 64)));
            Assert.True(changed || recipe.Name is "resize" or "scene" or "sleeve", recipe.Name);
        }
    }

    [Fact]
    public void Half_of_the_draws_are_mirrored_when_asked_for()
    {
        Image picture = Drawn.Waves(8);
        byte[] mirrored = Drawn.By(picture, new Flip());
        Recipe recipe = Drawn.Recipe(new Flip { P = 0.5f });
        Assert.InRange(Enumerable.Range(0, 2000).Count(i => Drawn.By(recipe, picture, 8, i).SequenceEqual(mirrored)), 900, 1100);
    }

    [Fact]
    public void A_zoom_up_to_the_whole_picture_stays_inside_it()
    {
        // Black wherever a view leaves the picture.
        Recipe recipe = Drawn.Recipe(new Zoom { Scale = new(0.5f, 0.9f), Aspect = 0.1f }) with { Border = Border.Black };
        for (int i = 0; i < 300; i++)
        {
            Assert.DoesNotContain((byte)0, Drawn.By(recipe, new Image(60, 40, 3, [.. Enumerable.Repeat((byte)200, 7200)]), 16, i));
        }
    }

    [Fact]
    public void A_hand_is_found_placed_boxed_and_given_a_background_and_a_tone()
    {
        Pyramid picture = new(Drawn.Hand(160));
        Assert.True(picture.Hand.Confidence >= HandMask.Sure, $"{picture.Hand.Confidence}");
        byte[] square = new byte[96 * 96 * 3];
        Rendering rendering = new();
        Recipe recipe = Drawn.Recipe(new PlaceHand { Fill = 0.5f, Turn = 0, Shear = 0 }, new SkinTone { Strength = 1 }, new Background());
        for (int i = 0; i < 20; i++)
        {
            recipe.Render(rendering, new SampleRandom(1, 0, i), picture, square, 0, 96);
            Assert.NotNull(rendering.Box);
            (float left, float top, float width, float height) = rendering.Box.Value;
            Assert.InRange(Math.Max(width, height), 0.46f, 0.54f);
            Assert.True(left >= -0.02f && top >= -0.02f && left + width <= 1.02f && top + height <= 1.02f);
            // The wall is gone but the hand is not: its middle has one colour.
            int middle = (((int)((top + (height / 2)) * 96) * 96) + (int)((left + (width / 2)) * 96)) * 3;
            Assert.Equal(square[middle..(middle + 3)], square[(middle + 3)..(middle + 6)]);
        }
        Assert.Contains(SignData.Dataset.Augmenting.Steps.Tones.Monk, t => Math.Abs((0.8 * t.Red) + 12 - square[Centre(rendering, 96)]) < 12);
    }

    [Fact]
    public void A_scene_is_a_part_of_another_frame_without_its_hand()
    {
        Pyramid picture = new(Drawn.Hand(160));
        byte[] square = new byte[96 * 96 * 3], plain = new byte[96 * 96 * 3];
        Image wall = Drawn.Plain(10, 200, 30, 64);
        // A hand at the left of a green wall.
        Image other = Drawn.Plain(10, 200, 30, 160);
        for (int y = 40; y < 120; y++)
        {
            Drawn.Hand(160).Row(y).Slice(3 * 60, 3 * 60).CopyTo(other.Row(y)[15..]);
        }
        string folder = Directory.CreateTempSubdirectory("signdata-test-").FullName;
        Recipe recipe = Drawn.Recipe(new Scene());
        recipe.Render(new Rendering(), new SampleRandom(1, 0, 0), picture, plain, 0, 96);
        foreach ((Image frame, bool hasHand) in (ReadOnlySpan<(Image, bool)>)[(wall, false), (other, true)])
        {
            Assert.True(!hasHand || new Pyramid(frame).HandBox is not null);
            string path = Path.Combine(folder, hasHand ? "hand.png" : "wall.png");
            ImageFile.Write(path, frame);
            OtherFrames others = new([new Sample(path, 0, hasHand)], FrameCache.For(128, 0));
            for (int i = 0; i < 20; i++)
            {
                recipe.Render(new Rendering(others), new SampleRandom(1, 0, i), picture, square, 0, 96);
                Assert.Equal([10, 200, 30], square[..3]);
                int middle = ((48 * 96) + 46) * 3;
                Assert.Equal(plain[middle..(middle + 3)], square[middle..(middle + 3)]);
            }
        }
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_person_stands_behind_the_hand()
    {
        Pyramid picture = new(Drawn.Hand(160));
        byte[] square = new byte[96 * 96 * 3], plain = new byte[96 * 96 * 3];
        Drawn.Recipe(new SkinTone { P = 0 }).Render(new Rendering(), new SampleRandom(1, 0, 0), picture, plain, 0, 96);
        int changed = 0;
        for (int i = 0; i < 20; i++)
        {
            Drawn.Recipe(new Person()).Render(new Rendering(), new SampleRandom(1, 0, i), picture, square, 0, 96);
            int middle = ((48 * 96) + 46) * 3;
            Assert.Equal(plain[middle..(middle + 3)], square[middle..(middle + 3)]);
            changed += Enumerable.Range(0, 96 * 96).Any(p => Math.Abs(square[3 * p] - plain[3 * p]) > 20) ? 1 : 0;
        }
        Assert.InRange(changed, 15, 20);
    }

    [Fact]
    public void An_arm_goes_on_beyond_the_picture_and_cut_fingers_do_not()
    {
        // A hand whose arm comes from below and whose fingers the upper side cuts off.
        Image cut = Drawn.Plain(70, 90, 120, 160);
        for (int y = 0; y < 160; y++)
        {
            (int left, int right) = y < 40 ? (70, 90) : (50, 110);
            for (int x = left; x < right; x++)
            {
                (cut.Row(y)[3 * x], cut.Row(y)[(3 * x) + 1], cut.Row(y)[(3 * x) + 2]) = (210, 150, 120);
            }
        }
        Assert.NotNull(new Pyramid(cut).HandBox);
        byte[] placed = Drawn.By(cut, new PlaceHand { Fill = 0.4f, Turn = 0, Shear = 0 }, new Background());
        bool Skin(int x, int y) => Math.Abs(placed[((y * 160) + x) * 3] - 210) + Math.Abs(placed[(((y * 160) + x) * 3) + 1] - 150) + Math.Abs(placed[(((y * 160) + x) * 3) + 2] - 120) < 12;
        Assert.Contains(Enumerable.Range(0, 160), x => Skin(x, 159));
        Assert.DoesNotContain(Enumerable.Range(0, 160), x => Skin(x, 0) && Skin(x, 1) && Skin(x, 2));
    }

    [Fact]
    public void A_sleeve_covers_the_arm_and_is_not_of_the_hands_box()
    {
        // A fist on a long arm from below.
        Image fist = Drawn.Plain(70, 90, 120, 160);
        for (int y = 20; y < 160; y++)
        {
            (int left, int right) = y < 80 ? (50, 110) : (65, 95);
            for (int x = left; x < right; x++)
            {
                (fist.Row(y)[3 * x], fist.Row(y)[(3 * x) + 1], fist.Row(y)[(3 * x) + 2]) = (210, 150, 120);
            }
        }
        PlaceHand place = new() { Fill = 0.5f, Turn = 0, Shear = 0, Stretch = 1 };
        int dressed = 0;
        for (int i = 0; i < 20; i++)
        {
            (HandBox bare, byte[] skin) = Render(i, place);
            (HandBox box, byte[] square) = Render(i, place, new Sleeve());
            bool IsSkin(byte[] pixels, int x, int y) => Math.Abs(pixels[((y * 96) + x) * 3] - 210) < 8 && Math.Abs(pixels[(((y * 96) + x) * 3) + 1] - 150) < 8;
            int wrist = (int)((bare.Top + bare.Height) * 96) + 1, knuckles = (int)((bare.Top + (0.2f * bare.Height)) * 96), middle = (int)((bare.Left + (bare.Width / 2)) * 96);
            if (wrist > 68)
            {
                continue;
            }
            dressed++;
            Assert.True(IsSkin(skin, middle, 94) && IsSkin(square, middle, knuckles));
            Assert.InRange(Enumerable.Range(0, 96).Count(x => IsSkin(square, x, 94)), 0, 2);
            Assert.InRange(box.Height, 0.5f * bare.Height, bare.Height + 0.01f);
        }
        Assert.InRange(dressed, 4, 20);

        (HandBox Box, byte[] Pixels) Render(int sample, params AugmentStep[] steps)
        {
            Rendering rendering = new();
            byte[] square = new byte[96 * 96 * 3];
            Drawn.Recipe(steps).Render(rendering, new SampleRandom(1, 0, sample), new Pyramid(fist), square, 0, 96, true);
            return (rendering.Box!.Value, square);
        }
    }

    [Fact]
    public void Of_a_picture_in_which_the_hand_is_not_sure_nothing_beyond_is_shown()
    {
        Image wall = Drawn.Plain(0, 0, 0, 64);
        for (int i = 0; i < wall.Pixels.Length; i++)
        {
            wall.Pixels[i] = (byte)(i / (64 * 3) * 3);
        }
        Assert.True(new Pyramid(wall).HandBox is null);
        byte[] placed = Drawn.By(wall, new PlaceHand { Fill = 0.4f, Turn = 0, Shear = 0 });
        Assert.NotEqual(wall.Pixels, placed);
        // Stretching alone shows a little of its border.
        Assert.InRange(Enumerable.Range(0, 63).Count(y => placed.AsSpan(y * 64 * 3, 64 * 3).SequenceEqual(placed.AsSpan((y + 1) * 64 * 3, 64 * 3))), 0, 8);
    }

    [Fact]
    public void Without_a_hand_its_steps_leave_the_picture_alone()
    {
        Image wall = Drawn.Plain(100, 110, 120, 64);
        Assert.Equal(wall.Pixels, Drawn.By(wall, new PlaceHand(), new Background(), new SkinTone(), new HandLight()));
    }

    private static int Centre(Rendering rendering, int size)
    {
        (float left, float top, float width, float height) = rendering.Box!.Value;
        return (((int)((top + (height / 2)) * size) * size) + (int)((left + (width / 2)) * size)) * 3;
    }

    private static IEnumerable<int> Inner(int size, int margin) =>
        from y in Enumerable.Range(margin, size - (2 * margin)) from x in Enumerable.Range(margin, size - (2 * margin)) from c in Enumerable.Range(0, 3) select (((y * size) + x) * 3) + c;

    private sealed record Nothing : AugmentStep
    {
        public override void Apply(ref SampleRandom random, Rendering picture) { }
    }
}
