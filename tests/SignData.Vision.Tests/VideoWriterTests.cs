namespace SignData.Vision.Tests;

public sealed class VideoWriterTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("video-writer-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_finished_video_has_the_pictures_that_were_written()
    {
        string path = Path.Combine(folder, "grey levels.mp4");
        Write(path, 10);
        VideoInfo info = Video.Probe(path);
        Assert.Equal((64, 48), (info.Width, info.Height));
        Assert.Equal(25, info.FramesPerSecond, 3);
        int count = 0;
        foreach (Frame frame in Video.Frames(path, CancellationToken.None))
        {
            using (frame)
            {
                // Grey of 8-bit full range in limited range.
                Assert.Equal(16 + (Grey(count) * 219 / 255.0), frame.Luma[(24 * 64) + 32], 2.0);
                Assert.Equal(count / 25.0, frame.Time.TotalSeconds, 3);
                count++;
            }
        }
        Assert.Equal(10, count);
    }

    [Fact]
    public void The_same_pictures_give_the_same_bytes()
    {
        Write(Path.Combine(folder, "a.mp4"), 6);
        Write(Path.Combine(folder, "b.mp4"), 6);
        Assert.Equal(File.ReadAllBytes(Path.Combine(folder, "a.mp4")), File.ReadAllBytes(Path.Combine(folder, "b.mp4")));
    }

    [Fact]
    public void A_video_appears_when_it_is_finished_and_leaves_nothing_when_it_is_not()
    {
        string path = Path.Combine(folder, "half.mp4");
        using (VideoWriter writer = new(path, 64, 48, 25))
        {
            writer.Write(Picture(0));
            Assert.False(File.Exists(path));
        }
        Assert.Empty(Directory.GetFiles(folder));
    }

    [Fact]
    public void A_folder_that_is_missing_is_refused_with_its_path()
    {
        string path = Path.Combine(folder, "missing", "a.mp4");
        Assert.Contains(path, Assert.Throws<InputException>(() => Write(path, 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_ffmpeg_cannot_write_is_refused_with_what_it_said()
    {
        // Nobody can make a file there, but whether one exists can be asked.
        InputException refused = Assert.Throws<InputException>(() => Write("/proc/self/a.mp4", 200));
        Assert.Contains("'/proc/self/a.mp4'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("No such file or directory", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public void Odd_sizes_and_pictures_of_another_size_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new VideoWriter(Path.Combine(folder, "odd.mp4"), 63, 48, 25));
        using VideoWriter writer = new(Path.Combine(folder, "a.mp4"), 64, 48, 25);
        Assert.Throws<ArgumentException>(() => writer.Write(new Image(64, 46)));
    }

    private static void Write(string path, int frames)
    {
        using VideoWriter writer = new(path, 64, 48, 25);
        for (int i = 0; i < frames; i++)
        {
            writer.Write(Picture(i));
        }
        writer.Finish();
    }

    private static byte Grey(int index) => (byte)(20 + (20 * index % 200));

    private static Image Picture(int index)
    {
        Image picture = new(64, 48);
        Array.Fill(picture.Pixels, Grey(index));
        return picture;
    }
}
