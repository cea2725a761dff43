using Xunit.Abstractions;

namespace SignData.Vision.Tests;

public sealed class SharpnessOnRealFramesTests(ITestOutputHelper output)
{
    private const int Frames = 60;

    [RealDataTheory]
    [InlineData("asl_phone", 0.98)]
    [InlineData("asl_webcam", 0.99)]
    public void Sharp_frames_score_above_motion_blurred_and_defocused_ones(string source, double leastAuc)
    {
        var files = Directory.GetFiles(Path.Combine(RealDataTheoryAttribute.Folder!, source), "*.jpg", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToArray();
        var random = new Random(1);
        var (sharp, blurred, pairs) = (new List<double>(), new List<double>(), 0);
        for (var n = 0; n < Frames; n++)
        {
            var image = Resample.ToGrey(ImageFile.Read(files[n * files.Length / Frames]));
            if (image.Width > 480)
            {
                image = Resample.Resize(image, image.Width / 2, image.Height / 2);
            }
            image = WithinBars(image);
            var scale = Math.Max(image.Width, image.Height) / 480.0;
            var (dx, dy) = n % 2 == 0 ? Line(random, scale) : Disk(random, scale);
            var copy = new Image(image.Width, image.Height, 1);
            Average(image, copy, dx, dy);
            sharp.Add(Sharpness.Score(image.Pixels, image.Width, image.Height));
            blurred.Add(Sharpness.Score(copy.Pixels, copy.Width, copy.Height));
            pairs += sharp[^1] > blurred[^1] ? 1 : 0;
        }
        var auc = sharp.Average(s => blurred.Average(b => s > b ? 1 : s == b ? 0.5 : 0));
        output.WriteLine($"{source}: area under ROC {auc:F4}, {pairs} of {sharp.Count} above their own copy");
        Assert.Equal(sharp.Count, pairs);
        Assert.InRange(auc, leastAuc, 1);
    }

    // What blurs a picture happens in the camera, before black bars are added: a smeared bar is none.
    private static Image WithinBars(Image image)
    {
        const int smeared = 3;
        bool Bright(int x, int y) => image.Pixels[(y * image.Width) + x] > 24;
        int[] columns = [.. Enumerable.Range(0, image.Width).Where(x => Enumerable.Range(0, image.Height).Any(y => Bright(x, y)))];
        int[] rows = [.. Enumerable.Range(0, image.Height).Where(y => Enumerable.Range(0, image.Width).Any(x => Bright(x, y)))];
        var (left, top) = (columns[0] + smeared, rows[0] + smeared);
        var inside = new Image(columns[^1] - smeared - left, rows[^1] - smeared - top, 1);
        for (var y = 0; y < inside.Height; y++)
        {
            image.Pixels.AsSpan(((top + y) * image.Width) + left, inside.Width).CopyTo(inside.Pixels.AsSpan(y * inside.Width));
        }
        return inside;
    }

    // 5 to 25 pixels of motion at a width of 480, in any direction.
    private static (double[] X, double[] Y) Line(Random random, double scale)
    {
        var (length, angle) = ((5 + 20 * random.NextDouble()) * scale, Math.PI * random.NextDouble());
        var steps = Enumerable.Range(0, 33).Select(i => length * (i / 32.0 - 0.5)).ToArray();
        return ([.. steps.Select(t => t * Math.Cos(angle))], [.. steps.Select(t => t * Math.Sin(angle))]);
    }

    // A circle of confusion of 2 to 6 pixels' radius at a width of 480.
    private static (double[] X, double[] Y) Disk(Random random, double scale)
    {
        var radius = (2 + 4 * random.NextDouble()) * scale;
        var points = Enumerable.Range(0, 64).Select(i => (Distance: radius * Math.Sqrt((i + 0.5) / 64), Angle: i * 2.399963)).ToArray();
        return ([.. points.Select(p => p.Distance * Math.Cos(p.Angle))], [.. points.Select(p => p.Distance * Math.Sin(p.Angle))]);
    }

    // The mean over the offsets, each sample interpolated.
    private static void Average(Image from, Image to, double[] dx, double[] dy)
    {
        for (var y = 0; y < from.Height; y++)
        {
            for (var x = 0; x < from.Width; x++)
            {
                var sum = 0.0;
                for (var i = 0; i < dx.Length; i++)
                {
                    var (u, v) = (Math.Clamp(x + dx[i], 0, from.Width - 1.001), Math.Clamp(y + dy[i], 0, from.Height - 1.001));
                    var (left, top) = ((int)u, (int)v);
                    var at = top * from.Width + left;
                    double Mix(int place) => from.Pixels[place] + (u - left) * (from.Pixels[Math.Min(place + 1, from.Pixels.Length - 1)] - from.Pixels[place]);
                    sum += Mix(at) + (v - top) * (Mix(Math.Min(at + from.Width, from.Pixels.Length - 1)) - Mix(at));
                }
                to.Pixels[y * from.Width + x] = (byte)Math.Round(sum / dx.Length);
            }
        }
    }
}
