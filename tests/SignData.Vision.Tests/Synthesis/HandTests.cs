using SignData.Vision.Synthesis;

namespace SignData.Vision.Tests.Synthesis;

public sealed class HandTests
{
    private const int Width = 160, Height = 120;

    private static readonly Signer First = Signer.Of("s1");

    [Fact]
    public void There_are_24_letters_without_J_and_Z() => Assert.Equal("ABCDEFGHIKLMNOPQRSTUVWXY", string.Concat(Hand.Letters));

    [Fact]
    public void Every_letter_has_a_shape_or_a_picture_of_its_own()
    {
        HandPicture[] pictures = [.. Hand.Letters.Select(letter => Render(letter, First))];
        for (int a = 0; a < pictures.Length; a++)
        {
            for (int b = 0; b < a; b++)
            {
                string pair = $"{Hand.Letters[b]} and {Hand.Letters[a]}";
                (byte[] left, byte[] right) = (pictures[a].Mask.Pixels, pictures[b].Mask.Pixels);
                int either = left.Zip(right).Count(p => p.First + p.Second > 0), both = left.Zip(right).Count(p => p.First > 0 && p.Second > 0);
                Assert.True(both < 0.97 * either, $"the masks of {pair} agree in {both} of {either} pixels");
                // Fists differ within their outline: by the thumb.
                double apart = pictures[a].Picture.Pixels.Zip(pictures[b].Picture.Pixels).Average(p => Math.Abs(p.First - p.Second));
                Assert.True(apart > 1.2, $"the pictures of {pair} differ by {apart:0.00}");
            }
        }
    }

    [Fact]
    public void Every_letter_by_every_signer_is_in_the_picture_and_fills_a_good_part_of_it()
    {
        foreach (Signer signer in Signer.First(4))
        {
            foreach (char letter in Hand.Letters)
            {
                Box box = Render(letter, signer).Box;
                string what = $"{letter} by {signer.Name}: {box}";
                Assert.True(box.Left > 0 && box.Top > 0 && box.Left + box.Width < Width && box.Top + box.Height < Height, what);
                Assert.True(Math.Max(box.Height, box.Width) is > (int)(0.4 * Height) and < (int)(0.95 * Height), what);
            }
        }
    }

    [Fact]
    public void People_hold_a_letter_each_in_their_own_way_and_always_in_that()
    {
        // Same hand, same camera: only how it is held differs.
        byte[][] masks = [.. Enumerable.Range(1, 6).Select(n => Render('A', First with { Name = $"s{n}" }).Mask.Pixels)];
        Assert.Equal(masks[0], Render('A', First with { Name = "s1" }).Mask.Pixels);
        int[] apart = [.. from a in Enumerable.Range(0, masks.Length) from b in Enumerable.Range(0, a) select masks[a].Zip(masks[b]).Count(p => p.First != p.Second)];
        Assert.All(apart, count => Assert.True(count > 20, $"{count} pixels differ"));
        Assert.True(apart.Max() > 200, $"no two thumbs lie farther apart than {apart.Max()} pixels");
    }

    [Fact]
    public void The_box_encloses_the_mask_exactly()
    {
        HandPicture hand = Render('Y', First);
        Assert.Equal(BoxOf(hand.Mask), hand.Box);
    }

    [Fact]
    public void A_left_hand_is_the_mirror_image_of_the_right()
    {
        View view = View.Centred with { Yaw = 12, Roll = 9 };
        Image right = Hand.Render('R', First with { LeftHanded = false }, view, Light.Studio, Width, Height).Mask;
        Image left = Hand.Render('R', First with { LeftHanded = true }, view with { Yaw = -12, Roll = -9 }, Light.Studio, Width, Height).Mask;
        int different = 0, covered = 0;
        for (int y = 0; y < Height; y++)
        {
            for (int x = 0; x < Width; x++)
            {
                covered += right.Row(y)[x] > 0 ? 1 : 0;
                different += right.Row(y)[x] != left.Row(y)[Width - 1 - x] ? 1 : 0;
            }
        }
        Assert.InRange(different, 0, covered / 50);
    }

    [Fact]
    public void Darker_tones_make_darker_backs_of_the_hand()
    {
        double[] levels = [.. Enumerable.Range(1, 10).Select(tone => Brightness(Render('H', First with { Tone = tone })))];
        for (int tone = 3; tone < levels.Length; tone++)
        {
            Assert.True(levels[tone] < levels[tone - 1] - 4, $"tone {tone + 1} has {levels[tone]:0.0}, tone {tone} {levels[tone - 1]:0.0}");
        }
    }

    [Fact]
    public void The_first_four_signers_differ_in_tone_and_one_signs_with_the_left_hand()
    {
        IReadOnlyList<Signer> signers = Signer.First(4);
        double[] levels = [.. signers.Select(s => Brightness(Render('B', s))).Order()];
        Assert.All(levels.Zip(levels.Skip(1)), pair => Assert.True(pair.Second - pair.First > 8, string.Join(' ', levels)));
        Assert.Single(signers, s => s.LeftHanded);
        Assert.Equal(signers[2], Signer.Of("s3"));
    }

    [Fact]
    public void Names_that_are_no_signer_and_letters_that_move_are_refused()
    {
        Assert.Contains("'s0'", Assert.Throws<InputException>(() => Signer.Of("s0")).Message, StringComparison.Ordinal);
        Assert.Throws<InputException>(() => Signer.Of("s100"));
        Assert.Throws<ArgumentException>(() => Render('J', First));
    }

    internal static Box BoxOf(Image mask)
    {
        (int left, int top, int right, int bottom) = (int.MaxValue, int.MaxValue, -1, -1);
        for (int y = 0; y < mask.Height; y++)
        {
            for (int x = 0; x < mask.Width; x++)
            {
                if (mask.Row(y)[x] > 0)
                {
                    (left, right, top, bottom) = (Math.Min(left, x), Math.Max(right, x), Math.Min(top, y), Math.Max(bottom, y));
                }
            }
        }
        return right < 0 ? default : new Box(left, top, right - left + 1, bottom - top + 1);
    }

    private static HandPicture Render(char letter, Signer signer) => Hand.Render(letter, signer, View.Centred, Light.Studio, Width, Height);

    private static double Brightness(HandPicture hand)
    {
        double sum = 0;
        int count = 0;
        for (int i = 0; i < hand.Mask.Pixels.Length; i++)
        {
            if (hand.Mask.Pixels[i] > 0)
            {
                sum += (hand.Picture.Pixels[3 * i] + (2 * hand.Picture.Pixels[(3 * i) + 1]) + hand.Picture.Pixels[(3 * i) + 2]) / 4.0;
                count++;
            }
        }
        return sum / count;
    }
}
