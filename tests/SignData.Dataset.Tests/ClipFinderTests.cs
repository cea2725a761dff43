using SignData.Core;

namespace SignData.Dataset.Tests;

public sealed class ClipFinderTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("signdata-test-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("A.mp4", "A")]
    [InlineData("A_1.mp4", "A")]
    [InlineData("s1_A_3.mp4", "A")]
    [InlineData("1.mp4", "1")]
    [InlineData("p02-hello (2).mov", "hello")]
    [InlineData("IMG_0012.mp4", "clips")]
    [InlineData("VID-20240101.mp4", "clips")]
    public void The_name_tells_the_label(string name, string label) => Assert.Equal(label, ClipFinder.LabelOfName(Path.Combine("/data/clips", name)));

    [Fact]
    public void In_sub_folders_the_folder_tells_and_the_output_is_left_out()
    {
        foreach (var path in (string[])["in/A/x.mp4", "in/s1/B/B_2.MP4", "in/C_1.mp4", "in/out/A/y.mp4", "in/A/notes.txt", "in/.hidden/z.mp4"])
        {
            Directory.CreateDirectory(Path.Combine(folder, Path.GetDirectoryName(path)!));
            File.WriteAllText(Path.Combine(folder, path), "");
        }

        var clips = ClipFinder.Find([Path.Combine(folder, "in"), Path.Combine(folder, "in/A/x.mp4")], Path.Combine(folder, "in/out"));

        Assert.Equal([("in/A/x.mp4", "A"), ("in/C_1.mp4", "C"), ("in/s1/B/B_2.MP4", "B")], clips.Select(clip => (Path.GetRelativePath(folder, clip.Path), clip.Label!)));
        Assert.Throws<InputException>(() => ClipFinder.Find([Path.Combine(folder, "nowhere")], folder));
    }
}
