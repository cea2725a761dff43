namespace SignData.Tools.Tests;

[Collection(nameof(Pipeline))]
public sealed class ResumeTests(Pipeline pipeline)
{
    private static readonly string[] Options = ["--arch", "simple-cnn", "--blocks", "3", "--filters", "8", "--dropout", "0.3", "--size", "32", "--epochs", "60", "--patience", "0", "--batch", "8", "--compute", "fp32", "--threads", "1"];

    [Theory]
    [InlineData("", 3)]
    [InlineData("--ema 0.9 --accumulate 3 --batch 4 --optimizer sgd --learning-rate 0.02 --balanced --mix-style 0.5 --checkpoint-every 25", 2)]
    public void A_run_that_was_killed_and_gone_on_with_ends_in_the_weights_of_an_undisturbed_one(string more, int kills)
    {
        string[] options = more.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string undisturbed = pipeline.New("run"), killed = pipeline.New("run");
        var length = Kills.Length(() => Train(undisturbed, options).Succeeds());
        var random = new Random(7);
        bool wentOn = false;
        for (int kill = 0; kill < Kills.Count(kills); kill++)
        {
            using StartedTool started = pipeline.Start("train", Arguments(killed, [.. options, "--resume"]));
            while (!File.Exists(Path.Combine(killed, "state.safetensors")) && !started.Ended)
            {
                Thread.Sleep(10);
            }
            bool working = Kills.At(started, length * (0.5 * random.NextDouble()));
            foreach (string file in Directory.Exists(killed) ? Directory.GetFiles(killed, "*.safetensors") : [])
            {
                Assert.True(SignData.Torch.StateDict.Read(file).Count > 0, file);
            }
            wentOn |= File.Exists(Path.Combine(killed, "state.safetensors"));
            if (!working)
            {
                Directory.Delete(killed, recursive: true);
            }
        }
        Train(killed, [.. options, "--resume"]).Succeeds();

        Assert.True(wentOn);
        string[] checkpoints = [.. Directory.GetFiles(undisturbed, "*.safetensors").Select(file => Path.GetFileName(file))];
        Assert.Equal(options.Length > 0 ? ["best", "epoch-0025", "epoch-0050", "last"] : ["best", "last"], checkpoints.Select(file => Path.GetFileNameWithoutExtension(file)).Order());
        foreach (string weights in checkpoints)
        {
            Assert.Equal(File.ReadAllBytes(Path.Combine(undisturbed, weights)), File.ReadAllBytes(Path.Combine(killed, weights)));
        }
        Assert.Equal(Figures(undisturbed), Figures(killed));
        Assert.False(File.Exists(Path.Combine(killed, "state.safetensors")));
        Assert.Contains("trained already", Train(killed, [.. options, "--resume"]).Succeeds().Error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_state_of_the_run_is_refused_and_without_a_state_it_begins()
    {
        string run = pipeline.New("run"), state = Path.Combine(run, "state.safetensors");
        using (StartedTool started = pipeline.Start("train", Arguments(run, "--epochs", "4000", "--resume")))
        {
            for (int wait = 0; wait < 600 && !File.Exists(state); wait++)
            {
                Thread.Sleep(100);
            }
            started.Kill();
            started.Wait();
        }
        Assert.True(File.Exists(state));
        Train(run, "--epochs", "4000", "--learning-rate", "0.001", "--resume").FailsInOneLine("other options");

        byte[] sound = File.ReadAllBytes(state);
        File.WriteAllBytes(state, sound[..(sound.Length / 2)]);
        Train(run, "--epochs", "4000", "--resume").FailsInOneLine(state, "leave out --resume");
        File.Copy(Path.Combine(run, "last.safetensors"), state, overwrite: true);
        Train(run, "--epochs", "4000", "--resume").FailsInOneLine(state, "leave out --resume");

        Assert.DoesNotContain("Going on", Train(run, "--epochs", "2").Succeeds().Error, StringComparison.Ordinal);
    }

    private ToolEnd Train(string run, params string[] more) => pipeline.Run("train", Arguments(run, more));

    private string[] Arguments(string run, params string[] more) => [pipeline.Manifest, "-o", run, .. Options.Chunk(2).Where(pair => !more.Contains(pair[0])).SelectMany(pair => pair), .. more];

    /// <summary>The history without what depends on the clock.</summary>
    private static IEnumerable<string> Figures(string run) => File.ReadLines(Path.Combine(run, "history.csv")).Select(line => string.Join(',', line.Split(',').Take(3)));
}
