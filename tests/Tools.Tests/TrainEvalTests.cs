using System.Text;
using System.Text.Json;

namespace SignData.Tools.Tests;

[Collection(nameof(Pipeline))]
public sealed class TrainEvalTests(Pipeline pipeline)
{
    private string Checkpoint => Path.Combine(pipeline.Trained, "best.safetensors");

    [Fact]
    public void A_run_holds_all_that_is_needed_to_use_it()
    {
        Assert.All(["best.safetensors", "last.safetensors", "options.json", "history.csv", "summary.json"], f => Assert.True(File.Exists(Path.Combine(pipeline.Trained, f)), f));
        Assert.Empty(Directory.GetFiles(pipeline.Trained, "*.part"));
        Assert.Equal(26, File.ReadAllLines(Path.Combine(pipeline.Trained, "history.csv")).Length);
        string header = Encoding.UTF8.GetString(File.ReadAllBytes(Checkpoint).AsSpan(8, 4096));
        Assert.Contains("simple-cnn", header, StringComparison.Ordinal);
    }

    [Fact]
    public void A_finished_run_is_not_trained_again_but_one_with_other_options_is()
    {
        DateTime before = File.GetLastWriteTimeUtc(Checkpoint);
        ToolEnd again = pipeline.Run("train", [pipeline.Manifest, "-o", pipeline.Trained, "--json", .. Pipeline.TrainOptions]);
        Assert.Equal(0, again.Code);
        Assert.Equal(before, File.GetLastWriteTimeUtc(Checkpoint));
        Assert.Equal(25, again.Json.GetProperty("epochs").GetInt32());

        string other = pipeline.New("run");
        ToolEnd json = pipeline.Run("train", [pipeline.Manifest, "-o", other, "--json", .. Pipeline.TrainOptions, "--seed", "2", "--epochs", "1"]);
        Assert.Equal(2, json.Code); // the same option twice
        json = pipeline.Run("train", pipeline.Manifest, "-o", other, "--json", "--arch", "simple-cnn", "--size", "48", "--epochs", "1", "--batch", "8");
        Assert.Equal(0, json.Code);
        JsonElement summary = json.Json;
        Assert.Equal(1, summary.GetProperty("epochs").GetInt32());
        Assert.True(summary.GetProperty("images_per_second").GetDouble() > 0);
        Assert.True(summary.GetProperty("seconds").GetDouble() > 0);
        Assert.Equal(1, summary.GetProperty("best").GetProperty("epoch").GetInt32());
        Assert.InRange(summary.GetProperty("best").GetProperty("valid_accuracy").GetDouble(), 0, 1);
        Assert.Equal(other, summary.GetProperty("run").GetString());
    }

    [Fact]
    public void The_same_seed_trains_the_same_weights_and_another_does_not()
    {
        byte[] Weights(string seed)
        {
            string run = pipeline.New("run");
            ToolEnd outcome = pipeline.Run("train", pipeline.Manifest, "-o", run, "--arch", "simple-cnn", "--size", "32", "--epochs", "1", "--batch", "8", "--compute", "fp32", "--seed", seed, "--threads", "1");
            Assert.Equal(0, outcome.Code);
            return File.ReadAllBytes(Path.Combine(run, "last.safetensors"))[^4096..];
        }

        byte[] one = Weights("1");
        Assert.Equal(one, Weights("1"));
        Assert.NotEqual(one, Weights("2"));
    }

