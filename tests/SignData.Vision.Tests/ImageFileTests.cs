using System.Diagnostics;

namespace SignData.Vision.Tests;

public sealed class ImageFileTests(Clips clips) : IClassFixture<Clips>
{
    private const string Pattern = "-f lavfi -i testsrc2=s=120x80:d=1 -frames:v 1";

    // 48 x 40, red and green above blue and white, progressive.
    private const string Progressive = "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxOUlNSMj5aYVpQYEpRUk//2wBDAQ4ODhMREyYVFSZPNS01T09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT0//wgARCAAoADADASIAAhEBAxEB/8QAGAABAQEBAQAAAAAAAAAAAAAAAAUHBAb/xAAYAQADAQEAAAAAAAAAAAAAAAACAwYEBf/aAAwDAQACEAMQAAABnjFSK8iuqeBM7Bc6wo+j13idGwJnqDAnORVE0Y5phzT/AP/EABcQAAMBAAAAAAAAAAAAAAAAAAATFDD/2gAIAQEAAQUC0YMGExMTa//EACMRAAAEAwkAAAAAAAAAAAAAAAACAxABBBQFESEzQ1FSgcH/2gAIAQMBAT8BFvaffjVq/IKmjMZuNwpUtmK3/8QAIhEAAAQEBwAAAAAAAAAAAAAAAAMEEAECBRESExRCUVKx/9oACAECAQE/AQa2gT9fQtSEyYbQGQXw1Q2t/8QAGBAAAwEBAAAAAAAAAAAAAAAAADEyoTD/2gAIAQEABj8C6IQi8LwvOv8A/8QAGBAAAwEBAAAAAAAAAAAAAAAAABHwMED/2gAIAQEAAT8h0hkMh8Ek/9oADAMBAAIAAwAAABAMAE0kH6AD/8QAHREAAQMFAQAAAAAAAAAAAAAAAQAQMRFBUdHwcf/aAAgBAwEBPxB66AaVJ8FpmKYC4k7a9v/EAB0RAAEDBQEAAAAAAAAAAAAAAAEAEBFBYcHR8DH/2gAIAQIBAT8QVLdjsvMczU2uuhO2zYb/xAAXEAADAQAAAAAAAAAAAAAAAAAA8PEw/9oACAEBAAE/ENHgeB4EsSxL1//Z";

    // 16 x 16, CMYK as Adobe has it (inverted): white, yellow; magenta, red.
    private const string Cmyk = "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwADAgIDAgIDAwMDBAMDBAUIBQUEBAUKBwcGCAwKDAwLCgsLDQ4SEA0OEQ4LCxAWEBETFBUVFQwPFxgWFBgSFBUU/8AAFAgAEAAQBEMRAE0RAFkRAEsRAP/EABYAAQEBAAAAAAAAAAAAAAAAAAAJCv/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAOBEMATQBZAEsAAD8AqmqmqmqmDKuDKu1UAMq4/9k=";

    private static Image Gradient(int width, int height)
    {
        var image = new Image(width, height);
        for (var i = 0; i < width * height; i++)
        {
            var (x, y) = (i % width, i / width);
            image.Pixels[3 * i] = (byte)(255 * x / width);
            image.Pixels[3 * i + 1] = (byte)(255 * y / height);
            image.Pixels[3 * i + 2] = (byte)(128 + 100 * Math.Sin(x * 0.05 + y * 0.08));
        }
        return image;
    }

    private static double MeanDifference(Image a, Image b)
    {
        Assert.Equal((a.Width, a.Height, a.Channels), (b.Width, b.Height, b.Channels));
        return a.Pixels.Zip(b.Pixels, (x, y) => Math.Abs(x - y)).Average();
    }

    private static byte[] Pixel(Image image, int x, int y) => image.Row(y).Slice(x * 3, 3).ToArray();

