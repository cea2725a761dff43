using System.Numerics;
using System.Text.Json;
using SignData.Core;
using SignData.Dataset.Augmenting;
using SignData.Dataset.Augmenting.Steps;
using SignData.Dataset.Batches;

namespace SignData.Dataset.Tests.Augmenting;

/// <summary>Each step at fixed parameters against OpenCV, torchvision or its formula: golden.json, made by golden.py.</summary>
public sealed class StepTests
{
    private static readonly (int X, int Y)[] Points = [(8, 9), (15, 16), (20, 11), (11, 22), (23, 23), (16, 7), (9, 17), (18, 19)];

    private static readonly Dictionary<string, int[][]> Golden = JsonSerializer.Deserialize<Dictionary<string, int[][]>>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Augmenting", "golden.json")))!;

    // How far a sample may be off. OpenCV's remap rounds coordinates to 1/32 of a pixel: up to one level here.
    private static readonly Dictionary<string, (AugmentStep Step, int Within)> Cases = new()
    {
        ["rotate"] = (new Rotate { Degrees = 17 }, 1),
        ["scale"] = (new Scale { Factor = 1.3f }, 1),
        ["shift"] = (new Shift { X = 3 / 32f, Y = -2 / 32f }, 0),
        ["flip"] = (new Flip(), 0),
        ["shear"] = (new Shear { X = 0.2f, Y = 0.1f }, 1),
        ["pad"] = (new Pad { By = 0.2f }, 2),
        ["perspective"] = (new ToCorners(new(-1.5f, -0.5f), new(34.5f, -2.5f), new(33.5f, 35.5f), new(-3.5f, 33.5f)), 2),
        ["optical"] = (new Optical { K1 = 0.3f, K2 = -0.1f }, 2),
        ["grid"] = (new UnevenGrid(), 2),
        ["elastic"] = (new Ripples(), 2),
        ["brightness"] = (new Brightness { Factor = 1.3f }, 1),
        ["gamma"] = (new Gamma { Exponent = 1.7f }, 1),
        ["saturation"] = (new Saturation { Factor = 0.4f }, 1),
        ["greyscale"] = (new Greyscale(), 1),
        ["solarize"] = (new Solarize { Threshold = 128 }, 0),
        ["posterize"] = (new Posterize { Bits = 3 }, 0),
        ["invert"] = (new Invert(), 0),
        ["contrast"] = (new Contrast { Factor = 1.4f }, 1),
        ["sharpen"] = (new Sharpen { Amount = 0.8f }, 1),
        ["motion-blur"] = (new MotionBlur { Length = 7 / 32f, Degrees = 0 }, 1),
        ["defocus"] = (new Defocus { Radius = 2.5f / 32 }, 1),
        ["equalize"] = (new Equalize(), 1),
        ["clahe"] = (new Clahe { Clip = 3, Tiles = 4 }, 1),
        ["jpeg"] = (new Jpeg { Quality = 40 }, 1),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory, MemberData(nameof(Names))]
    public void A_step_agrees_with_its_reference(string name)
    {
        (AugmentStep step, int within) = Cases[name];
        byte[] square = Drawn.By(Drawn.Waves(), step);
        foreach (((int x, int y), int[] expected) in Points.Zip(Golden[name]))
        {
            for (int c = 0; c < 3; c++)
            {
                Assert.InRange(square[(((y * 32) + x) * 3) + c], expected[c] - within, expected[c] + within);
            }
        }
    }

    [Fact]
    public void Every_case_of_the_reference_is_held() => Assert.Equal(Golden.Keys.Order(), Cases.Keys.Order());

    [Theory, InlineData(30, 200, 90), InlineData(200, 120, 60), InlineData(128, 128, 128)]
    public void Hue_turns_about_grey_and_keeps_luma(byte red, byte green, byte blue)
    {
        for (int degrees = -180; degrees <= 180; degrees += 30)
        {
            ColourMatrix turn = Hue.Turn(degrees);
            Vector4 colour = new(red, green, blue, 1);
            Vector3 turned = new(Vector4.Dot(turn.Red, colour), Vector4.Dot(turn.Green, colour), Vector4.Dot(turn.Blue, colour));
            Assert.Equal(Vector3.Dot(new(red, green, blue), ColourMatrix.Luma), Vector3.Dot(turned, ColourMatrix.Luma), 0.01f);
        }
        // A third of the circle moves each channel's place on, but for luma.
        ColourMatrix third = Hue.Turn(120);
        Assert.True(third.Green.X > 0.6f && third.Blue.Y > 0.6f && third.Red.Z > 0.6f);
    }

