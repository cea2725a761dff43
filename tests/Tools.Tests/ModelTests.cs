using System.Text.RegularExpressions;

namespace SignData.Tools.Tests;

/// <summary>Architectures, heads and shapes through the real executables.</summary>
[Collection(nameof(Pipeline))]
public sealed partial class ModelTests(Pipeline pipeline)
{
    private static string[] Quick => ["--size", "32", "--epochs", "1", "--batch", "8", "--compute", "fp32", "--augment", "light"];

    [Fact]
    public void The_list_of_architectures_needs_nothing_else_and_fits_a_terminal()
    {
        ToolEnd end = pipeline.Run("train", "--list-archs").Succeeds();
        string[] lines = end.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.True(line.Length <= 80, line));
        Assert.Matches(@"resnet18\s+11\.69 M\s+1\.81\d G\s+224 px  torchvision", end.Out);
        Assert.Matches(@"tf_efficientnet_b4\s+19\.34 M\s+4\.39\d G\s+380 px  timm", end.Out);
        Assert.Matches(@"simple-cnn\s.* none: from scratch", end.Out);
        Assert.Empty(end.Error);
    }

    [Theory]
    [InlineData("simple-cnn", "concat", "--head-width", "16")]
    [InlineData("mobilenet_v3_small", "dense", "--dropout", "0.2")]
    [InlineData("simple-cnn", "own", "--channels", "1", "--blocks", "2", "--filters", "4", "--kernel", "5", "--dense", "12", "--no-batch-norm")]
    public void A_checkpoint_knows_its_head_and_shape_so_that_eval_loads_it(string arch, string head, params string[] shape)
    {
        string run = pipeline.New("run");
        pipeline.Run("train", [pipeline.Manifest, "-o", run, "--arch", arch, "--head", head, .. shape, .. Quick]).Succeeds();
        Assert.InRange(pipeline.Run("eval", run, pipeline.Manifest, "--json").Succeeds().Json.GetProperty("accuracy").GetDouble(), 0, 1);
        Assert.Matches(Head(), File.ReadAllText(Path.Combine(run, "options.json")));
    }

    [Fact]
    public void Checkpointing_trains_the_same_weights()
    {
        byte[] Weights(params string[] more)
        {
            string run = pipeline.New("run");
            pipeline.Run("train", [pipeline.Manifest, "-o", run, "--arch", "mobilenet_v3_small", .. Quick, "--threads", "1", .. more]).Succeeds();
            return File.ReadAllBytes(Path.Combine(run, "last.safetensors"))[^1_000_000..];
        }
        Assert.Equal(Weights(), Weights("--checkpointing"));
    }

    [Fact]
    public void A_frozen_body_stays_as_it_was_and_learns_once_it_thaws()
    {
        string[] start = [pipeline.Manifest, "--arch", "simple-cnn", "--weights", Path.Combine(pipeline.Trained, "best.safetensors"), "--head", "linear", .. Quick[..2], "--batch", "8", "--compute", "fp32"];
        string frozen = pipeline.New("run"), thawed = pipeline.New("run");
        pipeline.Run("train", [.. start, "-o", frozen, "--epochs", "1", "--freeze", "1"]).Succeeds();
        pipeline.Run("train", [.. start, "-o", thawed, "--epochs", "2", "--freeze", "1", "--body-rate", "0.01", "--clip-norm", "1", "--schedule", "cosine"]).Succeeds();
        using SignData.Torch.StateDict first = SignData.Torch.StateDict.Read(Path.Combine(pipeline.Trained, "best.safetensors"));
        using SignData.Torch.StateDict kept = SignData.Torch.StateDict.Read(Path.Combine(frozen, "last.safetensors")), learnt = SignData.Torch.StateDict.Read(Path.Combine(thawed, "last.safetensors"));
        string[] body = [.. first.Keys.Where(name => name.StartsWith("features.", StringComparison.Ordinal) && (name.EndsWith("weight", StringComparison.Ordinal) || name.EndsWith("bias", StringComparison.Ordinal)))];
        Assert.All(body, name => Assert.Equal(first[name].data<float>(), kept[name].data<float>()));
        Assert.All(body, name => Assert.NotEqual(first[name].data<float>(), learnt[name].data<float>()));
    }

    [Theory]
    [InlineData("--schedule", "linear", "cosine")]
    [InlineData("--body-rate", "0", "--body-rate")]
    [InlineData("--warm-up", "9", "--warm-up")]
    [InlineData("--clip-norm", "-1", "--clip-norm")]
    public void A_rate_that_cannot_be_is_refused_with_the_way_out(string option, string value, string word) =>
        pipeline.Run("train", [pipeline.Manifest, "-o", pipeline.New("run"), "--arch", "simple-cnn", .. Quick, option, value]).FailsInOneLine(value, word);

    /// <summary>The recipes that answer published systems, at sizes that take seconds.</summary>
    [Theory]
    [InlineData("fast", "32")]
    [InlineData("signmnist-cnn", "28")]
    [InlineData("signmnist-cnn-tuned", "28")]
    [InlineData("fastai-resnet18", "32")]
    [InlineData("capstone-resnet50", "32")]
    [InlineData("sign1-b4", "32")]
    [InlineData("sign1-lite4", "32")]
    [InlineData("quantized-resnet18", "32")]
    public void A_published_systems_recipe_trains_and_its_run_can_be_judged(string recipe, string size)
    {
        string run = pipeline.New("run"), file = Path.Combine(Executable.Root, "recipes", recipe + ".yaml");
        Assert.Contains("# Answers", File.ReadAllText(file), StringComparison.Ordinal);
        pipeline.Run("train", pipeline.Manifest, "-o", run, "--recipe", file, "--size", size, "--start-size", "0", "--epochs", "2", "--batch", "16").Succeeds();
        Assert.InRange(pipeline.Run("eval", run, pipeline.Manifest, "--looks", "one", "--json").Succeeds().Json.GetProperty("accuracy").GetDouble(), 0, 1);
    }

    [Fact]
    public void A_quantized_run_is_judged_in_8_bits_from_its_file_and_from_any_checkpoint()
    {
        string run = pipeline.New("run"), file = Path.Combine(run, "int8.safetensors");
        ToolEnd trained = pipeline.Run("train", pipeline.Manifest, "-o", run, "--size", "32", "--epochs", "1", "--batch", "16", "--compute", "fp32", "--quantize").Succeeds();
        Assert.Contains(file, trained.Error, StringComparison.Ordinal);
        double Accuracy(params string[] arguments) => pipeline.Run("eval", [.. arguments, pipeline.Manifest, "--split", "train", "--looks", "one", "--json"]).Succeeds().Json.GetProperty("accuracy").GetDouble();

        double floats = Accuracy(run);
        Assert.Equal(floats, Accuracy(file, "--compute", "fp32"));
        Assert.InRange(Accuracy(file), floats - 0.15, floats + 0.15);
        Assert.InRange(Accuracy(run, "--compute", "int8"), floats - 0.15, floats + 0.15);
        pipeline.Run("eval", pipeline.Trained, pipeline.Manifest, "--compute", "int8").FailsInOneLine("simple-cnn", "resnet18");
    }

    [Fact]
    public void The_tiny_recipe_learns_what_the_clips_show()
    {
        string run = pipeline.New("run");
        ToolEnd end = pipeline.Run("train", pipeline.Manifest, "-o", run, "--recipe", Path.Combine(Executable.Root, "recipes", "tiny.yaml"), "--compute", "fp32", "--json").Succeeds();
        Assert.Equal(run, end.Json.GetProperty("run").GetString());
        Assert.True(pipeline.Run("eval", run, pipeline.Manifest, "--split", "train", "--json").Succeeds().Json.GetProperty("accuracy").GetDouble() > 0.6);
    }

    [Theory]
    [InlineData("--head", "sign2", "concat")]
    [InlineData("--blocks", "7", "--blocks")]
    [InlineData("--kernel", "4", "odd")]
    [InlineData("--channels", "2", "grey")]
    [InlineData("--dropout", "1", "0.95")]
    public void A_head_or_shape_that_cannot_be_is_refused_with_the_way_out(string option, string value, string word) =>
        pipeline.Run("train", [pipeline.Manifest, "-o", pipeline.New("run"), "--arch", "simple-cnn", .. Quick, option, value]).FailsInOneLine(value, word);

    [Fact]
    public void What_shapes_simple_cnn_is_refused_for_others_and_pictures_too_small_for_a_network_as_well()
    {
        pipeline.Run("train", pipeline.Manifest, "-o", pipeline.New("run"), "--filters", "8").FailsInOneLine("resnet18", "--arch simple-cnn");
        pipeline.Run("train", pipeline.Manifest, "-o", pipeline.New("run"), "--arch", "densenet121", "--size", "28").FailsInOneLine("28", "32");
    }

    [GeneratedRegex("\"head\": \"(own|dense|concat)\"")]
    private static partial Regex Head();
}
