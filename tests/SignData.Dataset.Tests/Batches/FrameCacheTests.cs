using SignData.Core;
using SignData.Dataset.Augmenting;
using SignData.Dataset.Batches;
using SignData.Dataset.Tests.Augmenting;
using SignData.Vision;

namespace SignData.Dataset.Tests.Batches;

public sealed class FrameCacheTests : IDisposable
{
    private const int Size = 40, Plenty = 1 << 24;

    private readonly string folder = Directory.CreateTempSubdirectory("signdata-").FullName;
    private readonly string[] files;
    private readonly List<string> said = [];

    public FrameCacheTests()
    {
        files = [.. Enumerable.Range(0, 7).Select(i => Path.Combine(folder, $"{i}.png"))];
        foreach ((int i, string file) in files.Index())
        {
            ImageFile.Write(file, Drawn.Hand(96 + (8 * i)));
            File.SetLastWriteTimeUtc(file, new DateTime(2026, 1, 1));
        }
    }

    private string Packs => Path.Combine(folder, FrameCache.Folder);

    private string Pack => Directory.GetFiles(Packs, "50-*.pack").Single();

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Batches_are_the_same_whatever_is_kept_where()
    {
        byte[] Bytes(FrameCache? frames, int threads)
        {
            using (frames)
            {
                return Shown(frames, threads, 3);
            }
        }

        byte[] plain = Bytes(null, 1);
        Assert.Equal(plain, Bytes(FrameCache.For(Size, Plenty), 3));
        Assert.Equal(plain, Bytes(Kept(), 3));
        Assert.Equal(plain, Bytes(Kept(), 1));
        Assert.Equal(plain, Bytes(Kept(bytes: 20_000), 2));
        Assert.All(said, line => Assert.Contains("--cache-mb", line, StringComparison.Ordinal));
    }

    [Fact]
    public void A_second_run_opens_no_frame_and_looks_for_no_hand()
    {
        byte[] first = Shown(Kept(), 2, 2);
        foreach (string file in files)
        {
            // Unchanged as far as can be seen without reading it.
            DateTime time = File.GetLastWriteTimeUtc(file);
            File.WriteAllBytes(file, new byte[new FileInfo(file).Length]);
            File.SetLastWriteTimeUtc(file, time);
        }
        using FrameCache again = Kept();
        Assert.Equal(first, Shown(again, 2, 2));
        Assert.Throws<InputException>(() => FrameCache.For(Size, 0).Read(files[0]));
    }

    [Fact]
    public void Another_size_has_frames_of_its_own_and_the_same_hands()
    {
        Shown(Kept(), 1, 1);
        string hands = Directory.GetFiles(Packs, "hands-*").Single();
        byte[] before = File.ReadAllBytes(hands);
        using (FrameCache larger = FrameCache.Beside(folder, Hash('a'), files, 2 * Size, Plenty))
        {
            Assert.Equal(96, larger.Read(files[0]).Full.Width);
            _ = larger.Read(files[0]).Hand;
        }
        Assert.Equal(before, File.ReadAllBytes(hands));
        Assert.Equal(3, Directory.GetFiles(Packs, "*.pack").Length);
    }

    [Fact]
    public void A_frame_that_has_changed_is_decoded_again_and_one_that_is_gone_is_missed()
    {
        Shown(Kept(), 1, 1);
        ImageFile.Write(files[1], new Image(64, 64));
        File.Delete(files[2]);
        using FrameCache frames = Kept();
        Assert.All(frames.Read(files[1]).Full.Pixels, b => Assert.Equal(0, b));
        Assert.Contains("does not exist", Assert.Throws<InputException>(() => frames.Read(files[2])).Message, StringComparison.Ordinal);
        Assert.Empty(said);
    }

