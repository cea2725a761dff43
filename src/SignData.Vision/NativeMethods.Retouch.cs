using System.Runtime.InteropServices;

namespace SignData.Vision;

/// <content>Pictures varied in place: src/native/vision/augment.</content>
internal static unsafe partial class NativeMethods
{
    [LibraryImport(Library)]
    public static partial int sd_warp(byte* from, int width, int height, int channels, float* xs, float* ys, int across, int down, int spacing, int border, float* matrix, byte* to, int toWidth, int toHeight);

    [LibraryImport(Library)]
    public static partial int sd_matrix(byte* from, byte* to, long pixels, float* matrix);

    [LibraryImport(Library)]
    public static partial int sd_table(byte* from, byte* to, long pixels, byte* tables);

    [LibraryImport(Library)]
    public static partial int sd_gain(byte* rgb, int width, int height, float* gains, int rows, int spacing);

    [LibraryImport(Library)]
    public static partial int sd_taps(byte* rgb, int width, int height, Retouching.Tap* taps, int count, int reach);

    [LibraryImport(Library)]
    public static partial int sd_noise(byte* rgb, long pixels, float shot, float read, float colour, uint seed);

    [LibraryImport(Library)]
    public static partial int sd_blend(byte* rgb, byte* other, byte* mask, long pixels);

    [LibraryImport(Library)]
    public static partial int sd_mix(byte* rgb, byte* other, long samples, float share);

    [LibraryImport(Library)]
    public static partial int sd_finger(byte* rgb, int width, int height, Retouching.Bone* bones, int count, Retouching.Skin* skin, uint seed);

    [LibraryImport(Library)]
    public static partial int sd_equalize(byte* rgb, int width, int height);

    [LibraryImport(Library)]
    public static partial int sd_clahe(byte* rgb, int width, int height, float clip, int tiles);

    [LibraryImport(Library)]
    public static partial int sd_jpeg_artefacts(byte* rgb, int width, int height, int quality);

    [LibraryImport(Library)]
    public static partial int sd_hand_mask(byte* rgb, int width, int height, byte* mask, out float confidence);
}
