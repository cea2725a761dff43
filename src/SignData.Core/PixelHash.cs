using System.Numerics;
using System.Runtime.InteropServices;

namespace SignData.Core;

/// <summary>64 bits that tell pictures of the very same pixels from all others, however their files are packed. No defence against a forger.</summary>
public static class PixelHash
{
    // xxHash's primes (Y. Collet): odd, without structure.
    private const ulong Prime1 = 0x9E3779B185EBCA87, Prime2 = 0xC2B2AE3D27D4EB4F;

    /// <summary>The hash of a picture's size and samples.</summary>
    /// <param name="image">A grey one and an RGB one of equal channels differ.</param>
    public static ulong Of(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var words = MemoryMarshal.Cast<byte, ulong>(image.Pixels);
        var (a, b, c, d) = (Prime1, Prime2, ~Prime1, ~Prime2);
        var at = 0;
        for (; at + 4 <= words.Length; at += 4)
        {
            a = Step(a, words[at]);
            b = Step(b, words[at + 1]);
            c = Step(c, words[at + 2]);
            d = Step(d, words[at + 3]);
        }
        for (; at < words.Length; at++)
        {
            a = Step(a, words[at]);
        }
        for (var rest = words.Length * sizeof(ulong); rest < image.Pixels.Length; rest++)
        {
            b = Step(b, image.Pixels[rest]);
        }
        var hash = Step(Step(Step(Step(a, b), c), d), ((ulong)image.Width << 32) | ((ulong)image.Height << 8) | (uint)image.Channels);
        hash = (hash ^ (hash >> 33)) * Prime2;
        return hash ^ (hash >> 29);
    }

    private static ulong Step(ulong state, ulong word) => BitOperations.RotateLeft(state + (word * Prime2), 31) * Prime1;
}
