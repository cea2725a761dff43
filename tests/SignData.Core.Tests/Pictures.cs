namespace SignData.Core.Tests;

/// <summary>Luma planes that the tests draw, with what they know of them.</summary>
internal static class Pictures
{
    /// <summary>Rectangles of random places and greys over a slope: edges of every contrast, and wide empty parts.</summary>
    public static byte[] Rectangles(int seed, int width, int height, int count = 40)
    {
        var random = new Random(seed);
        var luma = new byte[width * height];
        for (var i = 0; i < luma.Length; i++)
        {
            luma[i] = (byte)(60 + 80 * (i % width) / width);
        }
        for (var n = 0; n < count; n++)
        {
            var (w, h) = (random.Next(width / 20, width / 4), random.Next(height / 20, height / 4));
            var (left, top, grey) = (random.Next(width - w), random.Next(height - h), (byte)random.Next(30, 226));
            for (var y = top; y < top + h; y++)
            {
                luma.AsSpan(y * width + left, w).Fill(grey);
            }
        }
        return luma;
    }

    /// <summary>The mean along a line of that many pixels at that angle, as a moving camera takes it.</summary>
    public static byte[] MotionBlur(byte[] luma, int width, int height, int length, double degrees)
    {
        var result = new byte[luma.Length];
        var (dx, dy) = (Math.Cos(degrees * Math.PI / 180), Math.Sin(degrees * Math.PI / 180));
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var sum = 0;
                for (var t = 0; t < length; t++)
                {
                    var at = t - (length - 1) / 2.0;
                    var column = Math.Clamp((int)Math.Round(x + at * dx), 0, width - 1);
                    var row = Math.Clamp((int)Math.Round(y + at * dy), 0, height - 1);
                    sum += luma[row * width + column];
                }
                result[y * width + x] = (byte)(sum / length);
            }
        }
        return result;
    }

    /// <summary>Normal noise of that deviation, as a sensor adds it.</summary>
    public static byte[] Noisy(byte[] luma, int seed, double deviation)
    {
        var random = new Random(seed);
        var result = new byte[luma.Length];
        for (var i = 0; i < luma.Length; i++)
        {
            var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            result[i] = (byte)Math.Clamp(luma[i] + deviation * normal, 0, 255);
        }
        return result;
    }

    /// <summary>The picture in half its size.</summary>
    public static byte[] Halved(byte[] luma, int width, int height)
    {
        var result = new byte[width / 2 * (height / 2)];
        for (var i = 0; i < result.Length; i++)
        {
            var at = i / (width / 2) * 2 * width + i % (width / 2) * 2;
            result[i] = (byte)((luma[at] + luma[at + 1] + luma[at + width] + luma[at + width + 1] + 2) / 4);
        }
        return result;
    }
}
