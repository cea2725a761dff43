namespace SignData.Dataset.Tests;

public sealed class CoachTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("signdata-test-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static FrameRow[] Frames(string labels) => [.. labels.Select((label, i) => new FrameRow { Path = $"{label}/{i}.jpg", Label = $"{label}", SourceId = 1 })];

    [Fact]
    public void The_label_with_the_fewest_frames_is_next_until_all_have_enough()
    {
        Assert.Equal("B", new Coach(["A", "B", "C"], Frames("AABCCX"), 3, null).Next);
        Assert.Null(new Coach(["A", "B"], Frames("AABB"), 2, null).Next);
    }

    [Fact]
    public void What_the_classifier_confuses_is_next_as_long_as_it_lacks_frames()
    {
        using (var manifest = Manifest.Create(Path.Combine(folder, Manifest.FileName)))
        {
            var source = manifest.Put(new SourceRow { Kind = "folder", Path = "folder" });
            var rows = Frames("AAAABBBBCC").Select(frame => manifest.Add(frame with { SourceId = source.Id })).ToList();
            manifest.AddPredictions("run", rows.Zip("AAACBAACCC").Select(pair => new PredictionRow("run", pair.First.Id, $"{pair.Second}", 0.9, [])));
        }

        var coach = new Coach(["A", "B", "C", "D"], Frames("AB"), 3, Confusions.Read(folder));

        Assert.Equal(("B", "often taken for A"), (coach.Next, coach.Why));
        Assert.Equal("A", new Coach(["A", "B", "C", "D"], Frames("BBB"), 3, Confusions.Read(folder)).Next);
    }
}
