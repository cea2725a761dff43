using System.Diagnostics;

namespace SignData.Vision.Tests;

public sealed class DamagedVideoTests(Clips clips) : IClassFixture<Clips>
{
    private string Good(string name, string options = "") =>
        clips.Make($"-f lavfi -i testsrc2=s=320x240:r=30:d=3 -f lavfi -i sine=d=3 -pix_fmt yuv420p -c:v libx264 -g 15 {options} {name}");

    // Every frame's pixels by its position, and how it ended.
    private static (Dictionary<int, byte[]> Frames, InputException? Error) Read(string path)
    {
        var frames = new Dictionary<int, byte[]>();
        try
        {
            foreach (var frame in Video.Frames(path, CancellationToken.None))
            {
                using (frame)
                {
                    frames.Add(frame.Position, frame.Data.ToArray());
                }
            }
            return (frames, null);
        }
        catch (InputException e)
        {
            return (frames, e);
        }
    }

    private static void IsClear(InputException? error, string path)
    {
        Assert.NotNull(error);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Theory]
    [InlineData("whole.mp4", "-movflags faststart")]
    [InlineData("whole.mkv", "")]
    [InlineData("whole.avi", "")]
    public void A_video_cut_in_half_gives_its_good_frames_and_then_says_so(string name, string options)
    {
        var whole = Good(name, options);
        var cut = clips.Cut(whole, $"cut-{name}", 0.5);
        var expected = Read(whole);
        Assert.Null(expected.Error);
        Assert.Equal(90, expected.Frames.Count);
        var (frames, error) = Read(cut);
        Assert.InRange(frames.Count, 20, 75);
        Assert.All(frames, frame => Assert.Equal(expected.Frames[frame.Key], frame.Value));
        IsClear(error, cut);
        Assert.Contains($"{frames.Count} frames are good", error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damage_in_the_middle_costs_the_frames_up_to_the_next_key_frame_and_no_other()
    {
        var whole = Good("middle.mp4", "-movflags faststart");
        var bytes = File.ReadAllBytes(whole);
        new Random(1).NextBytes(bytes.AsSpan(bytes.Length / 2, 400));
        var damaged = clips.Put("damaged.mp4", bytes);
        var expected = Read(whole).Frames;
        var (frames, error) = Read(damaged);
        Assert.InRange(frames.Count, 60, 89);
        Assert.Contains(89, frames.Keys);
        Assert.All(frames, frame => Assert.Equal(expected[frame.Key], frame.Value));
        IsClear(error, damaged);
    }

    [Fact]
    public void What_is_no_video_is_refused_in_one_line()
    {
        var whole = Good("refused.mp4");
        var random = new byte[50_000];
        new Random(1).NextBytes(random);
        string[] paths =
        [
            clips.Cut(whole, "moovless.mp4", 0.5),
            clips.Put("text.mp4", "These are the minutes of the meeting.\n"u8),
            clips.Put("empty.mp4", []),
            clips.Put("random.mp4", random),
            clips.Put("header.mp4", File.ReadAllBytes(whole).AsSpan(0, 40)),
            clips.Make("-i refused.mp4 -vn -c copy sound.mp4"),
            clips.PathOf("missing.mp4"),
            clips.Folder,
        ];
        foreach (var path in paths)
        {
            var (frames, error) = Read(path);
            Assert.Empty(frames);
            IsClear(error, path);
            IsClear(Assert.Throws<InputException>(() => Video.Probe(path)), path);
        }
        Assert.Contains("only sound", Read(clips.PathOf("sound.mp4")).Error!.Message, StringComparison.Ordinal);
        Assert.Contains("does not exist", Read(clips.PathOf("missing.mp4")).Error!.Message, StringComparison.Ordinal);
        Assert.Contains("is empty", Read(clips.PathOf("empty.mp4")).Error!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("list.mp4", "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\ninner.ts\n#EXT-X-ENDLIST\n")]
    [InlineData("concat.mp4", "ffconcat version 1.0\nfile inner.ts\n")]
    public void A_playlist_that_poses_as_a_video_is_not_followed(string name, string content)
    {
        Good("inner.ts");
        var path = clips.Put(name, System.Text.Encoding.UTF8.GetBytes(content));
        var (frames, error) = Read(path);
        Assert.Empty(frames);
        IsClear(error, path);
    }

    [Fact]
    public void Stopping_early_lets_go_of_the_file()
    {
        var path = Good("early.mp4");
        foreach (var frame in Video.Frames(path, CancellationToken.None))
        {
            frame.Dispose();
            Assert.NotEmpty(Readers(path));
            break;
        }
        Assert.Empty(Readers(path));
    }

    [Fact]
    public void Cancelling_ends_the_enumeration_and_lets_go_of_the_file()
    {
        var path = Good("cancelled.mp4");
        using var source = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() =>
        {
            foreach (var frame in Video.Frames(path, source.Token))
            {
                frame.Dispose();
                if (frame.Position == 3)
                {
                    source.Cancel();
                }
                Assert.InRange(frame.Position, 0, 60);
            }
        });
        Assert.Empty(Readers(path));
    }

    [Fact]
    public void A_decoder_that_dies_is_an_error_after_the_frames_it_gave()
    {
        var path = Good("killed.mp4", "-s 1280x720");
        var frames = 0;
        var error = Assert.Throws<InputException>(() =>
        {
            foreach (var frame in Video.Frames(path, CancellationToken.None))
            {
                frame.Dispose();
                if (frames++ == 2)
                {
                    Assert.All(Readers(path), id => Process.GetProcessById(id).Kill());
                }
            }
        });
        Assert.InRange(frames, 3, 20);
        IsClear(error, path);
    }

    [Fact]
    public void After_a_decoder_died_the_next_video_gets_another()
    {
        var path = Good("again.mp4");
        Assert.Throws<InputException>(() =>
        {
            foreach (var frame in Video.Frames(path, CancellationToken.None))
            {
                frame.Dispose();
                Assert.All(Readers(path), id => Process.GetProcessById(id).Kill());
            }
        });
        Assert.Equal(90, Read(path).Frames.Count);
    }

    [Fact]
    public void A_frame_that_is_kept_stays_as_it_was_while_other_videos_are_read()
    {
        var path = Good("kept.mp4");
        var expected = Read(path).Frames;
        var kept = new List<Frame>();
        foreach (var frame in Video.Frames(path, CancellationToken.None))
        {
            kept.Add(frame);
        }
        Assert.Equal(90, Read(Good("other.mp4", "-vf negate")).Frames.Count);
        Assert.All(kept, frame => Assert.Equal(expected[frame.Position], frame.Data.ToArray()));
        kept.ForEach(frame => frame.Dispose());
    }

    /// <summary>The processes, but this, that have a file open.</summary>
    internal static List<int> Readers(string path)
    {
        var readers = new List<int>();
        foreach (var process in Directory.GetDirectories("/proc").Where(name => int.TryParse(Path.GetFileName(name), out var id) && id != Environment.ProcessId))
        {
            try
            {
                if (Directory.GetFiles(Path.Combine(process, "fd")).Any(file => File.ResolveLinkTarget(file, false)?.FullName == path))
                {
                    readers.Add(int.Parse(Path.GetFileName(process), System.Globalization.CultureInfo.InvariantCulture));
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It ended meanwhile, or is another user's.
            }
        }
        return readers;
    }
}
