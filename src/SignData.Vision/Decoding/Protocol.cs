using System.Runtime.InteropServices;

namespace SignData.Vision;

/// <summary>What is asked of the decoding child; src/native/decode/protocol.h is the other half.</summary>
internal enum RequestKind
{
    Open = 1,
    Release = 2,
    More = 3,
    Stop = 4,
}

/// <summary>What the decoding child answers.</summary>
internal enum AnswerKind
{
    Ready = 0,
    Opened = 1,
    Frame = 2,
    Ended = 3,
}

/// <summary>One answer; <see cref="Text"/> bytes follow it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct Answer
{
    public readonly AnswerKind Kind;
    public readonly int Text;
    public readonly int Handle, Position;
    public readonly int Width, Height;
    public readonly int Stride, ChromaStride;
    public readonly int Matrix, Full;
    public readonly int Rotation, RateNumerator, RateDenominator;
    private readonly int reserved;
    public readonly long Nanoseconds;
    public readonly long Luma, U, V;
}
