using SignData.Dataset;

namespace SignData.Training.Tests;

public sealed class TrainingDataTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("signdata-test-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_frame_of_several_copies_is_shown_as_often_in_an_epoch_and_judged_once()
    {
        using (var manifest = Manifest.Create(folder))
        {
            var source = manifest.Put(new SourceRow { Kind = "video", Path = "clip.mp4" });
            foreach (var (name, label, split, copies) in (ReadOnlySpan<(string, string, string, int)>)[("1", "A", "train", 1), ("2", "B", "train", 3), ("3", "B", "valid", 1)])
            {
                manifest.Add(new FrameRow { Path = $"{label}/{name}.jpg", Label = label, SourceId = source.Id, Split = split, Copies = copies });
            }
        }

        var data = TrainingData.Open(folder);

        Assert.Equal(["1.jpg", "2.jpg", "2.jpg", "2.jpg"], data.Train.Select(sample => Path.GetFileName(sample.Path)));
        Assert.Single(data.Valid);
    }
}