    [Theory, InlineData("pixel"), InlineData("table"), InlineData("header"), InlineData("cut"), InlineData("short"), InlineData("zeros"), InlineData("text")]
    public void A_damaged_or_foreign_file_is_noticed_and_mended(string damage)
    {
        byte[] plain = Shown(Kept(), 1, 1), pack = File.ReadAllBytes(Pack);
        Action spoil = damage switch
        {
            "pixel" => () => pack[^100] ^= 1,
            "table" => () => pack[64] ^= 64,
            "header" => () => pack[18]++,
            "cut" => () => pack = pack[..(pack.Length / 2)],
            "short" => () => pack = pack[..20],
            "zeros" => () => pack.AsSpan(64 + 24).Clear(),
            _ => () => pack = "not a pack"u8.ToArray(),
        };
        spoil();
        File.WriteAllBytes(Pack, pack);
        Assert.Equal(plain, Shown(Kept(), 2, 1));
        Assert.Contains("damaged or of another version", Assert.Single(said), StringComparison.Ordinal);
        said.Clear();
        Assert.Equal(plain, Shown(Kept(), 2, 1));
        Assert.Empty(said);
    }

    [Fact]
    public void Packs_stay_within_their_bound_and_the_longest_unused_go_first()
    {
        string[] hashes = ["b", "c", "d"];
        foreach ((int i, string hash) in hashes.Index())
        {
            Shown(Kept(Hash(hash[0])), 1, 1);
            File.SetLastWriteTimeUtc(Directory.GetFiles(Packs, $"50-{hash}*").Single(), DateTime.UtcNow.AddHours(i - 9));
        }
        long one = new FileInfo(Directory.GetFiles(Packs, "50-d*").Single()).Length, bound = 6 * one;
        Shown(Kept(Hash('e'), bound), 1, 1);
        Assert.InRange(Directory.GetFiles(Packs, "*.pack").Sum(f => new FileInfo(f).Length), one, bound);
        Assert.Empty(Directory.GetFiles(Packs, "50-b*"));
        Assert.Single(Directory.GetFiles(Packs, "50-d*"));
        Assert.Empty(said);

        Shown(Kept(Hash('f'), one / 2), 1, 1);
        Assert.Contains("--cache-mb", Assert.Single(said), StringComparison.Ordinal);
        Assert.InRange(Directory.GetFiles(Packs, "*.pack").Sum(f => new FileInfo(f).Length), 1, one / 2);
    }

    [Fact]
    public void Two_runs_at_once_share_one_file_and_the_second_takes_over()
    {
        FrameCache first = Kept(), second = Kept();
        byte[] a = first.Read(files[0]).Full.Pixels;
        second.Read(files[1]);
        long length = new FileInfo(Pack).Length;
        Assert.Equal(a, second.Read(files[0]).Full.Pixels);
        Assert.Equal(length, new FileInfo(Pack).Length);
        first.Dispose();
        second.Read(files[2]);
        Assert.True(new FileInfo(Pack).Length > length);
        second.Dispose();
        Assert.Equal([Pack], Directory.GetFiles(Packs));
        Assert.Empty(said);
    }

    [Fact]
    public void Without_a_folder_frames_are_kept_in_memory()
    {
        File.WriteAllText(Packs, "in the way");
        using FrameCache frames = Kept();
        byte[] pixels = frames.Read(files[0]).Full.Pixels;
        Assert.Same(pixels, frames.Read(files[0]).Full.Pixels);
        Assert.Contains("kept in memory", Assert.Single(said), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_kept_where_nothing_may_be()
    {
        Assert.Equal(Shown(null, 1, 1), Shown(Kept(bytes: 0), 1, 1));
        Assert.False(Directory.Exists(Packs));
        Assert.Empty(said);
    }

    private static string Hash(char letter) => new(letter, 64);

    private FrameCache Kept(string? hash = null, long bytes = Plenty) => FrameCache.Beside(folder, hash ?? Hash('a'), files, Size, bytes, said.Add);

    private byte[] Shown(FrameCache? frames, int threads, int epochs)
    {
        using (frames)
        {
            Recipe recipe = RecipeFile.Parse("steps:\n  - zoom: { scale: [0.3, 1.2] }\n  - hand-light\n  - background\n", "test");
            Sample[] samples = [.. files.Index().Select(f => new Sample(f.Item, f.Index))];
            return [.. Enumerable.Range(0, epochs).SelectMany(e => new BatchLoader(samples, Size, 7, threads, frames).Shuffled(recipe, 1, e).Single().Pixels)];
        }
    }
}