    private static InputException Refused(byte[] bytes, string name = "a/picture.jpg")
    {
        var error = Assert.Throws<InputException>(() => ImageFile.Decode(bytes, name));
        Assert.StartsWith(name, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        return error;
    }

    [Theory]
    [InlineData("rgb24", "png", 0)]
    [InlineData("rgba", "png", 0)]
    [InlineData("rgb48be", "png", 1)]
    [InlineData("bgr24", "bmp", 0)]
    [InlineData("bgra", "bmp", 0)]
    [InlineData("pal8", "bmp", 0)]
    [InlineData("gray", "bmp", 0)]
    [InlineData("gray", "png", 1)]
    [InlineData("gray16be", "png", 1)]
    [InlineData("monob", "png", 0)]
    [InlineData("pal8", "png", 0)]
    [InlineData("bgra -lossless 1", "webp", 0)]
    [InlineData("yuvj420p -q:v 2", "jpg", 3)]
    [InlineData("yuvj444p -q:v 2", "jpg", 2)]
    [InlineData("gray -q:v 2", "jpg", 1)]
    public void Every_kind_reads_as_the_same_rgb_that_ffmpeg_sees(string format, string kind, double tolerance)
    {
        var path = clips.Make($"{Pattern} -pix_fmt {format} picture-{format.Split(' ')[0]}.{kind}");
        var expected = File.ReadAllBytes(clips.Make($"-i {path} -vf scale=flags=accurate_rnd+full_chroma_int -pix_fmt rgb24 -f rawvideo picture.raw"));
        Assert.InRange(MeanDifference(new Image(120, 80, 3, expected), ImageFile.Read(path)), 0, tolerance);
    }

    [Fact]
    public void A_progressive_and_a_cmyk_jpeg_have_their_colours()
    {
        var progressive = ImageFile.Decode(Convert.FromBase64String(Progressive), "progressive");
        var cmyk = ImageFile.Decode(Convert.FromBase64String(Cmyk), "cmyk");
        (Image Image, int X, int Y, byte[] Colour)[] expected =
        [
            (progressive, 6, 6, [255, 0, 0]), (progressive, 40, 6, [0, 255, 0]), (progressive, 6, 34, [0, 0, 255]), (progressive, 40, 34, [255, 255, 255]),
            (cmyk, 2, 2, [255, 255, 255]), (cmyk, 13, 2, [255, 255, 0]), (cmyk, 2, 13, [255, 0, 255]), (cmyk, 13, 13, [255, 0, 0]),
        ];
        Assert.All(expected, e => Assert.All(Pixel(e.Image, e.X, e.Y).Zip(e.Colour), pair => Assert.InRange(pair.First - pair.Second, -12, 12)));
    }

    [Fact]
    public void Png_is_exact_and_jpeg_close_for_rgb_and_grey()
    {
        foreach (var image in new[] { Gradient(101, 67), Gradient(1, 1), Resample.ToGrey(Gradient(50, 33)) })
        {
            var rgb = image.Channels == 3 ? image : new Image(image.Width, image.Height, 3, [.. image.Pixels.SelectMany(value => new[] { value, value, value })]);
            Assert.Equal(rgb.Pixels, ImageFile.Decode(ImageFile.EncodePng(image), "png").Pixels);
            Assert.InRange(MeanDifference(rgb, ImageFile.Decode(ImageFile.EncodeJpeg(image, 95), "jpeg")), 0, 2);
        }
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(34, 18)]
    [InlineData(322, 242)]
    [InlineData(320, 240)]
    public void A_frame_encodes_to_the_jpeg_of_its_rgb(int width, int height)
    {
        foreach (var (matrix, full) in new[] { (YuvMatrix.Bt601, false), (YuvMatrix.Bt709, false), (YuvMatrix.Bt601, true), (YuvMatrix.Bt2020, false) })
        {
            using var frame = new Frame(width, height, 0, TimeSpan.Zero) { Matrix = matrix, FullRange = full };
            for (var i = 0; i < width * height; i++)
            {
                frame.Data[i] = (byte)(60 + 120 * (i % width) / width + 40 * (i / width) / height);
            }
            for (var i = 0; i < width * height / 4; i++)
            {
                frame.Data[width * height + i] = (byte)(110 + 30 * (i % (width / 2)) / width);
                frame.Data[width * height * 5 / 4 + i] = (byte)(150 - 40 * (i / (width / 2)) / height);
            }
            Assert.InRange(MeanDifference(Resample.ToRgb(frame), ImageFile.Decode(ImageFile.EncodeJpeg(frame, 96), "frame")), 0, 2);
        }
    }

    [Theory]
    [InlineData(1, 0, 1, 2, 3)]
    [InlineData(2, 1, 0, 3, 2)]
    [InlineData(3, 3, 2, 1, 0)]
    [InlineData(4, 2, 3, 0, 1)]
    [InlineData(5, 0, 2, 1, 3)]
    [InlineData(6, 2, 0, 3, 1)]
    [InlineData(7, 3, 1, 2, 0)]
    [InlineData(8, 1, 3, 0, 2)]
    public void Exif_orientation_turns_the_picture_upright(int orientation, params int[] quarters)
    {
        // Stored quarters 0 1 / 2 3 in four greys; `quarters` is how they lie upright, by the table of CIPA DC-008.
        byte[] greys = [20, 90, 160, 230];
        var stored = new Image(64, 32);
        for (var i = 0; i < 64 * 32; i++)
        {
            stored.Pixels.AsSpan(3 * i, 3).Fill(greys[(i / 64 / 16 * 2) + i % 64 / 32]);
        }
        foreach (var bigEndian in new[] { false, true })
        {
            foreach (var minSide in new[] { 0, 8 })
            {
                var image = ImageFile.Decode(WithExif(ImageFile.EncodeJpeg(stored, 95), orientation, bigEndian), "turned", minSide);
                var scale = minSide == 0 ? 1 : 4;
                Assert.Equal(orientation >= 5 ? (32 / scale, 64 / scale) : (64 / scale, 32 / scale), (image.Width, image.Height));
                for (var quarter = 0; quarter < 4; quarter++)
                {
                    var value = Pixel(image, image.Width * (quarter % 2 * 2 + 1) / 4, image.Height * (quarter / 2 * 2 + 1) / 4)[0];
                    Assert.InRange(value - greys[quarters[quarter]], -6, 6);
                }
            }
        }
    }

    private static byte[] WithExif(byte[] jpeg, int orientation, bool bigEndian, int directory = 8)
    {
        byte[] U16(int v) => bigEndian ? [(byte)(v >> 8), (byte)v] : [(byte)v, (byte)(v >> 8)];
        byte[] U32(int v) => bigEndian ? [.. U16(v >> 16), .. U16(v & 0xFFFF)] : [.. U16(v & 0xFFFF), .. U16(v >> 16)];
        byte[] tiff = [.. bigEndian ? "MM"u8 : "II"u8, .. U16(42), .. U32(directory), .. U16(2),
            .. U16(0x010F), .. U16(2), .. U32(4), .. U32(0), .. U16(0x0112), .. U16(3), .. U32(1), .. U16(orientation), 0, 0, 0, 0, 0, 0];
        byte[] segment = [.. "Exif\0\0"u8, .. tiff];
        return [.. jpeg[..2], 0xFF, 0xE1, (byte)((segment.Length + 2) >> 8), (byte)(segment.Length + 2), .. segment, .. jpeg[2..]];
    }

    [Fact]
    public void Malformed_exif_is_passed_over()
    {
        var jpeg = ImageFile.EncodeJpeg(Gradient(64, 32), 90);
        foreach (var directory in new[] { 0, 9, 37, 38, 39, 40, 0x7FFFFFFF, -1, -2 })
        {
            Assert.Equal((64, 32), Size(ImageFile.Decode(WithExif(jpeg, 1, true, directory), "exif")));
        }
        Assert.Equal((64, 32), Size(ImageFile.Decode(WithExif(jpeg, 99, false), "exif")));

        static (int, int) Size(Image image) => (image.Width, image.Height);
    }

    [Theory]
    [InlineData(1280, 720, 128, 320, 180)]
    [InlineData(1280, 720, 181, 640, 360)]
    [InlineData(1280, 720, 361, 1280, 720)]
    [InlineData(224, 224, 112, 112, 112)]
    [InlineData(224, 224, 113, 224, 224)]
    [InlineData(801, 601, 70, 101, 76)]
    [InlineData(100, 100, 500, 100, 100)]
    public void A_jpeg_is_decoded_no_larger_than_it_must_be(int width, int height, int minSide, int expectedWidth, int expectedHeight)
    {
        var original = Gradient(width, height);
        var image = ImageFile.Decode(ImageFile.EncodeJpeg(original, 95), "scaled", minSide);
        Assert.Equal((expectedWidth, expectedHeight), (image.Width, image.Height));
        // Sizes that 8 does not divide are rounded up, which stretches the picture by less than a pixel.
        if (width % 8 == 0)
        {
            Assert.InRange(MeanDifference(Resample.Resize(original, image.Width, image.Height), image), 0, 2);
        }
    }

    [Fact]
    public void A_picture_cut_short_anywhere_is_refused()
    {
        byte[][] files =
        [
            ImageFile.EncodeJpeg(Gradient(200, 150), 90), ImageFile.EncodePng(Gradient(200, 150)), Convert.FromBase64String(Progressive),
            File.ReadAllBytes(clips.Make($"{Pattern} -pix_fmt bgra -lossless 1 short.webp")),
            File.ReadAllBytes(clips.Make($"{Pattern} -pix_fmt bgr24 short.bmp")),
        ];
        foreach (var file in files)
        {
            ImageFile.Decode(file, "whole");
            for (var share = 0; share < 20; share++)
            {
                Refused(file[..(file.Length * share / 20)]);
            }
        }
        Assert.Contains("empty", Refused([]).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Random_damage_gives_a_picture_of_the_same_size_or_a_refusal()
    {
        byte[][] files =
        [
            ImageFile.EncodeJpeg(Gradient(60, 40), 90), ImageFile.EncodePng(Gradient(60, 40)), Convert.FromBase64String(Progressive), Convert.FromBase64String(Cmyk),
            File.ReadAllBytes(clips.Make($"{Pattern} -pix_fmt bgra -lossless 1 damaged.webp")),
            File.ReadAllBytes(clips.Make($"{Pattern} -pix_fmt bgr24 damaged.bmp")),
        ];
        var random = new Random(5);
        var refused = 0;
        foreach (var file in files)
        {
            for (var trial = 0; trial < 150; trial++)
            {
                var bytes = file.ToArray();
                for (var n = random.Next(1, 6); n > 0; n--)
                {
                    bytes[random.Next(trial % 2 == 0 ? Math.Min(200, bytes.Length) : bytes.Length)] = (byte)random.Next(256);
                }
                try
                {
                    Assert.InRange(ImageFile.Decode(bytes, "damaged").Width, 1, Image.MaxSide);
                }
                catch (InputException)
                {
                    refused++;
                }
            }
        }
        Assert.InRange(refused, 100, files.Length * 150);
    }

    [Theory, InlineData(64, 48), InlineData(61, 47), InlineData(2, 2)]
    public void A_jpeg_becomes_a_frame_of_the_same_picture(int width, int height)
    {
        var jpeg = ImageFile.EncodeJpeg(Gradient(width, height), 95);

        using var frame = ImageFile.DecodeFrame(jpeg, "frame", 3, TimeSpan.FromSeconds(1));

        Assert.Equal((width & ~1, height & ~1, 3, 1), (frame.Width, frame.Height, frame.Position, frame.Time.TotalSeconds));
        var (whole, rgb) = (ImageFile.Decode(jpeg, "whole"), Resample.ToRgb(frame));
        for (var y = 0; y < rgb.Height; y++)
        {
            Assert.All(Enumerable.Range(0, 3 * rgb.Width), x => Assert.InRange(rgb.Row(y)[x] - whole.Row(y)[x], -24, 24));
        }
    }

    [Fact]
    public void A_frame_that_is_no_whole_jpeg_of_YCbCr_is_refused()
    {
        var jpeg = ImageFile.EncodeJpeg(Gradient(60, 40), 90);
        foreach (var bytes in (byte[][])[[], jpeg[..(jpeg.Length / 2)], ImageFile.EncodePng(Gradient(60, 40)), Convert.FromBase64String(Cmyk), ImageFile.EncodeJpeg(Gradient(60, 1), 90)])
        {
            Assert.Throws<InputException>(() => ImageFile.DecodeFrame(bytes, "frame", 0, TimeSpan.Zero));
        }
        var random = new Random(7);
        for (var trial = 0; trial < 300; trial++)
        {
            var bytes = jpeg.ToArray();
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            try
            {
                ImageFile.DecodeFrame(bytes, "damaged", 0, TimeSpan.Zero).Dispose();
            }
            catch (InputException)
            {
                // Refused, not crashed.
            }
        }
    }

    [Fact]
    public void A_decompression_bomb_is_refused_by_its_header()
    {
        byte[] png = [0x89, .. "PNG\r\n\x1A\n"u8, 0, 0, 0, 13, .. "IHDR"u8, 0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60, 8, 2, 0, 0, 0, 1, 2, 3, 4];
        var jpeg = ImageFile.EncodeJpeg(Gradient(64, 64), 90);
        var sof = jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        new byte[] { 0xEA, 0x60, 0xEA, 0x60 }.CopyTo(jpeg.AsSpan(sof + 5));
        byte[] bmp = [.. "BM"u8, .. new byte[12], 40, 0, 0, 0, 0, 0, 0, 0x7F, 0, 0, 0, 0x80, .. new byte[20]];
        byte[] webp = [.. "RIFF"u8, 50, 0, 0, 0, .. "WEBPVP8X"u8, 10, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, .. new byte[20]];
        foreach (var bomb in new[] { png, jpeg, bmp, webp })
        {
            var peak = Process.GetCurrentProcess().PeakWorkingSet64;
            Assert.Contains("megapixels", Refused(bomb).Message, StringComparison.Ordinal);
            Assert.InRange(Process.GetCurrentProcess().PeakWorkingSet64 - peak, 0, 200 << 20);
        }
    }

    [Fact]
    public void What_is_no_picture_is_refused_by_name()
    {
        Assert.Contains("HEIC", Refused([0, 0, 0, 24, .. "ftypheic"u8, .. new byte[30]]).Message, StringComparison.Ordinal);
        Assert.Contains("not a picture", Refused([.. "Just some text, but long enough to hold a header."u8]).Message, StringComparison.Ordinal);
        Assert.Contains("GIF", Refused([.. "GIF89a"u8, .. new byte[100]]).Message, StringComparison.Ordinal);
        Assert.Contains("TIFF", Refused([.. "II*\0"u8, .. new byte[100]]).Message, StringComparison.Ordinal);
        Assert.Contains("does not exist", Assert.Throws<InputException>(() => ImageFile.Read(clips.PathOf("no.jpg"))).Message, StringComparison.Ordinal);
        Assert.Throws<InputException>(() => ImageFile.Read(clips.Folder));
        Assert.Throws<InputException>(() => ImageFile.Write(clips.PathOf("no/such/folder.jpg"), Gradient(4, 4)));
        Assert.Throws<InputException>(() => ImageFile.Write(clips.PathOf("picture.gif"), Gradient(4, 4)));
    }

    [Fact]
    public void A_written_picture_reads_back()
    {
        var image = Gradient(90, 70);
        foreach (var name in new[] { "out.png", "out.jpg", "OUT.JPEG" })
        {
            ImageFile.Write(clips.PathOf(name), image, 95);
            Assert.InRange(MeanDifference(image, ImageFile.Read(clips.PathOf(name))), 0, 2);
        }
    }
}
