using SignData.Vision.Synthesis;

namespace SignData.Vision.Tests.Synthesis;

public sealed class ClipTests
{
    private static readonly SynthesisOptions Small = new() { Width = 160, Height = 120, Seconds = 1.5 };

    [Fact]
    public void The_same_seed_gives_the_same_pixels_and_another_seed_others()
    {
        Image once = Draw(Small, 25, out FrameTruth truth), again = Draw(Small, 25, out FrameTruth same), other = Draw(Small with { Seed = 2 }, 25, out _);
        Assert.Equal(once.Pixels, again.Pixels);
        Assert.Equal(truth with { Box = [] }, same with { Box = [] });
        Assert.NotEqual(once.Pixels, other.Pixels);
    }

    [Fact]
    public void A_frame_does_not_depend_on_the_frames_drawn_before_it()
    {
        Clip clip = new(Signer.Of("s2"), 'W', 1, Small);
        Image picture = new(160, 120);
        clip.Draw(3, picture);
        clip.Draw(25, picture);
        Assert.Equal(Draw(Small, 25, out _).Pixels, picture.Pixels);
    }

    [Fact]
    public void The_box_in_the_truth_encloses_the_hand_in_every_frame()
    {
        Clip clip = new(Signer.Of("s3"), 'G', 1, Small);
        Image picture = new(160, 120), mask = new(160, 120, 1);
        for (int i = 0; i < clip.FrameCount; i += 4)
        {
            FrameTruth truth = clip.Draw(i, picture, mask);
            Box box = HandTests.BoxOf(mask);
            Assert.Equal([box.Left, box.Top, box.Width, box.Height], truth.Box);
            Assert.True(box.Width * box.Height > 0, $"frame {i} shows no hand");
        }
    }

    [Fact]
    public void The_hand_differs_from_the_empty_room_inside_the_box_alone_but_for_the_arm()
    {
        // The same clip with other hands: what lies above every box is the same room.
        Image a = new(160, 120), b = new(160, 120);
        Signer signer = Signer.Of("s1");
        Clip clip = new(signer, 'S', 1, Small);
        FrameTruth truth = clip.Draw(30, a);
        new Clip(signer with { Tone = 9 }, 'S', 1, Small).Draw(30, b);
        double Apart(int left, int top, int width, int height) =>
            Enumerable.Range(top, height).Average(y => a.Row(y).Slice(3 * left, 3 * width).ToArray().Zip(b.Row(y).Slice(3 * left, 3 * width).ToArray()).Average(p => Math.Abs(Level(p.First) - Level(p.Second))));
        Assert.True(Apart(truth.Box[0], truth.Box[1], truth.Box[2], truth.Box[3]) > 0.1);
        Assert.True(truth.Box[1] > 4);

        // The camera opens up for darker skin, so that the rooms differ by one factor.
        double factor = Ratio(a, b, truth.Box[1] - 3);
        for (int y = 0; y < truth.Box[1] - 3; y += 5)
        {
            Assert.Equal(factor, Ratio(a, b, y, y + 1), 0.08 * factor);
        }
    }

    [Fact]
    public void Frames_that_the_truth_calls_blurred_have_less_detail_than_still_ones()
    {
        foreach (string name in (string[])["s1", "s2", "s3", "s4"])
        {
            Clip clip = new(Signer.Of(name), 'B', 1, new SynthesisOptions { Seconds = 1.5 });
            Image picture = new(320, 240);
            List<(FrameTruth Truth, double Detail)> frames = [];
            for (int i = 0; i < clip.FrameCount; i++)
            {
                FrameTruth truth = clip.Draw(i, picture);
                if (truth.Phase is "move" or "still" or "hold")
                {
                    frames.Add((truth, Detail(picture, truth)));
                }
            }
            double still = frames.Where(f => f.Truth.Phase == "still").Average(f => f.Detail);
            var blurred = frames.Where(f => f.Truth.Blur > 4).ToList();
            Assert.True(blurred.Count >= 2, $"{name}: only {blurred.Count} blurred frames");
            Assert.All(blurred, f => Assert.True(f.Detail < 0.8 * still, $"{name} frame {f.Truth.Frame}: blur {f.Truth.Blur}, detail {f.Detail:0.00} against {still:0.00}"));
            Assert.All(frames.Where(f => f.Truth.Phase == "still"), f => Assert.True(f.Truth.Blur < 1, $"{name} frame {f.Truth.Frame} is still with a blur of {f.Truth.Blur}"));
        }
    }

    [Fact]
    public void The_hand_rises_holds_moves_on_twice_settles_and_falls()
    {
        Clip clip = new(Signer.Of("s4"), 'A', 2, Small);
        Image picture = new(160, 120);
        List<FrameTruth> frames = [.. Enumerable.Range(0, clip.FrameCount).Select(i => clip.Draw(i, picture))];
        List<string> phases = [];
        foreach (FrameTruth frame in frames)
        {
            if (phases.Count == 0 || phases[^1] != frame.Phase)
            {
                phases.Add(frame.Phase);
            }
        }
        Assert.Equal(["rise", "hold", "move", "hold", "move", "hold", "still", "fall"], phases);
        Assert.True(frames[0].Y > frames[9].Y + 25 && frames[^1].Y > frames[35].Y + 25);
        Assert.Equal(frames.Select(f => Math.Round(f.Frame / 30.0, 6)), frames.Select(f => f.Time));
    }

    private static Image Draw(SynthesisOptions options, int frame, out FrameTruth truth)
    {
        Image picture = new(options.Width, options.Height);
        truth = new Clip(Signer.Of("s2"), 'W', 1, options).Draw(frame, picture);
        return picture;
    }

    /// <summary>Linear light of an 8-bit value, nearly.</summary>
    private static double Level(byte value) => Math.Pow(value / 255.0, 2.2);

    private static double Ratio(Image a, Image b, int rows) => Ratio(a, b, 0, rows);

    private static double Ratio(Image a, Image b, int from, int to) =>
        a.Pixels[(from * a.Stride)..(to * a.Stride)].Average(Level) / b.Pixels[(from * b.Stride)..(to * b.Stride)].Average(Level);

    /// <summary>The mean squared difference of neighbours within the hand's box, in the green channel.</summary>
    private static double Detail(Image picture, FrameTruth truth)
    {
        double sum = 0;
        int count = 0;
        for (int y = truth.Box[1]; y < truth.Box[1] + truth.Box[3] - 1; y++)
        {
            for (int x = truth.Box[0]; x < truth.Box[0] + truth.Box[2] - 1; x++)
            {
                int here = picture.Row(y)[(3 * x) + 1], right = picture.Row(y)[(3 * x) + 4], below = picture.Row(y + 1)[(3 * x) + 1];
                sum += ((right - here) * (right - here)) + ((below - here) * (below - here));
                count++;
            }
        }
        return sum / count;
    }
}
