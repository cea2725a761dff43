using System.Text.Json;

namespace SignData.Vision.Synthesis;

/// <summary>What is true of a synthetic clip; it lies beside the clip as JSON in snake_case.</summary>
public sealed record ClipTruth
{
    /// <summary>Grows when the same seed no longer gives the same pictures.</summary>
    public const int CurrentVersion = 2;

    private static readonly JsonSerializerOptions Format = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Of the drawing program; see <see cref="CurrentVersion"/>.</summary>
    public required int Version { get; init; }

    /// <summary>Who signs.</summary>
    public required string Signer { get; init; }

    /// <summary>The occasion: one kind of place, one kind of light, one sleeve.</summary>
    public required string Session { get; init; }

    /// <summary>The name of the light.</summary>
    public required string Lighting { get; init; }

    /// <summary>What filmed.</summary>
    public required string Device { get; init; }

    /// <summary>What is signed.</summary>
    public required string Letter { get; init; }

    /// <summary>Which of the clips of this signer and letter, from 1.</summary>
    public required int Clip { get; init; }

    /// <summary>Where all choices come from.</summary>
    public required ulong Seed { get; init; }

    /// <summary>In pixels.</summary>
    public required int Width { get; init; }

    /// <summary>In pixels.</summary>
    public required int Height { get; init; }

    /// <summary>Frames per second.</summary>
    public required double Fps { get; init; }

    /// <summary>How long the clip was asked to be.</summary>
    public required double Seconds { get; init; }

    /// <summary>What kind of place is behind the hand.</summary>
    public required string Background { get; init; }

    /// <summary>Monk Skin Tone, 1 to 10.</summary>
    public required int SkinTone { get; init; }

    /// <summary>Whether the left hand signs.</summary>
    public required bool LeftHanded { get; init; }

    /// <summary>The size of the video beside it, by which a video that was cut is known; 0 before it is written.</summary>
    public long VideoBytes { get; init; }

    /// <summary>Every frame in order.</summary>
    public IReadOnlyList<FrameTruth> Frames { get; init; } = [];

    /// <summary>As JSON in UTF-8.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Format);

    /// <summary>Reads the JSON that lies beside a clip.</summary>
    /// <param name="json">UTF-8.</param>
    /// <exception cref="JsonException">It is no such JSON.</exception>
    public static ClipTruth FromJson(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize<ClipTruth>(json, Format) ?? throw new JsonException("There is nothing in it.");
}

/// <summary>What is true of one frame, at the middle of its exposure.</summary>
/// <param name="Frame">From 0.</param>
/// <param name="Time">The presentation time in seconds.</param>
/// <param name="Phase">rise, hold, move, still or fall.</param>
/// <param name="X">The hand's middle in pixels.</param>
/// <param name="Y">The hand's middle in pixels, from the top.</param>
/// <param name="Scale">Pixels per centimetre.</param>
/// <param name="Yaw">Degrees, beyond how the letter is shown anyway.</param>
/// <param name="Pitch">Degrees.</param>
/// <param name="Roll">Degrees, counter-clockwise.</param>
/// <param name="Blur">The way of the hand's middle through the picture while the shutter is open, in pixels.</param>
/// <param name="Box">Left, top, width and height in pixels of the visible hand without the forearm; zeros where it is out of the picture.</param>
public sealed record FrameTruth(
    int Frame, double Time, string Phase, double X, double Y, double Scale, double Yaw, double Pitch, double Roll, double Blur, int[] Box);