    [Fact]
    public void Hue_saturation_and_value_of_grey_leave_it_grey()
    {
        byte[] square = Drawn.By(Drawn.Plain(90, 90, 90), new Hue { Degrees = 77 }, new Saturation { Factor = 1.9f });
        Assert.All(square, b => Assert.InRange(b, 89, 91));
        Assert.Equal([200, 100, 50], Drawn.By(Drawn.Plain(100, 50, 25), new Value { Factor = 2 })[..3]);
    }

    [Fact]
    public void Channels_have_gains_of_their_own_and_lift_is_alike_for_all()
    {
        Assert.Equal([120, 144, 168], Drawn.By(Drawn.Plain(100, 120, 140), new ChannelGain { Factor = 1.2f })[..3]);
        Assert.Equal([151, 161, 171], Drawn.By(Drawn.Plain(100, 110, 120), new Lift { By = 0.2f })[..3]);
    }

    [Fact]
    public void Pca_colour_adds_along_the_components_with_their_deviations()
    {
        double[] sums = new double[3], squares = new double[3];
        const int draws = 4000;
        Image grey = Drawn.Plain(128, 128, 128, 2);
        Recipe recipe = Drawn.Recipe(new PcaColour { Sigma = 0.5f });
        for (int i = 0; i < draws; i++)
        {
            byte[] pixel = Drawn.By(recipe, grey, 2, i);
            for (int c = 0; c < 3; c++)
            {
                sums[c] += pixel[c] - 128;
                squares[c] += (pixel[c] - 128) * (pixel[c] - 128);
            }
        }
        // The first component is nearly grey: 255 x 0.5 x 0.2175 x 0.57 to 0.58.
        Assert.All(sums, s => Assert.InRange(s / draws, -1, 1));
        Assert.All(squares, s => Assert.InRange(Math.Sqrt(s / draws), 14.5, 17.5));
    }

    [Theory, InlineData(10, 1), InlineData(25, 0), InlineData(4, 0.5)]
    public void Noise_has_the_deviation_asked_for_and_shares_what_is_not_a_channels_own(float sigma, float colour)
    {
        byte[] square = Drawn.By(Drawn.Plain(128, 128, 128, 96), new Noise { Sigma = sigma, Colour = colour });
        (double mean, double deviation) = Moments(square, 0, 3);
        Assert.InRange(mean, 128 - (0.05 * sigma), 128 + (0.05 * sigma));
        Assert.InRange(deviation, 0.96 * sigma, 1.04 * sigma);
        double product = 0;
        for (int i = 0; i < square.Length; i += 3)
        {
            product += (square[i] - 128.0) * (square[i + 1] - 128);
        }
        Assert.InRange(product / (square.Length / 3) / (sigma * sigma), 0.93 - (colour * colour) - (colour == 1 ? 0 : 0.03), 1.07 - (colour * colour));
    }

    [Theory, InlineData(40), InlineData(200)]
    public void Iso_noise_grows_with_the_light(byte light)
    {
        byte[] square = Drawn.By(Drawn.Plain(light, light, light, 96), new IsoNoise { Gain = 0.8f });
        Assert.Equal(Math.Sqrt((0.8 * light) + (16 * 0.64)), Moments(square, 0, 1).Deviation, 0.5);
    }

    [Fact]
    public void Light_falls_off_exponentially_across_the_square()
    {
        byte[] square = Drawn.By(Drawn.Plain(100, 100, 100, 16), new Falloff { By = 0.8f });
        for (int i = 0; i < 256; i++)
        {
            double light = Math.Exp((0.8 * ((((i % 16) + 0.5) / 16) - 0.5)) + (0.8 * ((((i / 16) + 0.5) / 16) - 0.5)));
            Assert.InRange(square[i * 3] - (100 * light), -0.8, 0.8);
        }
    }

    [Fact]
    public void Coloured_light_keeps_how_bright_grey_is_and_tints_it()
    {
        byte[] bulb = Drawn.By(Drawn.Plain(120, 120, 120), new ColouredLight { Lamp = Lamp.Tungsten, Strength = 0.6f });
        Assert.True(bulb[0] > bulb[1] && bulb[1] > bulb[2]);
        Assert.InRange((0.299 * bulb[0]) + (0.587 * bulb[1]) + (0.114 * bulb[2]), 118.5, 121.5);
        byte[] screen = Drawn.By(Drawn.Plain(120, 120, 120), new ColouredLight { Lamp = Lamp.Screen, Strength = 0.6f });
        Assert.True(screen[0] < screen[1] && screen[1] < screen[2]);
    }

