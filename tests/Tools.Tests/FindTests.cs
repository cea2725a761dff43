using System.Globalization;
using System.Text.Json;
using SignData.Dataset;

namespace SignData.Tools.Tests;

/// <summary>Runs that learn where the hand is, and recognition that looks there.</summary>
[Collection(nameof(Pipeline))]
public sealed class FindTests(Pipeline pipeline)
{
    private static readonly string[] Options =
        ["--arch", "simple-cnn", "--blocks", "4", "--filters", "12", "--size", "48", "--epochs", "25", "--patience", "0", "--batch", "8", "--augment", "light", "--box-weight", "3", "--learning-rate", "0.002", "--compute", "fp32", "--threads", "1"];

    [Fact]
    public void A_run_that_learns_boxes_finds_the_hand_of_another_signer_and_is_judged_where_it_is()
    {
        string run = pipeline.New("run"), report = run + "/report.html";
        ToolEnd trained = pipeline.Run("train", [pipeline.Manifest, "-o", run, "--json", .. Options]).Succeeds();
        string[] lines = File.ReadAllLines(Path.Combine(run, "history.csv"));
        Assert.EndsWith(",box_overlap", lines[0], StringComparison.Ordinal);
        double Overlap(string line) => double.Parse(line.Split(',')[^1], CultureInfo.InvariantCulture);
        Assert.InRange(Overlap(lines[^1]), 0.5, 1);
        Assert.True(Overlap(lines[^1]) > Overlap(lines[1]), $"{lines[1]} {lines[^1]}");
        Assert.InRange(trained.Json.GetProperty("best").GetProperty("box_overlap").GetDouble(), 0.3, 1);

        ToolEnd judged = pipeline.Run("eval", run, pipeline.Manifest, "--json", "-o", report).Succeeds();
        Assert.Equal("hand", judged.Json.GetProperty("looks").GetString());
        using (Manifest manifest = Manifest.Open(pipeline.Manifest))
        {
            Assert.All(manifest.Predictions("run").Where(p => p.Box is not null), p => Assert.InRange(p.Box!.Value.Side, 0.005f, 1));
            Assert.Contains(manifest.Predictions("run"), p => p.Box is not null);
        }
        Assert.Contains("framed where the hand was found", File.ReadAllText(report), StringComparison.Ordinal);

        Assert.Equal("one", pipeline.Run("eval", run, pipeline.Manifest, "--looks", "one", "--json", "-o", report).Succeeds().Json.GetProperty("looks").GetString());
    }

    [Fact]
    public void The_best_recipe_trains_both_networks_and_its_run_is_judged_at_the_hand()
    {
        string run = pipeline.New("run"), recipe = Path.Combine(Executable.Root, "recipes", "best.yaml");
        pipeline.Run("train", pipeline.Manifest, "-o", run, "--recipe", recipe, "--size", "32", "--start-size", "0", "--epochs", "2", "--reader-epochs", "2", "--batch", "16", "--compute", "fp32").Succeeds();
        Assert.True(File.Exists(Path.Combine(run, "finder", "best.safetensors")));
        JsonElement judged = pipeline.Run("eval", run, pipeline.Manifest, "--json", "-o", run + "/report.html").Succeeds().Json;
        Assert.Equal("hand", judged.GetProperty("looks").GetString());
        Assert.InRange(judged.GetProperty("accuracy").GetDouble(), 0, 1);
    }

    [Fact]
    public void A_run_of_two_networks_that_was_killed_in_either_ends_in_the_weights_of_an_undisturbed_one()
    {
        string undisturbed = pipeline.New("run"), killed = pipeline.New("run");
        string[] files = ["finder/best.safetensors", "finder/last.safetensors", "best.safetensors", "last.safetensors"];
        ToolEnd Train(string run, params string[] more) => pipeline.Run("train", Two(run, more)).Succeeds();
        ToolEnd whole = Train(undisturbed, "--json");
        foreach (string state in (string[])["finder/state.safetensors", "state.safetensors"])
        {
            using StartedTool started = pipeline.Start("train", Two(killed, "--resume"));
            for (int wait = 0; wait < 3000 && !File.Exists(Path.Combine(killed, state)) && !started.Ended; wait++)
            {
                Thread.Sleep(10);
            }
            started.Kill();
            started.Wait();
        }
        Train(killed, "--resume");

        Assert.All(files, file => Assert.Equal(File.ReadAllBytes(Path.Combine(undisturbed, file)), File.ReadAllBytes(Path.Combine(killed, file))));
        Assert.Empty(Directory.GetFiles(killed, "state*", SearchOption.AllDirectories));
        Assert.Equal(40, whole.Json.GetProperty("epochs").GetInt32());
        double Seconds(string folder) => JsonDocument.Parse(File.ReadAllText(Path.Combine(undisturbed, folder, "summary.json"))).RootElement.GetProperty("seconds").GetDouble();
        Assert.Equal(whole.Json.GetProperty("seconds").GetDouble(), Seconds("."));
        Assert.InRange(Seconds("finder"), 0.1, Seconds(".") - 0.1);
        Assert.Equal("hand", pipeline.Run("eval", undisturbed, pipeline.Manifest, "--json", "-o", undisturbed + "/report.html").Succeeds().Json.GetProperty("looks").GetString());
        Assert.Contains("trained already", Train(killed).Error, StringComparison.Ordinal);

        // Another finder needs another reader.
        Train(killed, "--box-weight", "2");
        Assert.NotEqual(File.ReadAllBytes(Path.Combine(undisturbed, files[2])), File.ReadAllBytes(Path.Combine(killed, files[2])));
        Directory.Delete(Path.Combine(killed, "finder"), recursive: true);
        pipeline.Run("eval", killed, pipeline.Manifest).FailsInOneLine("finder");
    }

    private string[] Two(string run, params string[] more)
    {
        string[] options =
        [
            "--arch", "simple-cnn", "--blocks", "3", "--filters", "8", "--size", "32", "--epochs", "40", "--reader-epochs", "40", "--patience", "0", "--batch", "8", "--augment", "light",
            "--box-weight", "3", "--compute", "fp32", "--threads", "1",
        ];
        return [pipeline.Manifest, "-o", run, .. options.Chunk(2).Where(pair => !more.Contains(pair[0])).SelectMany(pair => pair), .. more];
    }

    [Fact]
    public void A_run_without_boxes_is_judged_by_several_looks_and_cannot_look_at_the_hand()
    {
        Assert.Equal("several", pipeline.Run("eval", pipeline.Trained, pipeline.Manifest, "--json", "-o", pipeline.New("report.html")).Succeeds().Json.GetProperty("looks").GetString());
        pipeline.Run("eval", pipeline.Trained, pipeline.Manifest, "--looks", "hand").FailsInOneLine("--box-weight");
        pipeline.Run("train", pipeline.Manifest, "-o", pipeline.New("run"), "--box-weight", "-1").FailsInOneLine("--box-weight");
        pipeline.Run("train", pipeline.Manifest, "-o", pipeline.New("run"), "--reader-epochs", "3").FailsInOneLine("--reader-epochs", "--box-weight");
    }
}
