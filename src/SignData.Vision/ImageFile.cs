using SignData.Core;

namespace SignData.Vision;

/// <summary>Pictures in and out of files and memory.</summary>
public static unsafe class ImageFile
{
    // A file may be larger than its picture (metadata, no compression) but not without bound.
    private const long MaxBytes = 512L << 20;

    /// <summary>The lowercase endings, with dot, of the files that are worth opening as pictures.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".jpg", ".jpeg", ".png", ".webp", ".bmp"];

    /// <summary>Reads a picture: RGB, 8 bits, upright by its EXIF orientation (JPEG). Alpha is dropped, grey and palettes become RGB, 16 bits become 8.</summary>
    /// <param name="path">The file.</param>
    /// <param name="minSide">Above 0, a JPEG may come out at a half, a quarter or an eighth of its size, its shorter side no less than this; other kinds ignore it.</param>
    /// <exception cref="InputException">There is no such file, it is no picture, is damaged or cut short, or claims a size out of range.</exception>
    public static Image Read(string path, int minSide = 0) => Decode(ReadBytes(path), path, minSide);

    /// <summary>Reads a picture from memory, as <see cref="Read"/> does.</summary>
    /// <param name="bytes">The file's content.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="minSide">As for <see cref="Read"/>.</param>
    /// <exception cref="InputException">It is no picture, is damaged or cut short, or claims a size out of range.</exception>
    public static Image Decode(ReadOnlySpan<byte> bytes, string name, int minSide = 0)
    {
        var header = ImageHeader.Of(bytes, name);
        fixed (byte* from = bytes)
        {
            return header.Kind switch
            {
                ImageKind.Jpeg => DecodeJpeg(from, bytes.Length, name, minSide),
                ImageKind.Bmp => BmpReader.Read(bytes, header, name),
                _ => DecodeOther(from, bytes.Length, name, header),
            };
        }
    }

    /// <summary>A camera's JPEG as a frame: straight to planes, no RGB between. An odd last column or row is cut off; its orientation is not looked at.</summary>
    /// <param name="jpeg">The file's content.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="position">The frame's number in its source, from 0.</param>
    /// <param name="time">The presentation time in its source.</param>
    /// <exception cref="InputException">It is no JPEG, is damaged or cut short, not of YCbCr, or claims a size out of range.</exception>
    public static Frame DecodeFrame(ReadOnlySpan<byte> jpeg, string name, int position, TimeSpan time)
    {
        if (ImageHeader.Of(jpeg, name).Kind != ImageKind.Jpeg)
        {
            throw new InputException($"{name} is not a JPEG.");
        }
        fixed (byte* from = jpeg)
        {
            Check(NativeMethods.sd_jpeg_size(from, (nuint)jpeg.Length, 0, out var width, out var height, out _, out _), name);
            ImageHeader.CheckSize(width, height, name);
            if (width < 2 || height < 2)
            {
                throw new InputException($"{name} is of {width}x{height} pixels; 2 a side is the least.");
            }
            var frame = new Frame(width & ~1, height & ~1, position, time) { FullRange = true };
            try
            {
                fixed (byte* planes = frame.Data)
                {
                    Check(NativeMethods.sd_jpeg_read_i420(from, (nuint)jpeg.Length, planes, frame.Width, frame.Height), name);
                }
                return frame;
            }
            catch
            {
                frame.Dispose();
                throw;
            }
        }
    }

    /// <summary>A JPEG of a picture, 4:2:0.</summary>
    /// <param name="image">RGB or grey.</param>
    /// <param name="quality">1 to 100, as libjpeg has it.</param>
    public static byte[] EncodeJpeg(Image image, int quality)
    {
        ArgumentNullException.ThrowIfNull(image);
        CheckQuality(quality);
        fixed (byte* pixels = image.Pixels)
        {
            NativeMethods.Check(NativeMethods.sd_jpeg_write(pixels, image.Width, image.Height, image.Channels, quality, out var bytes, out var length));
            return Take(bytes, length);
        }
    }

