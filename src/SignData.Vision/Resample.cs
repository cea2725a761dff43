using SignData.Core;

namespace SignData.Vision;

/// <summary>Pictures of another size or colour.</summary>
public static unsafe class Resample
{
    /// <summary>The picture at another size: area averages when it gets smaller in both directions, bicubic otherwise.</summary>
    /// <param name="source">RGB or grey.</param>
    /// <param name="width">In pixels, 1 to <see cref="Image.MaxSide"/>.</param>
    /// <param name="height">In pixels, 1 to <see cref="Image.MaxSide"/>.</param>
    public static Image Resize(Image source, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(source);
        var result = new Image(width, height, source.Channels);
        fixed (byte* from = source.Pixels, to = result.Pixels)
        {
            NativeMethods.Check(NativeMethods.sd_resize(from, source.Width, source.Height, source.Channels, to, width, height));
        }
        return result;
    }

    /// <summary>The luma of a picture by the BT.601 weights; a grey picture is returned as it is.</summary>
    /// <param name="source">RGB or grey.</param>
    public static Image ToGrey(Image source)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source.Channels == 1)
        {
            return source;
        }
        var result = new Image(source.Width, source.Height, 1);
        fixed (byte* from = source.Pixels, to = result.Pixels)
        {
            NativeMethods.Check(NativeMethods.sd_grey(from, source.Width, source.Height, to));
        }
        return result;
    }

    /// <summary>A frame as an RGB picture of the same size; chroma is repeated, not interpolated.</summary>
    /// <param name="frame">The frame, by its own matrix and range.</param>
    public static Image ToRgb(Frame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        var result = new Image(frame.Width, frame.Height);
        fixed (byte* from = frame.Data, to = result.Pixels)
        {
            NativeMethods.Check(NativeMethods.sd_i420_to_rgb(from, frame.Width, frame.Height, (int)frame.Matrix, frame.FullRange ? 1 : 0, to));
        }
        return result;
    }
}
