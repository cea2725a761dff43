using SignData.Core;
using SignData.Vision;

namespace SignData.Tools.Tests;

/// <summary>Pictures of squares in random shades: no two seeds look alike.</summary>
internal static class Pictures
{
    /// <summary>A picture of 48 x 48, in colour.</summary>
    public static Image Of(int seed, int side = 48)
    {
        var (random, picture) = (new Random(seed), new Image(side, side));
        var cell = side / 6;
        for (var square = 0; square < 36; square++)
        {
            var (x0, y0) = (square % 6 * cell, square / 6 * cell);
            var (r, g, b) = ((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256));
            for (var y = y0; y < y0 + cell; y++)
            {
                for (var x = x0; x < x0 + cell; x++)
                {
                    var pixel = picture.Row(y).Slice(3 * x, 3);
                    (pixel[0], pixel[1], pixel[2]) = (r, g, b);
                }
            }
        }
        return picture;
    }

    /// <summary>The same, each sample changed.</summary>
    public static Image Changed(Image picture, Func<byte, byte> change) =>
        new(picture.Width, picture.Height, picture.Channels, [.. picture.Pixels.Select(change)]);

    /// <summary>Writes a picture with the folders above it.</summary>
    public static void Write(string path, Image picture)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        ImageFile.Write(path, picture);
    }
}
