namespace SignData.Vision.Tests;

public sealed class VideoTests(Clips clips) : IClassFixture<Clips>
{
    // Frame n is a plain grey of 40 + 6 n, so that its place can be read off its pixels.
    private const string Greys = "-f lavfi -i \"color=gray:s=64x48:r=25:d=1.2,format=gray,geq=lum='40+6*N'\" -pix_fmt yuv420p -color_range tv";

    private static List<(int Position, TimeSpan Time, int Width, int Height, double Mean)> ReadAll(string path)
    {
        var frames = new List<(int, TimeSpan, int, int, double)>();
        foreach (var frame in Video.Frames(path, CancellationToken.None))
        {
            using (frame)
            {
                frames.Add((frame.Position, frame.Time, frame.Width, frame.Height, Thumbnail.Of(frame.Luma, frame.Width, frame.Height).Statistics().Mean));
            }
        }
        return frames;
    }

    [Theory]
    [InlineData("greys.mp4", "-c:v libx264 -bf 2")]
    [InlineData("greys.mkv", "-c:v libx264 -bf 3")]
    [InlineData("greys.avi", "-c:v mpeg4 -q:v 2")]
    [InlineData("greys.webm", "-c:v libvpx -b:v 1M")]
    [InlineData("greys.mov", "-c:v mjpeg -q:v 2 -pix_fmt yuvj420p -color_range pc")]
    [InlineData("prores.mov", "-c:v prores_ks -pix_fmt yuv422p10le")]
    [InlineData("greys.gif", "")]
    public void Every_frame_comes_once_in_order_at_its_time(string name, string codec)
    {
        var frames = ReadAll(clips.Make($"{Greys} {codec} {name}"));
        Assert.Equal(Enumerable.Range(0, 30), frames.Select(frame => frame.Position));
        for (var i = 0; i < 30; i++)
        {
            Assert.Equal(i / 25.0, frames[i].Time.TotalSeconds, 0.0011);
            if (i > 0)
            {
                Assert.InRange(frames[i].Mean - frames[i - 1].Mean, 3, 9);
            }
        }
    }

    [Theory]
    [InlineData("-metadata creation_time=2024-02-03T04:05:06Z -metadata:s:v rotate=90 -c:v libx264 told.mp4")]
    [InlineData("-metadata com.android.manufacturer=Acme -metadata \"com.android.model=One 2\" -movflags use_metadata_tags -c:v libx264 android.mp4")]
    [InlineData("-metadata com.apple.quicktime.make=Pear -metadata com.apple.quicktime.creationdate=2023-01-02T03:04:05+0200 -movflags use_metadata_tags -c:v mpeg4 pear.mov")]
    [InlineData("-c:v libvpx -b:v 1M plain.webm")]
    [InlineData("-f lavfi -i sine=duration=3 -map 1 -map 0 -c:v mpeg4 sound-first.mkv")]
    public void The_frames_tell_of_their_file_what_the_probe_tells(string arguments)
    {
        var path = clips.Make((arguments.StartsWith("-f", StringComparison.Ordinal) ? Greys.Replace("-pix_fmt yuv420p -color_range tv", "", StringComparison.Ordinal) : Greys + " ") + arguments);
        VideoInfo? told = null;
        foreach (var frame in Video.Frames(path, info => told = info, CancellationToken.None))
        {
            frame.Dispose();
        }
        var probed = Video.Probe(path);
        Assert.NotNull(told);
        Assert.Equal(probed.Duration.TotalSeconds, told.Duration.TotalSeconds, 0.011);
        Assert.Equal(probed with { Duration = told.Duration }, told);
    }

    [Fact]
    public void Frames_of_a_phone_that_skips_come_at_the_times_that_the_file_gives()
    {
        // As phones do in bad light: 10 frames at 30 a second, then every third.
        var path = clips.Make("-f lavfi -i \"testsrc2=s=64x48:r=30:d=1,setpts='if(lt(N,10),N,10+(N-10)*3)/30/TB'\" -fps_mode vfr -enc_time_base 1/30 -pix_fmt yuv420p -c:v libx264 vfr.mp4");
        var times = ReadAll(path).Select(frame => Math.Round(frame.Time.TotalSeconds * 30)).ToArray();
        Assert.Equal(Enumerable.Range(0, 30).Select(n => n < 10 ? n : 10.0 + (n - 10) * 3), times);
    }

