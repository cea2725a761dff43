using SignData.Dataset;

namespace SignData.Capture;

/// <summary>What the signer is told beside the counts.</summary>
internal static class Advice
{
    /// <summary>A line, and whether it is a failure; null when all is well.</summary>
    public static (string Text, bool Failed)? Of(Recorder recorder) =>
        recorder.Failure is { } failure ? ("Recording has stopped: " + failure.Message, true)
        : recorder.LastLabel is { } label && recorder.Coach.IsMonotonous(label) ? ($"The last bursts of {label} look alike: move, turn, change the light.", false)
        : null;
}