    /// <summary>A JPEG of a frame straight from its planes: no RGB between, chroma as the video has it.</summary>
    /// <param name="frame">The frame; its matrix and range are turned into JFIF's.</param>
    /// <param name="quality">1 to 100, as libjpeg has it.</param>
    public static byte[] EncodeJpeg(Frame frame, int quality)
    {
        ArgumentNullException.ThrowIfNull(frame);
        CheckQuality(quality);
        fixed (byte* planes = frame.Data)
        {
            NativeMethods.Check(NativeMethods.sd_jpeg_write_i420(planes, frame.Width, frame.Height, (int)frame.Matrix, frame.FullRange ? 1 : 0, quality, out var bytes, out var length));
            return Take(bytes, length);
        }
    }

    /// <summary>A PNG of a picture.</summary>
    /// <param name="image">RGB or grey.</param>
    public static byte[] EncodePng(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        fixed (byte* pixels = image.Pixels)
        {
            NativeMethods.Check(NativeMethods.sd_png_write(pixels, image.Width, image.Height, image.Channels, out var bytes, out var length));
            return Take(bytes, length);
        }
    }

    /// <summary>Writes a picture: PNG if the path ends in .png, JPEG if in .jpg or .jpeg.</summary>
    /// <param name="path">The file; one that exists is replaced.</param>
    /// <param name="image">RGB or grey.</param>
    /// <param name="quality">For JPEG, 1 to 100.</param>
    /// <exception cref="InputException">The ending is another one, or the file cannot be written.</exception>
    public static void Write(string path, Image image, int quality = 92)
    {
        ArgumentNullException.ThrowIfNull(path);
        var bytes = Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".png" => EncodePng(image),
            ".jpg" or ".jpeg" => EncodeJpeg(image, quality),
            var other => throw new InputException($"{path}: pictures are written as .jpg or .png, not '{other}'."),
        };
        try
        {
            File.WriteAllBytes(path, bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path} cannot be written: {e.Message}", e);
        }
    }

    private static Image DecodeJpeg(byte* from, int size, string name, int minSide)
    {
        Check(NativeMethods.sd_jpeg_size(from, (nuint)size, minSide, out var storedWidth, out var storedHeight, out var width, out var height), name);
        ImageHeader.CheckSize(storedWidth, storedHeight, name);
        var pixels = GC.AllocateUninitializedArray<byte>(width * height * 3);
        fixed (byte* to = pixels)
        {
            Check(NativeMethods.sd_jpeg_read(from, (nuint)size, minSide, to, (nuint)pixels.Length), name);
        }
        return new Image(width, height, 3, pixels);
    }

    private static Image DecodeOther(byte* from, int size, string name, ImageHeader header)
    {
        var pixels = GC.AllocateUninitializedArray<byte>(header.Width * header.Height * 3);
        fixed (byte* to = pixels)
        {
            Check(header.Kind == ImageKind.Png
                ? NativeMethods.sd_png_read(from, (nuint)size, header.Width, header.Height, to)
                : NativeMethods.sd_webp_read(from, (nuint)size, header.Width, header.Height, to), name);
        }
        return new Image(header.Width, header.Height, 3, pixels);
    }

    /// <summary>A picture file's content, to be decoded and hashed with one reading.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InputException">There is no such file, it cannot be read, or no picture is as large.</exception>
    public static byte[] ReadBytes(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            using var file = File.OpenHandle(path);
            var length = RandomAccess.GetLength(file);
            if (length > MaxBytes)
            {
                throw new InputException($"{path} has {length >> 20} MB; pictures up to {MaxBytes >> 20} MB are read: shrink it or remove it.");
            }
            var bytes = GC.AllocateUninitializedArray<byte>((int)length);
            var got = 0;
            while (got < bytes.Length && RandomAccess.Read(file, bytes.AsSpan(got), got) is > 0 and var count)
            {
                got += count;
            }
            return got == bytes.Length ? bytes : bytes[..got];
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException($"{path} does not exist: check the path.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path} cannot be read: {e.Message}", e);
        }
    }

    private static void Check(int status, string name)
    {
        if (status == NativeMethods.BadInput)
        {
            throw new InputException($"{name} is a damaged picture ({NativeMethods.LastError.TrimEnd('.')}): copy it again or remove it.");
        }
        NativeMethods.Check(status);
    }

    private static void CheckQuality(int quality)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(quality, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quality, 100);
    }

    private static byte[] Take(byte* bytes, nuint length)
    {
        try
        {
            return new ReadOnlySpan<byte>(bytes, checked((int)length)).ToArray();
        }
        finally
        {
            NativeMethods.sd_vision_free(bytes);
        }
    }
}
