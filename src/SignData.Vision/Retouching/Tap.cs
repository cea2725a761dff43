using System.Runtime.InteropServices;

namespace SignData.Vision.Retouching;

/// <summary>One weight of a filter.</summary>
/// <param name="X">The neighbour's column, from the pixel's own.</param>
/// <param name="Y">The neighbour's row, from the pixel's own.</param>
/// <param name="Weight">How much of it is taken.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct Tap(int X, int Y, float Weight);
