using System.Globalization;
using System.Text.Json;
using SignData.Core;

namespace SignData.Vision.Synthesis;

/// <summary>What a run made.</summary>
/// <param name="Clips">Clips that the folder now holds of those asked for.</param>
/// <param name="Frames">Frames in them.</param>
/// <param name="Seconds">Their length together.</param>
/// <param name="Skipped">Clips that were there already.</param>
public sealed record SynthesisSummary(int Clips, int Frames, double Seconds, int Skipped);

/// <summary>A folder of synthetic clips: <c>LETTER/SIGNER_LETTER_NUMBER.mp4</c>, and beside each its truth as JSON.</summary>
public static class SyntheticSet
{
    private const int MaxTruthBytes = 16 << 20;

    /// <summary>Makes the clips that are not there yet. The JSON is written last: a clip without it is made again.</summary>
    /// <param name="folder">Is made if it is missing.</param>
    /// <param name="options">Which clips.</param>
    /// <param name="progress">Told of every clip.</param>
    /// <param name="cancelled">Stops between two frames; whole clips stay.</param>
    /// <exception cref="InputException">The folder cannot be written, or ffmpeg failed.</exception>
    public static SynthesisSummary Make(string folder, SynthesisOptions options, IProgress<Progress>? progress = null, CancellationToken cancelled = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(options);
        if (File.Exists(folder))
        {
            throw new InputException($"'{folder}' is a file; name a folder for the clips.");
        }
        // Letters inside, so that a run that is stopped early has something of every letter.
        List<(Signer Signer, char Letter, int Number)> wanted =
            [.. from number in Enumerable.Range(1, options.Clips) from signer in options.Signers from letter in options.Letters select (signer, letter, number)];
        int done = 0, skipped = 0;
        Lock gate = new();
        void Count(bool made)
        {
            lock (gate)
            {
                skipped += made ? 0 : 1;
                progress?.Report(new Progress("clips", ++done, wanted.Count, ""));
            }
        }
        try
        {
            foreach (char letter in options.Letters)
            {
                Directory.CreateDirectory(Path.Combine(folder, letter.ToString()));
            }
            Parallel.ForEach(wanted, new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancelled }, clip =>
                Count(Make(folder, clip.Signer, clip.Letter, clip.Number, options, cancelled)));
        }
        catch (AggregateException e)
        {
            // What the user can mend comes first; Ctrl-C reaches ffmpeg too, whose end is then no failure.
            cancelled.WaitHandle.WaitOne(200);
            cancelled.ThrowIfCancellationRequested();
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(e.Flatten().InnerExceptions.OfType<InputException>().FirstOrDefault() ?? e.InnerExceptions[0]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"The folder '{folder}' cannot be written: {e.Message}", e);
        }
        int frames = wanted.Count * options.FrameCount;
        return new SynthesisSummary(wanted.Count, frames, frames / options.FramesPerSecond, skipped);
    }

    /// <summary>Makes one clip unless it is there.</summary>
    /// <returns>Whether it was made.</returns>
    private static bool Make(string folder, Signer signer, char letter, int number, SynthesisOptions options, CancellationToken cancelled)
    {
        string stem = Path.Combine(folder, letter.ToString(), string.Create(CultureInfo.InvariantCulture, $"{signer.Name}_{letter}_{number}"));
        string video = stem + ".mp4", truth = stem + ".json";
        if (IsThere(video, truth, number, options))
        {
            return false;
        }
        Clip clip = new(signer, letter, number, options);
        Image picture = new(options.Width, options.Height);
        List<FrameTruth> frames = new(clip.FrameCount);
        try
        {
            File.Delete(truth);
            using (VideoWriter writer = new(video, options.Width, options.Height, options.FramesPerSecond))
            {
                for (int i = 0; i < clip.FrameCount; i++)
                {
                    cancelled.ThrowIfCancellationRequested();
                    frames.Add(clip.Draw(i, picture));
                    writer.Write(picture);
                }
                writer.Finish();
            }
            byte[] json = (clip.Truth with { Frames = frames, VideoBytes = new FileInfo(video).Length }).ToJson();
            File.WriteAllBytes(truth + ".partial", json);
            File.Move(truth + ".partial", truth, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"The clip '{video}' cannot be written: {e.Message}", e);
        }
        return true;
    }

    private static bool IsThere(string video, string truth, int number, SynthesisOptions options)
    {
        FileInfo file = new(video), json = new(truth);
        if (!file.Exists || !json.Exists || json.Length > MaxTruthBytes)
        {
            return false;
        }
        try
        {
            ClipTruth known = ClipTruth.FromJson(File.ReadAllBytes(truth));
            return known.Version == ClipTruth.CurrentVersion && known.Clip == number && known.Seed == options.Seed
                && known.Width == options.Width && known.Height == options.Height && known.Fps == options.FramesPerSecond
                && known.Seconds == options.Seconds && known.Frames.Count == options.FrameCount && known.VideoBytes == file.Length;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
