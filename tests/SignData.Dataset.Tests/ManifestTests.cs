using SignData.Core;
using SignData.Dataset.Batches;

namespace SignData.Dataset.Tests;

public sealed class ManifestTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("signdata-test-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string At(string name) => Path.Combine(folder, name);

    private static FrameRow Row(string path, long source, string label = "A") =>
        new() { Path = path, Label = label, SourceId = source, Position = 3, Time = 0.1, Width = 4, Height = 2, Bytes = 9, Sha256 = "ff", PerceptualHash = ulong.MaxValue - 1, Sharpness = 0.25 };

    [Fact]
    public void Rows_come_back_as_they_went_in()
    {
        var source = new SourceRow
        {
            Kind = "video", Path = "../clips/ä b.mp4", Sha256 = "ab", Signer = "s1", RecordedAt = new DateTimeOffset(2024, 2, 3, 4, 5, 6, TimeSpan.FromHours(2)),
            Width = 4, Height = 2, FramesPerSecond = 29.97, Rotation = 90, Frames = 7, Rejected = new Dictionary<string, int> { ["blurry"] = 3 }, Failed = "cut",
        };
        FrameRow frame;
        using (var manifest = Manifest.Create(folder))
        {
            source = manifest.Put(source);
            frame = manifest.Add(Row("A/1.jpg", source.Id) with { Split = "train", Burst = 2 });
            manifest.Add(Row("A/2.jpg", source.Id) with { Culled = "blurry" });
            manifest.AddPredictions("run", [new PredictionRow("run", frame.Id, "B", 0.75, [new("B", 0.75), new("A", 0.25)])]);
            manifest.AddPredictions("run", [new PredictionRow("run", frame.Id, "A", 0.5, [new("A", 0.5)], new HandBox(0.25f, 0.5f, 0.125f, 0.25f))]);
            manifest.Add(new ProvenanceRow("explode", "1", "{}", 5, ["x"]));
            manifest.Add(new ProvenanceRow("explode", "1", "{}", 5, ["x"]));
        }
        using var again = Manifest.Open(folder);
        Assert.Equal(frame, Assert.Single(again.Select()));
        Assert.Equal(frame, Assert.Single(again.Select(split: "train", label: "A")));
        Assert.Empty(again.Select(split: "test"));
        Assert.Equal(2, again.Select(includeCulled: true).Count);
        var back = Assert.Single(again.Sources());
        Assert.Equal(source with { Rejected = back.Rejected }, back);
        Assert.Equal(3, back.Rejected["blurry"]);
        var prediction = Assert.Single(again.Predictions("run"));
        Assert.Equal(("A", new LabelConfidence("A", 0.5)), (prediction.Label, Assert.Single(prediction.Top)));
        Assert.Equal(new HandBox(0.25f, 0.5f, 0.125f, 0.25f), prediction.Box);
        Assert.Equal(["x"], Assert.Single(again.Provenance()).Parents);
    }

    [Fact]
    public void An_action_that_throws_leaves_nothing_behind()
    {
        using var manifest = Manifest.Create(folder);

        Assert.Throws<InvalidOperationException>(() => manifest.Write(() =>
        {
            manifest.Put(new SourceRow { Kind = "video", Path = "a" });
            throw new InvalidOperationException();
        }));

        Assert.Empty(manifest.Sources());
    }

    [Fact]
    public void The_content_hash_tells_content_and_not_the_order_of_writing()
    {
        string Hash(string name, string[] paths, string? split)
        {
            using var manifest = Manifest.Create(At(name));
            var source = manifest.Put(new SourceRow { Kind = "video", Path = name });
            foreach (var path in paths)
            {
                manifest.Add(Row(path, source.Id) with { Split = split });
            }
            return manifest.ContentHash();
        }

        Assert.Equal(Hash("a.db", ["A/1.jpg", "A/2.jpg"], "train"), Hash("b.db", ["A/2.jpg", "A/1.jpg"], "train"));
        Assert.NotEqual(Hash("c.db", ["A/1.jpg", "A/2.jpg"], "valid"), Hash("d.db", ["A/2.jpg", "A/1.jpg"], "train"));
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("")]
    [InlineData("A/\0.jpg")]
    public void A_frame_at_an_absolute_or_malformed_path_is_refused(string path)
    {
        using var manifest = Manifest.Create(folder);

        Assert.Throws<InputException>(() => manifest.PathOf(Row(path, 1)));
    }

    [Fact]
    public void Files_that_are_no_manifest_of_ours_are_refused_by_name()
    {
        File.WriteAllText(At("text.db"), new string('x', 5000));
        File.WriteAllBytes(At("empty.db"), []);
        using (var manifest = Manifest.Create(At("cut.db")))
        {
            var source = manifest.Put(new SourceRow { Kind = "video", Path = "a" });
            manifest.Write(() => Enumerable.Range(0, 2000).ToList().ForEach(i => manifest.Add(Row($"A/{i}.jpg", source.Id))));
        }
        var whole = File.ReadAllBytes(At("cut.db"));
        File.WriteAllBytes(At("cut.db"), whole[..(whole.Length / 2)]);
        Directory.CreateDirectory(At("folder.db"));

        foreach (var name in (string[])["text.db", "empty.db", "cut.db", "folder.db", "missing.db", "missing"])
        {
            var failure = Assert.Throws<InputException>(() =>
            {
                using var manifest = Manifest.Open(At(name));
                manifest.Select(includeCulled: true);
            });
            Assert.Contains(name, failure.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', failure.Message);
        }
    }

    [Fact]
    public void A_manifest_whose_tables_were_changed_is_refused()
    {
        Manifest.Create(At("changed.db")).Dispose();
        using (var connection = Sqlite.Connect(At("changed.db"), Microsoft.Data.Sqlite.SqliteOpenMode.ReadWrite))
        {
            Sqlite.Execute(connection, "ALTER TABLE frame DROP COLUMN sharpness");
        }

        Assert.Contains("damaged", Assert.Throws<InputException>(() => Manifest.Open(At("changed.db"))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("A", "A")]
    [InlineData("../x", "___x")]
    [InlineData("..", "__")]
    [InlineData(".", "_")]
    [InlineData("", "_")]
    [InlineData("a/b\\c\0d", "a_b_c_d")]
    [InlineData("hello world.", "hello world")]
    [InlineData("ß é", "ß é")]
    public void A_label_becomes_a_folder_within_the_dataset(string label, string folder) => Assert.Equal(folder, FrameStore.FolderOf(label));
}