    [Fact]
    public void The_recipe_for_one_signer_trains_small_first_and_its_run_can_be_judged()
    {
        string run = pipeline.New("run");
        ToolEnd outcome = pipeline.Run("train", pipeline.Manifest, "-o", run, "--recipe", Path.Combine(Executable.Root, "recipes", "one-signer.yaml"),
            "--arch", "simple-cnn", "--epochs", "4", "--batch", "8", "--compute", "fp32", "--json");
        Assert.True(outcome.Code == 0, outcome.Error);
        Assert.Contains("\"standardize\":true", File.ReadAllText(Path.Combine(run, "options.json")).Replace(" ", ""), StringComparison.Ordinal);
        Assert.Equal(0, pipeline.Run("eval", run, pipeline.Manifest, "--json").Code);

        outcome = pipeline.Run("train", pipeline.Manifest, "-o", pipeline.New("run"), "--size", "48", "--start-size", "64");
        Assert.Equal(1, outcome.Code);
        Assert.Contains("--start-size is 64; give a value from 28 to 48", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Eval_judges_the_held_out_signer_and_leaves_report_json_and_rows()
    {
        string report = pipeline.New("deep.html");
        Directory.CreateDirectory(Path.GetDirectoryName(report)!);
        ToolEnd outcome = pipeline.Run("eval", pipeline.Trained, pipeline.Manifest, "--json", "-o", report);
        Assert.Equal(0, outcome.Code);
        JsonElement summary = outcome.Json;
        double accuracy = summary.GetProperty("accuracy").GetDouble(), low = summary.GetProperty("interval")[0].GetDouble(), high = summary.GetProperty("interval")[1].GetDouble();
        Assert.InRange(accuracy, low, high);
        Assert.InRange(summary.GetProperty("top3").GetDouble(), accuracy, 1);
        Assert.Equal(["A", "B", "L"], summary.GetProperty("labels").EnumerateObject().Select(l => l.Name));
        Assert.Equal(summary.GetProperty("frames").GetInt32(), summary.GetProperty("labels").EnumerateObject().Sum(l => l.Value.GetProperty("frames").GetInt32()));
        Assert.Equal("s3", Assert.Single(summary.GetProperty("signers").EnumerateArray()).GetProperty("name").GetString());

        string html = File.ReadAllText(report);
        Assert.DoesNotContain("src=\"http", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.Contains("Worst mistakes", html, StringComparison.Ordinal);
        Assert.Contains("By signer", html, StringComparison.Ordinal);

        using SignData.Dataset.Manifest manifest = SignData.Dataset.Manifest.Open(pipeline.Manifest);
        Assert.Equal(summary.GetProperty("frames").GetInt32(), manifest.Predictions("run").Count);
        Assert.Equal(accuracy, manifest.Predictions("run").Average(p => manifest.Select("test").Single(f => f.Id == p.FrameId).Label == p.Label ? 1.0 : 0), 9);
    }

    [Fact]
    public void A_recipe_whose_file_has_changed_is_another()
    {
        string run = pipeline.New("run"), recipe = pipeline.New("mine.yaml");
        ToolEnd Train() => pipeline.Run("train", pipeline.Manifest, "-o", run, "--arch", "simple-cnn", "--size", "32", "--epochs", "1", "--batch", "8", "--compute", "fp32", "--augment", recipe).Succeeds();
        File.WriteAllText(recipe, "steps:\n  - flip: { p: 0.5 }\n");

        Assert.DoesNotContain("trained already", Train().Error, StringComparison.Ordinal);
        Assert.Contains("trained already", Train().Error, StringComparison.Ordinal);
        File.WriteAllText(recipe, "steps:\n  - flip: { p: 0.25 }\n");
        Assert.DoesNotContain("trained already", Train().Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_best_epoch_is_one_whose_changes_have_grown()
    {
        string recipe = pipeline.New("growing.yaml");
        File.WriteAllText(recipe, "growth: 0.6\nmilder: { recipe: none, share: 0.1 }\nsteps:\n  - rotate\n");
        // It learns nothing, so that every epoch is as good as the others.
        int Best(string augment) => pipeline.Run("train", pipeline.Manifest, "-o", pipeline.New("run"), "--arch", "simple-cnn", "--no-batch-norm", "--size", "32", "--epochs", "5", "--batch", "8", "--compute", "fp32",
            "--learning-rate", "1e-9", "--augment", augment, "--json").Json.GetProperty("best").GetProperty("epoch").GetInt32();

        Assert.Equal(1, Best("none"));
        Assert.Equal(4, Best(recipe));
    }

    [Fact]
    public void What_adapting_to_the_frames_gives_is_a_figure_of_its_own()
    {
        byte[] weights = File.ReadAllBytes(Path.Combine(pipeline.Trained, "best.safetensors"));
        string report = pipeline.New("adapted.html");
        JsonElement plain = pipeline.Run("eval", pipeline.Trained, pipeline.Manifest, "--json", "-o", report).Json;
        ToolEnd outcome = pipeline.Run("eval", pipeline.Trained, pipeline.Manifest, "--adapt", "--json", "-o", report).Succeeds();

        Assert.Equal(JsonValueKind.Null, plain.GetProperty("adapted").ValueKind);
        Assert.Equal(plain.GetProperty("accuracy").GetDouble(), outcome.Json.GetProperty("accuracy").GetDouble());
        Assert.InRange(outcome.Json.GetProperty("adapted").GetProperty("accuracy").GetDouble(), 0.34, 1);
        Assert.Contains("without their labels", File.ReadAllText(report), StringComparison.Ordinal);
        Assert.Equal(weights, File.ReadAllBytes(Path.Combine(pipeline.Trained, "best.safetensors")));
    }

    [Fact]
    public void Eval_takes_a_plain_folder_skips_what_it_cannot_know_or_read_and_says_so()
    {
        string folder = pipeline.New("images");
        foreach (string label in (string[])["A", "B", "zebra"])
        {
            Directory.CreateDirectory(Path.Combine(folder, label));
            File.Copy(Directory.GetFiles(Path.Combine(pipeline.Frames, label == "zebra" ? "L" : label), "*.jpg")[0], Path.Combine(folder, label, "1.jpg"));
        }
        File.WriteAllText(Path.Combine(folder, "A", "notes.jpg"), "no picture");
        ToolEnd outcome = pipeline.Run("eval", pipeline.Trained, folder, "--json", "-o", pipeline.Root + "/plain.html");
        Assert.Equal(0, outcome.Code);
        Assert.Equal(2, outcome.Json.GetProperty("frames").GetInt32());
        Assert.Contains("zebra", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("notes.jpg", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_trained_on_is_known_by_heart_and_judged_with_a_warning()
    {
        ToolEnd outcome = pipeline.Run("eval", Path.Combine(pipeline.Trained, "last.safetensors"), pipeline.Manifest, "--split", "train", "--json", "-o", pipeline.Root + "/train.html");
        Assert.Equal(0, outcome.Code);
        Assert.InRange(outcome.Json.GetProperty("accuracy").GetDouble(), 0.9, 1);
        Assert.Contains("trained on some of these frames", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_checkpoint_cut_in_half_is_refused()
    {
        string cut = pipeline.New("best.safetensors");
        Directory.CreateDirectory(Path.GetDirectoryName(cut)!);
        byte[] whole = File.ReadAllBytes(Checkpoint);
        File.WriteAllBytes(cut, whole[..(whole.Length / 2)]);
        pipeline.Run("eval", cut, pipeline.Manifest).FailsInOneLine(cut, "cannot be used");
        File.WriteAllBytes(cut, whole[..5]);
        pipeline.Run("eval", cut, pipeline.Manifest).FailsInOneLine(cut, "cannot be used");
        File.WriteAllBytes(cut, []);
        pipeline.Run("eval", cut, pipeline.Manifest).FailsInOneLine(cut, "cannot be used");
    }

    [Fact]
    public void A_run_without_a_checkpoint_and_data_that_is_not_there_are_refused()
    {
        pipeline.Run("eval", pipeline.Clips, pipeline.Manifest).FailsInOneLine("No checkpoint");
        pipeline.Run("eval", pipeline.Trained, pipeline.Root + "/nowhere").FailsInOneLine("nowhere");
        pipeline.Run("train", pipeline.Root + "/nowhere", "-o", pipeline.New("run")).FailsInOneLine("nowhere");
        pipeline.Run("train", Checkpoint, "-o", pipeline.New("run")).FailsInOneLine("best.safetensors");
    }

    [Theory]
    [InlineData("--arch", "resnet19", "resnet18")]
    [InlineData("--size", "7", "--size")]
    [InlineData("--epochs", "0", "--epochs")]
    [InlineData("--batch", "1", "--batch")]
    [InlineData("--augment", "wild", "standard")]
    [InlineData("--device", "gpu", "cuda")]
    [InlineData("--compute", "int3", "bf16")]
    [InlineData("--compute", "fp16", "bf16")]
    [InlineData("--optimizer", "lion", "sgd")]
    [InlineData("--accumulate", "0", "--accumulate")]
    [InlineData("--ema", "1", "--ema")]
    [InlineData("--momentum", "-1", "--momentum")]
    [InlineData("--mix-style", "1.5", "--mix-style")]
    [InlineData("--learning-rate", "-1", "--learning-rate")]
    public void A_value_out_of_range_is_refused_with_the_way_out(string option, string value, string word)
    {
        string run = pipeline.New("run");
        pipeline.Run("train", pipeline.Manifest, "-o", run, option, value).FailsInOneLine(value, word);
        Assert.False(Directory.Exists(run));
    }

    [Fact]
    public void Wrong_usage_ends_with_2()
    {
        Assert.Equal(2, pipeline.Run("train").Code);
        Assert.Equal(2, pipeline.Run("train", pipeline.Manifest, "-o", "x", "--epochs", "many").Code);
        Assert.Equal(2, pipeline.Run("eval", pipeline.Trained).Code);
    }

    [Fact]
    public void A_pickle_that_calls_a_command_is_refused_and_not_run()
    {
        string folder = Directory.CreateDirectory(pipeline.New("")).FullName, weights = Path.Combine(folder, "resnet18.pth"), trace = Path.Combine(folder, "was-run");
        // Protocol 2: os.system("touch ..."), as a legacy .pth and inside the zip of a newer one.
        byte[] pickle = [0x80, 2, (byte)'c', .. "os\nsystem\n"u8, (byte)'X', .. BitConverter.GetBytes(Encoding.UTF8.GetByteCount($"touch {trace}")), .. Encoding.UTF8.GetBytes($"touch {trace}"), 0x85, (byte)'R', (byte)'.'];
        File.WriteAllBytes(weights, pickle);
        pipeline.Run("train", pipeline.Manifest, "-o", pipeline.New("run"), "--compute", "fp32", "--weights", weights).FailsInOneLine(weights, "os");
        pipeline.Run("eval", weights, pipeline.Manifest).FailsInOneLine(weights);
        File.Delete(weights);
        using (System.IO.Compression.ZipArchive zip = System.IO.Compression.ZipFile.Open(weights, System.IO.Compression.ZipArchiveMode.Create))
        {
            using Stream entry = zip.CreateEntry("archive/data.pkl", System.IO.Compression.CompressionLevel.NoCompression).Open();
            entry.Write(pickle);
        }
        pipeline.Run("train", pipeline.Manifest, "-o", pipeline.New("run"), "--compute", "fp32", "--weights", weights).FailsInOneLine(weights, "os");
        Assert.False(File.Exists(trace));
    }

    [Fact]
    public void Training_can_start_from_the_weights_of_an_earlier_run()
    {
        string[] few = ["--arch", "simple-cnn", "--size", "48", "--epochs", "1", "--batch", "8", "--compute", "fp32"];
        ToolEnd outcome = pipeline.Run("train", [pipeline.Manifest, "-o", pipeline.New("run"), "--weights", Checkpoint, .. few]);
        Assert.Equal(0, outcome.Code);
        Assert.Matches("Weights from .*: (\\d+) of \\1 tensors", outcome.Error);
        pipeline.Run("train", [pipeline.Manifest, "-o", pipeline.New("run"), "--weights", pipeline.Root + "/none.pth", .. few]).FailsInOneLine("none.pth");
        pipeline.Run("train", pipeline.Manifest, "-o", pipeline.New("run"), "--weights", Checkpoint, "--arch", "resnet18", "--compute", "fp32").FailsInOneLine("--arch");
    }

    [Fact]
    public void A_loss_that_is_no_number_stops_and_names_the_step()
    {
        string run = pipeline.New("run");
        pipeline.Run("train", pipeline.Manifest, "-o", run, "--arch", "simple-cnn", "--size", "32", "--epochs", "3", "--batch", "8", "--compute", "fp32", "--learning-rate", "100", "--weight-decay", "10", "-q").FailsInOneLine("step", "--learning-rate");
    }

    [Fact]
    public void Ctrl_C_saves_the_weights_so_far_and_ends_with_130()
    {
        string run = pipeline.New("run");
        using StartedTool train = pipeline.Start("train", pipeline.Manifest, "-o", run, "--arch", "simple-cnn", "--size", "64", "--epochs", "5000", "--patience", "0", "--batch", "8", "--compute", "fp32");
        while (!train.Ended && !File.Exists(Path.Combine(run, "best.safetensors")))
        {
            Thread.Sleep(20);
        }
        train.Interrupt();
        ToolEnd outcome = train.Wait();
        Assert.Equal(130, outcome.Code);
        Assert.Equal(0, pipeline.Run("eval", Path.Combine(run, "last.safetensors"), pipeline.Manifest, "-o", run + "/r.html").Code);
        Assert.Empty(Directory.GetFiles(run, "*.part"));
    }
}
