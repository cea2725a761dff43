namespace SignData.Vision;

/// <summary>What a video file says of itself.</summary>
/// <param name="Width">Of the frames as <see cref="Video.Frames(string, CancellationToken)"/> gives them: upright, even.</param>
/// <param name="Height">Of the frames as <see cref="Video.Frames(string, CancellationToken)"/> gives them: upright, even.</param>
/// <param name="FramesPerSecond">The average rate; 0 if the file does not tell.</param>
/// <param name="Duration">Zero if the file does not tell.</param>
/// <param name="Rotation">Degrees clockwise that make the stored pictures upright: 0, 90, 180 or 270 from a phone.</param>
/// <param name="Codec">In ffmpeg's words, such as h264.</param>
/// <param name="RecordedAt">When it was recorded, if the file tells.</param>
/// <param name="Device">Maker and model of the camera, if the file tells.</param>
public sealed record VideoInfo(int Width, int Height, double FramesPerSecond, TimeSpan Duration, int Rotation, string Codec, DateTimeOffset? RecordedAt, string? Device);
