using SignData.Core;
using SignData.Dataset.Augmenting;
using SignData.Dataset.Batches;

namespace SignData.Dataset.Tests.Augmenting;

/// <summary>Pictures, and what steps make of them.</summary>
internal static class Drawn
{
    /// <summary>The small picture of golden.py.</summary>
    public static Image Waves(int size = 32, float speed = 1, float height = 110)
    {
        Image image = new(size, size);
        for (int i = 0; i < image.Pixels.Length; i++)
        {
            (int x, int y, int c) = (i / 3 % size, i / 3 / size, i % 3);
            image.Pixels[i] = (byte)Math.Floor(127.5 + (height * Math.Sin((0.31 * speed * x) + (0.17 * speed * y) + (1.3 * c))) + 0.5);
        }
        return image;
    }

    /// <summary>One colour.</summary>
    public static Image Plain(byte red, byte green, byte blue, int size = 8)
    {
        Image image = new(size, size);
        for (int i = 0; i < image.Pixels.Length; i += 3)
        {
            (image.Pixels[i], image.Pixels[i + 1], image.Pixels[i + 2]) = (red, green, blue);
        }
        return image;
    }

    /// <summary>A warm shape before a cold wall.</summary>
    public static Image Hand(int size = 64)
    {
        Image image = Plain(70, 90, 120, size);
        for (int y = 0; y < size; y++)
        {
            for (int x = 0; x < size; x++)
            {
                double u = ((x + 0.5) / size) - 0.5, v = ((y + 0.5) / size) - 0.5;
                if ((u * u / 0.05) + (v * v / 0.09) < 1 || (u is > 0 and < 0.35 && Math.Abs(v) < 0.06))
                {
                    (image.Row(y)[3 * x], image.Row(y)[(3 * x) + 1], image.Row(y)[(3 * x) + 2]) = (210, 150, 120);
                }
            }
        }
        return image;
    }

    /// <summary>A recipe of steps.</summary>
    public static Recipe Recipe(params AugmentStep[] steps) => new() { Name = "test", Steps = steps };

    /// <summary>What a recipe makes of a picture.</summary>
    public static byte[] By(Recipe recipe, Image image, int size, int frame = 0, int epoch = 0)
    {
        byte[] square = new byte[size * size * 3];
        recipe.Render(new Rendering(), new SampleRandom(1, epoch, frame), new Pyramid(image), square, 0, size);
        return square;
    }

    /// <summary>What steps make of a picture, at its own size.</summary>
    public static byte[] By(Image image, params AugmentStep[] steps) => By(Recipe(steps), image, image.Width);
}
