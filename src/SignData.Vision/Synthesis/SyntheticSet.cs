using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using SignData.Core;

namespace SignData.Vision.Synthesis;

/// <summary>What a run made.</summary>
/// <param name="Clips">Clips that the folder now holds of those asked for.</param>
/// <param name="Frames">Frames in them.</param>
/// <param name="Seconds">Their length together.</param>
/// <param name="Skipped">Clips that were there already.</param>
public sealed record SynthesisSummary(int Clips, int Frames, double Seconds, int Skipped);

/// <summary>What a run of stills made.</summary>
/// <param name="Stills">Pictures in the folder's table.</param>
/// <param name="Table">The table.</param>
public sealed record StillsSummary(int Stills, string Table);

/// <summary>
/// A folder of synthetic clips: <c>LETTER/SIGNER_LETTER_NUMBER.mp4</c>, and beside each its truth as JSON; or of stills:
/// <c>LETTER/SIGNER_LETTER_NUMBER_STILL.jpg</c>, and <c>stills.csv</c>, which says who signs what in each.
/// </summary>
public static class SyntheticSet
{
    private const int MaxTruthBytes = 16 << 20, StillQuality = 92;

    /// <summary>Makes the clips that are not there yet. The JSON is written last: a clip without it is made again.</summary>
    /// <param name="folder">Is made if it is missing.</param>
    /// <param name="options">Which clips.</param>
    /// <param name="progress">Told of every clip.</param>
    /// <param name="cancelled">Stops between two frames; whole clips stay.</param>
    /// <exception cref="InputException">The folder cannot be written, or ffmpeg failed.</exception>
    public static SynthesisSummary Make(string folder, SynthesisOptions options, IProgress<Progress>? progress = null, CancellationToken cancelled = default)
    {
        int skipped = 0;
        int clips = Each(folder, options, (signer, letter, number) =>
        {
            if (!Make(folder, signer, letter, number, options, cancelled))
            {
                Interlocked.Increment(ref skipped);
            }
        }, progress, cancelled);
        int frames = clips * options.FrameCount;
        return new SynthesisSummary(clips, frames, frames / options.FramesPerSecond, skipped);
    }

    /// <summary>Draws stills of hands at rest, and writes the table of all of them last: path, label, signer, session and lighting, as cull takes it.</summary>
    /// <param name="folder">Is made if it is missing; pictures of the same names are replaced.</param>
    /// <param name="options">Of which clips; their length and rate do not matter.</param>
    /// <param name="stills">Of each clip, from its holds in chance order, 1 to <see cref="Clip.Holds"/>.</param>
    /// <param name="progress">Told of every clip.</param>
    /// <param name="cancelled">Stops between two clips.</param>
    /// <exception cref="InputException">The folder cannot be written.</exception>
    public static StillsSummary MakeStills(string folder, SynthesisOptions options, int stills, IProgress<Progress>? progress = null, CancellationToken cancelled = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(stills, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(stills, Clip.Holds);
        ConcurrentBag<string> lines = [];
        string table = Path.Combine(folder, "stills.csv");
        // A table of before would name pictures of now.
        Changing(table, () =>
        {
            if (File.Exists(table))
            {
                File.Delete(table);
            }
        });
        SynthesisOptions timed = options with { Seconds = new SynthesisOptions().Seconds, FramesPerSecond = new SynthesisOptions().FramesPerSecond };
        Each(folder, options, (signer, letter, number) =>
        {
            Clip clip = new(signer, letter, number, timed);
            Image picture = new(options.Width, options.Height);
            foreach ((int i, int frame) in clip.Rests().Take(stills).Index())
            {
                clip.Draw(frame, picture);
                string name = string.Create(CultureInfo.InvariantCulture, $"{letter}/{signer.Name}_{letter}_{number}_{i + 1}.jpg");
                WriteWhole(Path.Combine(folder, name), ImageFile.EncodeJpeg(picture, StillQuality));
                lines.Add($"{name},{letter},{signer.Name},{clip.Truth.Session},{clip.Truth.Lighting}\n");
            }
        }, progress, cancelled);
        WriteWhole(table, Encoding.UTF8.GetBytes("path,label,signer,session,lighting\n" + string.Concat(lines.Order(StringComparer.Ordinal))));
        return new StillsSummary(lines.Count, table);
    }

    /// <summary>Does something for each clip that is wanted, several at once.</summary>
    /// <returns>How many there are.</returns>
    private static int Each(string folder, SynthesisOptions options, Action<Signer, char, int> make, IProgress<Progress>? progress, CancellationToken cancelled)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(options);
        if (File.Exists(folder))
        {
            throw new InputException($"'{folder}' is a file; name a folder for what is made.");
        }
        // Letters inside, so that a run that is stopped early has something of every letter.
        List<(Signer Signer, char Letter, int Number)> wanted =
            [.. from number in Enumerable.Range(1, options.Clips) from signer in options.Signers from letter in options.Letters select (signer, letter, number)];
        int done = 0;
        Lock gate = new();
        try
        {
            foreach (char letter in options.Letters)
            {
                Directory.CreateDirectory(Path.Combine(folder, letter.ToString()));
            }
            Parallel.ForEach(wanted, new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancelled }, clip =>
            {
                make(clip.Signer, clip.Letter, clip.Number);
                lock (gate)
                {
                    progress?.Report(new Progress("clips", ++done, wanted.Count, ""));
                }
            });
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
        return wanted.Count;
    }

    private static void WriteWhole(string path, byte[] content) => Changing(path, () =>
    {
        File.WriteAllBytes(path + ".partial", content);
        File.Move(path + ".partial", path, overwrite: true);
    });

    private static void Changing(string path, Action change)
    {
        try
        {
            change();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"'{path}' cannot be written: {e.Message}", e);
        }
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
            WriteWhole(truth, (clip.Truth with { Frames = frames, VideoBytes = new FileInfo(video).Length }).ToJson());
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
