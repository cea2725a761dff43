namespace SignData.Tools.Tests;

[Collection(nameof(Pipeline))]
public sealed class FrameCacheTests(Pipeline pipeline)
{
    private static readonly string[] Options = ["--arch", "simple-cnn", "--blocks", "3", "--filters", "8", "--size", "96", "--epochs", "2", "--batch", "8", "--compute", "fp32", "--threads", "1", "--augment", "light"];

    [Fact]
    public void Killed_runs_leave_frames_that_the_next_ones_go_on_with_to_the_same_weights()
    {
        string dataset = Copied(), plain = Train(dataset, "--cache-mb", "0");
        Assert.False(Directory.Exists(Packs(dataset)));
        var length = Kills.Length(() => Train(Copied()));
        var random = new Random(3);
        for (int kill = 0; kill < Kills.Count(2); kill++)
        {
            using StartedTool started = pipeline.Start("train", [dataset, "-o", pipeline.New("run"), .. Options]);
            Kills.At(started, length * (0.5 + (0.4 * random.NextDouble())));
        }
        Assert.Equal(Weights(plain), Weights(Train(dataset)));
        // Whatever is cut short is noticed.
        string pack = Directory.GetFiles(Packs(dataset), "120-*.pack").Single();
        using (FileStream file = File.OpenWrite(pack))
        {
            file.SetLength(file.Length / 2);
        }
        string again = pipeline.New("run");
        ToolEnd mended = pipeline.Run("train", [dataset, "-o", again, .. Options]);
        Assert.Contains("is damaged", mended.Succeeds().Error, StringComparison.Ordinal);
        Assert.Equal(Weights(plain), Weights(again));
    }

    [SmallDiskFact]
    public void On_a_full_disk_training_goes_on()
    {
        string dataset = Copied();
        using SmallDisk disk = new(Packs(dataset), "400k");
        string run = pipeline.New("run");
        Assert.Contains("kept in memory", pipeline.Run("train", [dataset, "-o", run, .. Options]).Succeeds().Error, StringComparison.Ordinal);
        Assert.Equal(Weights(Train(dataset, "--cache-mb", "0")), Weights(run));
    }

    private static string Packs(string manifest) => Path.Combine(Path.GetDirectoryName(manifest)!, ".signdata-frames");

    private static byte[] Weights(string run) => File.ReadAllBytes(Path.Combine(run, "last.safetensors"))[^4096..];

    private string Copied()
    {
        string frames = pipeline.New("frames"), manifest = Path.Combine(frames, "manifest.db");
        pipeline.Run("cull", pipeline.Frames, "-o", manifest, "--copy", "--valid-signer", "s2", "--test-signer", "s3").Succeeds();
        return manifest;
    }

    private string Train(string manifest, params string[] more)
    {
        string run = pipeline.New("run");
        ToolEnd end = pipeline.Run("train", [manifest, "-o", run, .. Options, .. more]).Succeeds();
        Assert.DoesNotContain("damaged", end.Error, StringComparison.Ordinal);
        return run;
    }
}