    [Theory]
    [InlineData(0, 96, 64)]
    [InlineData(90, 64, 96)]
    [InlineData(180, 96, 64)]
    [InlineData(270, 64, 96)]
    public void A_phones_video_is_turned_upright(int turn, int width, int height)
    {
        // A white mark in the stored top left corner.
        clips.Make("-f lavfi -i \"color=black:s=96x64:r=10:d=0.3,drawbox=0:0:32:32:white:fill\" -pix_fmt yuv420p -c:v libx264 mark.mp4");
        var path = clips.Make($"-i mark.mp4 -c copy -metadata:s:v rotate={turn} turned{turn}.mp4");
        var info = Video.Probe(path);
        Assert.Equal((width, height), (info.Width, info.Height));
        foreach (var frame in Video.Frames(path, CancellationToken.None))
        {
            using (frame)
            {
                Assert.Equal((width, height), (frame.Width, frame.Height));
                // Turning clockwise takes the mark from corner to corner clockwise.
                var (right, bottom) = info.Rotation switch { 0 => (false, false), 90 => (true, false), 180 => (true, true), _ => (false, true) };
                foreach (var (x, y) in new[] { (false, false), (true, false), (true, true), (false, true) })
                {
                    var luma = frame.Luma[(y ? height - 10 : 10) * width + (x ? width - 10 : 10)];
                    Assert.Equal((x, y) == (right, bottom), luma > 128);
                }
            }
        }
        Assert.Equal(turn % 180, info.Rotation % 180);
    }

