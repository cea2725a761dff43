using System.Diagnostics;

namespace SignData.Vision.Tests;

/// <summary>Changes what all share (PATH, the decoder's patience), so it runs alone.</summary>
[CollectionDefinition(nameof(DecoderTests), DisableParallelization = true)]
[Collection(nameof(DecoderTests))]
public sealed class DecoderTests : IDisposable
{
    private readonly Clips clips = new();

    public void Dispose() => clips.Dispose();

    [Fact]
    public void Reading_needs_no_program_on_the_path_and_writing_names_the_way_to_get_it()
    {
        var video = clips.Make("-f lavfi -i testsrc2=s=64x48:r=10:d=0.5 -pix_fmt yuv420p -c:v libx264 plain.mp4");
        var before = Environment.GetEnvironmentVariable("PATH");
        try
        {
            Environment.SetEnvironmentVariable("PATH", clips.Folder);
            Assert.Equal(64, Video.Probe(video).Width);
            Assert.Contains("scripts/bootstrap.sh", Assert.Throws<InputException>(() => new VideoWriter(clips.PathOf("new.mp4"), 64, 48, 25)).Message, StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable("PATH", before);
        }
    }

    [Fact]
    public void A_decoder_that_hangs_is_given_up()
    {
        var path = clips.Make("-f lavfi -i testsrc2=s=320x240:r=30:d=3 -pix_fmt yuv420p -c:v libx264 hangs.mp4");
        var before = Decoder.Patience;
        try
        {
            Decoder.Patience = TimeSpan.FromSeconds(1);
            var frames = 0;
            var error = Assert.Throws<InputException>(() =>
            {
                foreach (var frame in Video.Frames(path, CancellationToken.None))
                {
                    frame.Dispose();
                    if (frames++ == 2)
                    {
                        using var stop = Process.Start("kill", ["-STOP", .. DamagedVideoTests.Readers(path).Select(id => $"{id}")]);
                        stop.WaitForExit();
                    }
                }
            });
            Assert.Contains("no progress", error.Message, StringComparison.Ordinal);
            Assert.InRange(frames, 3, 20);
            Assert.Empty(DamagedVideoTests.Readers(path));
        }
        finally
        {
            Decoder.Patience = before;
        }
    }
}
