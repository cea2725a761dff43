using System.Security.Cryptography;

namespace SignData.Tools.Tests;

public sealed class WeightsTests : IDisposable
{
    private readonly Executable tools = new();
    private readonly byte[] content = new byte[300_000];
    private readonly FileServer server;

    public WeightsTests()
    {
        new Random(8).NextBytes(content);
        server = new FileServer(content);
    }

    private string Name => $"tiny-{Convert.ToHexStringLower(SHA256.HashData(content))[..8]}.pth";

    private string Url => server.Address + Name;

    private string Cached => tools.At("cache", Name);

    private string Part => Cached + ".part";

    public void Dispose()
    {
        server.Dispose();
        tools.Dispose();
    }

    [Fact]
    public void The_list_names_every_file_with_its_hash_and_fits_a_terminal()
    {
        ToolEnd end = Run().Succeeds();
        Assert.All(end.Out.Split('\n'), line => Assert.True(line.Length <= 80, line));
        Assert.Matches(@"resnet50-v2\s+torchvision\s+11ad3fa6\s+no", end.Out);
        Assert.Matches(@"tf_efficientnet_b4-ns\s+timm\s+d6313a46\s+no", end.Out);
        Directory.CreateDirectory(tools.At("cache"));
        File.WriteAllBytes(tools.At("cache", "resnet18-f37072fd.pth"), [1]);
        System.Text.Json.JsonElement[] all = [.. Run("--json").Succeeds().Json.GetProperty("weights").EnumerateArray()];
        Assert.All(all, one => Assert.Contains($"-{one.GetProperty("sha256").GetString()}.pth", one.GetProperty("url").GetString(), StringComparison.Ordinal));
        Assert.Equal("resnet18", Assert.Single(all, one => one.GetProperty("path").ValueKind == System.Text.Json.JsonValueKind.String).GetProperty("name").GetString());
    }

    [Fact]
    public void A_file_is_fetched_once_checked_and_shown()
    {
        ToolEnd end = Run(Url).Succeeds();
        Assert.Equal(Cached, end.Out.Trim());
        Assert.Contains($"Fetching {Name} (MiB)  1/1", end.Error, StringComparison.Ordinal);
        Assert.Equal(content, File.ReadAllBytes(Cached));
        Assert.False(File.Exists(Part));
        Assert.Equal(300_000, Run(Url, "--json").Succeeds().Json.GetProperty("fetched")[0].GetProperty("bytes").GetInt64());
        Assert.Single(server.Asked);

        File.WriteAllBytes(Cached, content[..1000]); // what is cached and wrong is fetched anew
        Run(Url).Succeeds();
        Assert.Equal(content, File.ReadAllBytes(Cached));
    }

    [Fact]
    public void A_transfer_that_breaks_off_goes_on_where_it_ended()
    {
        server.BreaksAfter = 70_000;
        Run(Url).Succeeds();
        Assert.Equal(content, File.ReadAllBytes(Cached));
        Assert.Equal(["", "bytes=70000-", "bytes=140000-", "bytes=210000-", "bytes=280000-"], server.Asked);
    }

    [Theory, InlineData(false), InlineData(true)]
    public void A_killed_or_interrupted_transfer_is_continued_by_the_next(bool interrupted)
    {
        server.HangsAfter = 131_072;
        using (StartedTool first = tools.Start("weights", Url, "--cache", tools.At("cache")))
        {
            while (!first.Ended && (!File.Exists(Part) || new FileInfo(Part).Length < 100_000))
            {
                Thread.Sleep(10);
            }
            if (interrupted)
            {
                first.Interrupt();
            }
            else
            {
                first.Kill();
            }
            Assert.Equal(interrupted ? 130 : 137, first.Wait().Code);
        }
        Assert.False(File.Exists(Cached));
        long kept = new FileInfo(Part).Length;
        server.HangsAfter = null;
        Run(Url).Succeeds();
        Assert.Equal(["", $"bytes={kept}-"], server.Asked);
        Assert.Equal(content, File.ReadAllBytes(Cached));
    }

    [Fact]
    public void A_server_without_ranges_a_part_of_another_file_and_a_complete_part_end_well_too()
    {
        Directory.CreateDirectory(tools.At("cache"));
        server.ForgetsRanges = true;
        File.WriteAllBytes(Part, content[..5000]);
        Run(Url).Succeeds();
        Assert.Equal(content, File.ReadAllBytes(Cached));

        server.ForgetsRanges = false;
        foreach (byte[] part in (byte[][])[new byte[5000], new byte[400_000], content])
        {
            File.Delete(Cached);
            File.WriteAllBytes(Part, part);
            Run(Url).Succeeds();
            Assert.Equal(content, File.ReadAllBytes(Cached));
        }
    }

    [Fact]
    public void Another_file_under_the_name_is_refused_and_not_kept()
    {
        string url = Url;
        server.Content = content[..^1];
        Run(url).FailsInOneLine("is not the published file", url);
        Run("resnet18", "--mirror", server.Address).FailsInOneLine("resnet18-f37072fd.pth", "f37072fd");
        Assert.All(Directory.GetFiles(tools.At("cache")), file => Assert.Equal(0, new FileInfo(file).Length));
    }

    [Fact]
    public void What_cannot_be_fetched_is_told_in_a_line()
    {
        Run("resnet19").FailsInOneLine("resnet19", "lists them");
        Run(server.Address + "plain.pth").FailsInOneLine("plain.pth", "SHA-256");
        Run("resnet18", "--mirror", "ftp:there").FailsInOneLine("ftp:there");
        server.Status = 404;
        Run(Url).FailsInOneLine("404", "--mirror");
        server.Dispose();
        Run(Url).FailsInOneLine("cannot be fetched");
    }

    private ToolEnd Run(params string[] arguments) => tools.Run("weights", [.. arguments, "--cache", tools.At("cache")]);
}
