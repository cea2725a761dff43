using SignData.Core;
using SignData.Vision;

namespace SignData.Dataset.Tests;

public sealed class FrameStoreTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("signdata-test-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static Frame Grey(int position, byte luma)
    {
        var frame = new Frame(32, 16, position, TimeSpan.FromSeconds(position / 30.0));
        frame.Data.Fill(128);
        frame.Data[..(32 * 16)].Fill(luma);
        return frame;
    }

    [Fact]
    public void Frames_become_jpegs_by_label_and_rows_in_the_order_of_position()
    {
        using var manifest = Manifest.Create(folder);
        var source = manifest.Put(new SourceRow { Kind = "video", Path = "../clips/my clip.mp4", Sha256 = new string('a', 64), Done = false });
        using (var store = new FrameStore(manifest, source))
        {
            store.Add(Grey(7, 200), "../B", new FrameScores(0.5, 1, 0.5, 0));
            store.Add(Grey(2, 100), "A", new FrameScores(0.4, 2, 0.4, 0));
            Assert.Empty(manifest.Select());
            store.Commit(source with { Done = true, Frames = 9 });
        }

        var rows = manifest.Select();
        Assert.Equal(["A/my clip-aaaaaaaa-000002.jpg", "___B/my clip-aaaaaaaa-000007.jpg"], rows.Select(row => row.Path));
        Assert.True(Assert.Single(manifest.Sources()).Done);
        var picture = ImageFile.Read(manifest.PathOf(rows[1]));
        Assert.Equal((32, 16), (picture.Width, picture.Height));
        Assert.InRange(picture.Pixels[0], 205, 222);
        Assert.Equal(rows[0].Sha256, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(manifest.PathOf(rows[0])))));
    }

    [Fact]
    public void A_store_that_is_not_committed_leaves_no_picture_and_no_row()
    {
        using var manifest = Manifest.Create(folder);
        var source = manifest.Put(new SourceRow { Kind = "video", Path = "a.mp4", Sha256 = new string('a', 64), Done = false });
        using (var store = new FrameStore(manifest, source))
        {
            for (var i = 0; i < 40; i++)
            {
                store.Add(Grey(i, 50), "A", default);
            }
        }

        Assert.Empty(manifest.Select());
        Assert.Empty(Directory.GetFiles(folder, "*.jpg*", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_named_when_committing()
    {
        using var manifest = Manifest.Create(folder);
        var source = manifest.Put(new SourceRow { Kind = "video", Path = "a.mp4", Sha256 = new string('a', 64), Done = false });
        File.WriteAllText(Path.Combine(folder, "A"), "in the way");
        using var store = new FrameStore(manifest, source);
        store.Add(Grey(0, 50), "A", default);

        Assert.Contains(Path.Combine(folder, "A"), Assert.Throws<InputException>(() => store.Commit(source)).Message, StringComparison.Ordinal);
        Assert.Empty(manifest.Select());
    }
}