    [Fact]
    public void A_shadow_leaves_the_light_asked_for_and_nothing_else_changes()
    {
        for (int i = 0; i < 20; i++)
        {
            byte[] square = Drawn.By(Drawn.Recipe(new CastShadow { Light = 0.5f, Softness = 0.02f }), Drawn.Plain(200, 200, 200, 64), 64, i);
            Assert.All(Enumerable.Range(0, 64 * 64), p => Assert.InRange(square[(3 * p) + 1], 99, 200));
            Assert.Contains(Enumerable.Range(0, 64 * 64), p => square[(3 * p) + 1] <= 101);
        }
    }

    [Fact]
    public void Boxes_have_the_tone_and_the_sizes_of_Sign1()
    {
        int[] areas = [.. Enumerable.Range(0, 200).Select(i =>
        {
            byte[] square = Drawn.By(Drawn.Recipe(new BoxDropout { Count = 1 }), Drawn.Plain(1, 2, 3, 224), 224, i);
            return Enumerable.Range(0, 224 * 224).Count(p => (square[3 * p], square[(3 * p) + 1], square[(3 * p) + 2]) == (106, 87, 55));
        })];
        Assert.All(areas, a => Assert.Equal(60 * 30, a));
    }

    [Fact]
    public void Fingers_have_every_tone_of_the_Monk_scale_and_cover_about_what_fingers_do()
    {
        HashSet<string> tones = [];
        double covered = 0;
        const int draws = 200;
        for (int i = 0; i < draws; i++)
        {
            List<string> notes = [];
            byte[] square = new byte[96 * 96 * 3];
            new Recipe { Name = "test", Steps = [new FingerDropout { Count = 1, Tone = FingerTone.Monk }] }
                .Render(new Rendering { Notes = notes }, new SampleRandom(1, 0, i), new Pyramid(Drawn.Plain(0, 0, 255, 96)), square, 0, 96);
            tones.Add(string.Join(' ', notes[0].Split(' ')[^5..]));
            covered += Enumerable.Range(0, 96 * 96).Count(p => square[(3 * p) + 2] != 255 || square[3 * p] != 0) / (96.0 * 96);
        }
        Assert.Equal(10, tones.Count);
        Assert.InRange(covered / draws, 0.01, 0.08);
    }

    [Fact]
    public void A_finger_is_brighter_along_its_middle_than_at_its_sides_and_softly_edged()
    {
        byte[] square = new byte[64 * 64 * 3];
        Vision.Retouching.Retouch.Finger(square, 64, [new(32, -10, 10, 32, 80, 10)], new(200, 200, 200, 0, 0, 1, 2, 0), 1);
        int At(int x) => square[((32 * 64) + x) * 3];
        Assert.True(At(32) > At(26) && At(26) > At(23));
        Assert.Equal(0, At(20));
        Assert.InRange(At(22), 20, At(24) - 1);
    }

    private static (double Mean, double Deviation) Moments(byte[] square, int from, int step)
    {
        double[] values = [.. Enumerable.Range(0, square.Length / step).Select(i => (double)square[from + (i * step)])];
        double mean = values.Average();
        return (mean, Math.Sqrt(values.Average(v => (v - mean) * (v - mean))));
    }

    private sealed record ToCorners(Vector2 A, Vector2 B, Vector2 C, Vector2 D) : AugmentStep
    {
        public override void Apply(ref SampleRandom random, Rendering picture)
        {
            static Vector2 At(Vector2 p) => (p / 32) - new Vector2(0.5f);
            picture.Map(Homography.FromCorners(picture.Canvas, At(A), At(B), At(C), At(D)));
        }
    }

    private sealed record UnevenGrid : AugmentStep
    {
        public override void Apply(ref SampleRandom random, Rendering picture) => ((float[])[0, 0.15f, 0.55f, 0.7f, 1, 0, 0.15f, 0.55f, 0.7f, 1]).CopyTo(picture.BendGrid(4));
    }

    private sealed record Ripples : AugmentStep
    {
        public override void Apply(ref SampleRandom random, Rendering picture)
        {
            Span<float> lattice = picture.BendLattice(6);
            for (int i = 0; i < 36; i++)
            {
                lattice[2 * i] = 1.5f / 32 * MathF.Sin((1.1f * (i % 6)) + (0.7f * (i / 6)));
                lattice[(2 * i) + 1] = 1.5f / 32 * MathF.Cos((0.9f * (i % 6)) - (0.4f * (i / 6)));
            }
        }
    }
}
