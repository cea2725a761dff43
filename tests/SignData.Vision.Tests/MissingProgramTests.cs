namespace SignData.Vision.Tests;

/// <summary>Changes PATH, so it runs alone.</summary>
[CollectionDefinition(nameof(MissingProgramTests), DisableParallelization = true)]
[Collection(nameof(MissingProgramTests))]
public sealed class MissingProgramTests
{
    [Fact]
    public void Without_ffmpeg_the_message_names_the_way_to_get_it()
    {
        using var clips = new Clips();
        var path = clips.Put("any.mp4", "x"u8);
        var before = Environment.GetEnvironmentVariable("PATH");
        try
        {
            Environment.SetEnvironmentVariable("PATH", clips.Folder);
            Assert.Contains("scripts/bootstrap.sh", Assert.Throws<InputException>(() => Video.Frames(path, CancellationToken.None).First()).Message, StringComparison.Ordinal);
            Assert.Contains("scripts/bootstrap.sh", Assert.Throws<InputException>(() => Video.Probe(path)).Message, StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable("PATH", before);
        }
    }
}