    [Theory]
    [InlineData(-1, 0, 0, 1, true, false)]
    [InlineData(1, 0, 0, -1, false, true)]
    [InlineData(0, 1, 1, 0, false, false)]
    [InlineData(0, -1, -1, 0, true, true)]
    public void A_mirrored_video_is_turned_back(int a, int b, int c, int d, bool right, bool bottom)
    {
        // A white mark in the stored top left corner; the matrix of the track's header (ISO 14496-12, 8.3.2) says where it belongs.
        var bytes = File.ReadAllBytes(clips.Make("-f lavfi -i \"color=black:s=96x64:r=10:d=0.3,drawbox=0:0:32:32:white:fill\" -pix_fmt yuv420p -c:v libx264 plain-mark.mp4"));
        var matrix = bytes.AsSpan().IndexOf("tkhd"u8) + 44;
        foreach (var (index, value) in new[] { (0, a), (1, b), (3, c), (4, d) })
        {
            System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(matrix + (4 * index)), value << 16);
        }
        using var frame = Video.Frames(clips.Put($"mirrored{a}{b}{c}{d}.mp4", bytes), CancellationToken.None).First();
        Assert.Equal(a != 0 ? (96, 64) : (64, 96), (frame.Width, frame.Height));
        foreach (var (x, y) in new[] { (false, false), (true, false), (true, true), (false, true) })
        {
            var luma = frame.Luma[((y ? frame.Height - 10 : 10) * frame.Width) + (x ? frame.Width - 10 : 10)];
            Assert.Equal((x, y) == (right, bottom), luma > 128);
        }
    }

    [Fact]
    public void Interlaced_pictures_lose_their_combs()
    {
        // A bar that moves 6 pixels between the two fields of a frame.
        var path = clips.Make("-f lavfi -i \"color=black:s=320x64:r=50:d=0.8,format=yuv420p,geq=lum='if(between(X,6*N,6*N+40),235,16)':cb=128:cr=128\" -vf interlace=lowpass=off -flags +ilme+ildct -c:v mpeg2video -q:v 2 interlaced.mpg");
        var frames = 0;
        foreach (var frame in Video.Frames(path, CancellationToken.None))
        {
            using (frame)
            {
                frames++;
                var comb = 0L;
                for (var i = 10 * 320; i < 50 * 320; i++)
                {
                    comb += Math.Abs(frame.Luma[i] - frame.Luma[i + 320]);
                }
                // Left as they are, 12 pixels of every row differ from the next by 219.
                Assert.InRange(comb / (40.0 * 320), 0, 2);
            }
        }
        Assert.InRange(frames, 18, 20);
    }

    [Theory]
    [InlineData("smpte2084", 572)]
    [InlineData("arib-std-b67", 721)]
    public void Hdr_white_is_white_and_black_is_black(string transfer, int white)
    {
        // White at 203 candela per square metre (ITU-R BT.2408) on the left, black on the right.
        var path = clips.Make($"-f lavfi -i \"color=black:s=128x64:r=10:d=0.5,format=yuv420p10le,geq=lum='if(lt(X,64),{white},64)':cb=512:cr=512\" -c:v libx265 -x265-params log-level=none -color_primaries bt2020 -color_trc {transfer} -colorspace bt2020nc {transfer}.mp4");
        using var frame = Video.Frames(path, CancellationToken.None).First();
        Assert.Equal((YuvMatrix.Bt709, false), (frame.Matrix, frame.FullRange));
        Assert.InRange(frame.Luma[(32 * 128) + 32], 195, 235);
        Assert.InRange(frame.Luma[(32 * 128) + 96], 14, 20);
        Assert.All(frame.Data[(128 * 64)..].ToArray(), chroma => Assert.InRange(chroma, 125, 131));
    }

    [Fact]
    public void An_odd_size_loses_its_last_row_and_column()
    {
        var path = clips.Make("-f lavfi -i testsrc2=s=65x49:r=10:d=0.3 -c:v libx264 -pix_fmt yuv444p odd.mp4");
        Assert.Equal((64, 48), (Video.Probe(path).Width, Video.Probe(path).Height));
        Assert.All(ReadAll(path), frame => Assert.Equal((64, 48), (frame.Width, frame.Height)));
    }

    [Fact]
    public void Ten_bits_become_eight()
    {
        var path = clips.Make($"{Greys} -pix_fmt yuv420p10le -c:v libx265 -x265-params log-level=none ten.mp4");
        var eight = ReadAll(clips.Make($"{Greys} -c:v libx264 eight.mp4"));
        var ten = ReadAll(path);
        Assert.Equal(30, ten.Count);
        Assert.All(ten.Zip(eight), pair => Assert.InRange(pair.First.Mean - pair.Second.Mean, -2, 2));
    }

    [Theory]
    [InlineData("bt709", "tv", YuvMatrix.Bt709, false)]
    [InlineData("smpte170m", "tv", YuvMatrix.Bt601, false)]
    [InlineData("smpte170m", "pc", YuvMatrix.Bt601, true)]
    [InlineData("bt709", "pc", YuvMatrix.Bt709, true)]
    [InlineData("bt2020nc", "tv", YuvMatrix.Bt2020, false)]
    public void Colours_are_those_that_went_in(string space, string range, YuvMatrix matrix, bool full)
    {
        // Six patches of 32 x 32, raw RGB.
        byte[][] colours = [[255, 0, 0], [0, 128, 0], [0, 0, 255], [224, 160, 128], [0, 0, 0], [255, 255, 255]];
        var raw = new byte[192 * 32 * 3];
        for (var i = 0; i < 192 * 32; i++)
        {
            colours[i % 192 / 32].CopyTo(raw.AsSpan(i * 3));
        }
        clips.Put("colours.rgb", raw);
        var scale = space switch { "smpte170m" => "bt601", "bt2020nc" => "bt2020", _ => space };
        var path = clips.Make($"-f rawvideo -pix_fmt rgb24 -s 192x32 -i colours.rgb -vf \"scale=out_color_matrix={scale}:out_range={range}:flags=accurate_rnd,format=yuv420p\" -colorspace {space} -color_range {range} -c:v libx264 -qp 0 colours.mkv");
        using var frame = Video.Frames(path, CancellationToken.None).First();
        Assert.Equal((matrix, full), (frame.Matrix, frame.FullRange));
        foreach (var image in new[] { Resample.ToRgb(frame), ImageFile.Decode(ImageFile.EncodeJpeg(frame, 95), "frame") })
        {
            for (var patch = 0; patch < colours.Length; patch++)
            {
                var pixel = image.Pixels.AsSpan((16 * 192 + patch * 32 + 16) * 3, 3);
                for (var c = 0; c < 3; c++)
                {
                    Assert.InRange(pixel[c], colours[patch][c] - 4, colours[patch][c] + 4);
                }
            }
        }
    }

    [Fact]
    public void A_stream_that_changes_its_size_keeps_the_first()
    {
        var a = File.ReadAllBytes(clips.Make("-f lavfi -i testsrc2=s=64x48:r=10:d=1 -c:v mpeg2video -f mpegts a.ts"));
        var b = File.ReadAllBytes(clips.Make("-f lavfi -i testsrc2=s=96x80:r=10:d=1 -c:v mpeg2video -f mpegts b.ts"));
        var frames = ReadAll(clips.Put("resize.ts", [.. a, .. b]));
        Assert.InRange(frames.Count, 18, 20);
        Assert.All(frames, frame => Assert.Equal((64, 48), (frame.Width, frame.Height)));
    }

    [Fact]
    public void A_probe_tells_what_the_file_says()
    {
        var path = clips.Make("-f lavfi -i testsrc2=s=64x48:r=24:d=2 -pix_fmt yuv420p -c:v libx264 -movflags use_metadata_tags"
            + " -metadata creation_time=2024-05-06T07:08:09Z -metadata com.android.manufacturer=Acme -metadata \"com.android.model=Phone 3\" tagged.mp4");
        var info = Video.Probe(path);
        Assert.Equal(new VideoInfo(64, 48, 24, TimeSpan.FromSeconds(2), 0, "h264", new DateTimeOffset(2024, 5, 6, 7, 8, 9, TimeSpan.Zero), "Acme Phone 3"), info);
    }

    [Theory]
    [InlineData("-i evil; $(touch gone) %d.mp4")]
    [InlineData("http:x")]
    [InlineData("concat:a|b.mp4")]
    [InlineData("tab\tnewline\nquote'\"é手.mp4")]
    public void Whatever_a_file_is_called_it_is_a_file(string name)
    {
        var good = clips.Make("-f lavfi -i testsrc2=s=64x48:r=10:d=0.5 -pix_fmt yuv420p -c:v libx264 plain.mp4");
        var path = clips.Put(name, File.ReadAllBytes(good));
        Assert.Equal(5, ReadAll(path).Count);
        Assert.Equal(64, Video.Probe(path).Width);
    }

    [Fact]
    public void Several_videos_at_once_come_as_they_do_alone()
    {
        var path = clips.Make("-f lavfi -i testsrc2=s=320x240:r=30:d=2 -pix_fmt yuv420p -c:v libx264 several.mp4");
        var alone = ReadAll(path);
        var together = new List<(int, TimeSpan, int, int, double)>[4];
        Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i => together[i] = ReadAll(path));
        Assert.All(together, frames => Assert.Equal(alone, frames));
    }
}
