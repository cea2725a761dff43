using SignData.Vision;

namespace SignData.Tools.Tests;

[Collection(nameof(Pipeline))]
public sealed class TrainMeasuresTests(Pipeline pipeline)
{
    private static readonly string[] Quick = ["--arch", "simple-cnn", "--blocks", "2", "--filters", "12", "--size", "32", "--epochs", "3", "--batch", "8", "--compute", "fp32", "--threads", "1"];

    [Fact]
    public void Profile_says_where_the_time_goes_and_what_the_bottleneck_is()
    {
        ToolEnd end = pipeline.Run("train", [pipeline.Manifest, "-o", pipeline.New("run"), .. Quick, "--profile", "--json"]).Succeeds();
        System.Text.Json.JsonElement profile = end.Json.GetProperty("profile");
        Dictionary<string, double> phases = profile.GetProperty("phases").EnumerateObject().ToDictionary(phase => phase.Name, phase => phase.Value.GetDouble());

        Assert.Equal(["backward", "data_wait", "forward", "optimizer", "rest", "saving", "to_device", "validation"], phases.Keys.Order(StringComparer.Ordinal));
        Assert.All(phases.Values, seconds => Assert.InRange(seconds, 0, end.Json.GetProperty("seconds").GetDouble()));
        Assert.Equal(["features.0", "features.4", "head"], ((string[])["features.0", "features.4", "head"]).Intersect(profile.GetProperty("stages").EnumerateArray().Select(stage => stage.GetProperty("name").GetString()!)));
        double Sum(string way) => profile.GetProperty("stages").EnumerateArray().Sum(stage => stage.GetProperty(way).GetDouble());
        Assert.InRange(Sum("forward"), phases["forward"] / 2, phases["forward"]);
        Assert.InRange(Sum("backward"), phases["backward"] / 2, phases["backward"]);
        Assert.InRange(profile.GetProperty("held_megabytes").GetDouble(), 1, profile.GetProperty("resident_megabytes").GetDouble());
        Assert.Contains("The bottleneck is", profile.GetProperty("bottleneck").GetString(), StringComparison.Ordinal);
        Assert.Contains("data wait", end.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_range_test_draws_and_suggests_and_trains_nothing()
    {
        string run = pipeline.New("run");
        ToolEnd end = pipeline.Run("train", [pipeline.Manifest, "-o", run, .. Quick, "--lr-find", "--json"]).Succeeds();

        Assert.InRange(end.Json.GetProperty("suggestion").GetDouble(), 1e-7, 10);
        Assert.Equal([Path.Combine(run, "lr-find.png")], Directory.GetFileSystemEntries(run));
        Assert.Equal(960, ImageFile.Read(end.Json.GetProperty("plot").GetString()!).Width);
    }

    [Fact]
    public void A_step_is_cut_into_what_fits_into_memory()
    {
        ToolEnd end = pipeline.Run("train", [pipeline.Manifest, "-o", pipeline.New("run"), .. Quick.Select(option => option == "8" ? "64" : option), "--auto-batch", "--memory-mb", "16"]).Succeeds();
        Assert.Contains("of them make a step", end.Error, StringComparison.Ordinal);
        pipeline.Run("train", [pipeline.Manifest, "-o", pipeline.New("run"), .. Quick, "--auto-batch", "--memory-mb", "1"]).FailsInOneLine("--checkpointing", "1 MiB");
    }
}
