using Microsoft.Data.Sqlite;
using SignData.Core;
using SignData.Dataset;
using SignData.Vision;

namespace SignData.Tools.Tests;

public sealed class CullTests : IDisposable
{
    private readonly Executable here = new();

    public void Dispose() => here.Dispose();

    private void Folder(string name, int labels = 3, int each = 12)
    {
        for (var label = 0; label < labels; label++)
        {
            for (var i = 0; i < each; i++)
            {
                Picture($"{name}/{(char)('A' + label)}/{i}.jpg", (label * 1000) + i);
            }
        }
    }

    private void Picture(string path, int seed)
    {
        var full = here.At(path.Split('/'));
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        var (random, picture) = (new Random(seed), new Image(48, 48));
        for (var square = 0; square < 36; square++)
        {
            var (x0, y0, shade) = (square % 6 * 8, square / 6 * 8, (byte)random.Next(256));
            for (var y = y0; y < y0 + 8; y++)
            {
                picture.Row(y).Slice(x0 * 3, 24).Fill(shade);
            }
        }
        ImageFile.Write(full, picture);
    }

    /// <summary>A dataset of rows whose pictures exist, as explode leaves it: signers x labels x one clip of frames.</summary>
    private void Dataset(string name, params string?[] signers)
    {
        using var manifest = Manifest.Create(here.At(name));
        foreach (var (signer, index) in signers.Select((signer, index) => (signer, index)))
        {
            foreach (var label in (string[])["A", "B"])
            {
                var source = manifest.Put(new SourceRow { Kind = "video", Path = $"../{signer}_{label}_{index}.mp4", Sha256 = new string((char)('a' + index), 63) + label, Signer = signer });
                for (var i = 0; i < 6; i++)
                {
                    var path = $"{label}/{signer}-{index}-{i}.jpg";
                    Picture(name + "/" + path, (index * 100) + (label[0] * 10_000) + i);
                    var file = File.ReadAllBytes(here.At(name, label, Path.GetFileName(path)));
                    manifest.Add(new FrameRow
                    {
                        Path = path, Label = label, SourceId = source.Id, Position = i, Width = 48, Height = 48, Bytes = file.Length,
                        Sha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(file)),
                    });
                }
            }
        }
    }

    [Fact]
    public void A_folder_of_images_becomes_a_manifest_with_splits_a_chart_and_a_summary()
    {
        Folder("images");

        var end = here.Run("cull", "images", "-o", "out.db").Succeeds();
        var summary = here.Run("cull", "images", "-o", "out2.db", "--json").Succeeds().Json;

        Assert.All(end.Out.Split('\n'), line => Assert.True(line.Length <= 80 || line.Contains(here.Folder, StringComparison.Ordinal), line));
        Assert.Contains('█', end.Out);
        Assert.Equal(36, summary.GetProperty("kept").GetInt32());
        Assert.Equal(36, summary.GetProperty("splits").EnumerateObject().Sum(split => split.Value.GetInt32()));
        Assert.Equal(["test", "train", "valid"], summary.GetProperty("splits").EnumerateObject().Select(split => split.Name));
        using var manifest = Manifest.Open(here.At("out.db"));
        Assert.All(manifest.Select(), frame => Assert.True(File.Exists(manifest.PathOf(frame)), frame.Path));
        Assert.StartsWith("images/A/", manifest.Select(label: "A")[0].Path, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_indexed_before_is_known_until_its_content_changes()
    {
        Folder("images");
        int Known()
        {
            var index = here.Run("cull", "images", "-o", "out.db", "--json").Succeeds().Json.GetProperty("index");
            Assert.Equal(36, index.GetProperty("pictures").GetInt32());
            return index.GetProperty("known").GetInt32();
        }

        Assert.Equal(0, Known());
        Assert.Equal(36, Known());

        File.SetLastWriteTimeUtc(here.At("images", "A", "0.jpg"), DateTime.UtcNow.AddHours(1));
        Assert.Equal(36, Known());

        File.AppendAllText(here.At("images", "A", "0.jpg"), "more");
        Assert.Equal(35, Known());
    }

    [Fact]
    public void The_same_inputs_and_seed_give_the_same_rows_and_another_seed_other_splits()
    {
        Folder("images", each: 40);
        here.Run("cull", "images", "-o", "one.db", "--per-label", "20", "--seed", "5").Succeeds();
        here.Run("cull", "images", "-o", "two.db", "--per-label", "20", "--seed", "5").Succeeds();
        here.Run("cull", "images", "-o", "three.db", "--per-label", "20", "--seed", "6").Succeeds();

        using var one = Manifest.Open(here.At("one.db"));
        using var two = Manifest.Open(here.At("two.db"));
        using var three = Manifest.Open(here.At("three.db"));
        Assert.Equal(one.Select(includeCulled: true), two.Select(includeCulled: true));
        Assert.Equal(one.ContentHash(), two.ContentHash());
        Assert.NotEqual(one.ContentHash(), three.ContentHash());
        Assert.All(one.Select().CountBy(frame => frame.Label), label => Assert.Equal(20, label.Value));
    }

    [Fact]
    public void A_held_out_signer_is_the_test_split_and_in_no_other()
    {
        Dataset("set", "s1", "s2", "s3", "s4");

        var end = here.Run("cull", "set", "-o", "out.db", "--test-signer", "s2").Succeeds();

        Assert.Contains("held out by name: s2", end.Out, StringComparison.Ordinal);
        Assert.Contains("valid split by signer", end.Out, StringComparison.Ordinal);
        using var manifest = Manifest.Open(here.At("out.db"));
        var signers = manifest.Sources().ToDictionary(source => source.Id, source => source.Signer);
        Assert.Equal(["s2"], manifest.Select(split: "test").Select(frame => signers[frame.SourceId]).Distinct());
        Assert.Single(manifest.Select(split: "valid").Select(frame => signers[frame.SourceId]).Distinct());
        Assert.Equal(2, manifest.Select(split: "train").Select(frame => signers[frame.SourceId]).Distinct().Count());
        Assert.Empty(manifest.Select(split: "train").Select(frame => signers[frame.SourceId]).Intersect(manifest.Select(split: "valid").Select(frame => signers[frame.SourceId])));
    }

    [Fact]
    public void Without_enough_signers_the_next_level_is_used_and_named()
    {
        Dataset("set", "s1", "s1", "s1", "s1", "s1");

        var end = here.Run("cull", "set", "-o", "out.db").Succeeds();

        Assert.Contains("split by source", end.Out, StringComparison.Ordinal);
        using var manifest = Manifest.Open(here.At("out.db"));
        Assert.All(manifest.Select().GroupBy(frame => frame.SourceId), source => Assert.Single(source.Select(frame => frame.Split).Distinct()));
    }

    [Fact]
    public void Neighbours_in_a_plain_folder_mostly_share_a_split()
    {
        Folder("images", labels: 2, each: 60);

        here.Run("cull", "images", "-o", "out.db").Succeeds();

        using var manifest = Manifest.Open(here.At("out.db"));
        Assert.All(manifest.Select().GroupBy(frame => frame.Burst), run => Assert.Single(run.Select(frame => frame.Split).Distinct()));
        var order = manifest.Select(label: "A").OrderBy(frame => frame.Position).ToList();
        Assert.InRange(order.Zip(order.Skip(1)).Count(pair => pair.First.Split != pair.Second.Split), 2, 20);
    }

    [Fact]
    public void Bad_images_and_duplicates_are_culled_with_their_reasons_while_the_rest_goes_on()
    {
        Folder("images");
        File.Copy(here.At("images", "A", "0.jpg"), here.At("images", "A", "again.jpg"));
        File.Copy(here.At("images", "A", "1.jpg"), here.At("images", "B", "astray.jpg"));
        File.WriteAllText(here.At("images", "A", "empty.jpg"), "");
        File.WriteAllText(here.At("images", "A", "text.jpg"), "This is no picture.");
        var whole = File.ReadAllBytes(here.At("images", "C", "0.jpg"));
        File.WriteAllBytes(here.At("images", "C", "cut.jpg"), whole[..(whole.Length / 2)]);
        File.WriteAllBytes(here.At("images", "C", "bomb.png"), Bomb());
        Picture("images/D/only.jpg", 77);

        var end = here.Run("cull", "images", "-o", "out.db", "--json").Succeeds();

        var culled = end.Json.GetProperty("culled").EnumerateObject().ToDictionary(reason => reason.Name, reason => reason.Value.GetInt32());
        Assert.Equal(1, culled["exact_duplicate"]);
        Assert.Equal(2, culled["label_conflict"]);
        Assert.Equal(4, culled["unreadable"]);
        Assert.Contains("D' holds one image", end.Error, StringComparison.Ordinal);
        using var manifest = Manifest.Open(here.At("out.db"));
        Assert.Equal(7, manifest.Select(includeCulled: true).Count(frame => frame.Culled is not null));
        Assert.All(manifest.Select(includeCulled: true), frame => Assert.Equal(frame.Culled is null, frame.Split is not null));
    }

    /// <summary>A PNG of a few bytes that claims 60,000 x 60,000 pixels.</summary>
    private static byte[] Bomb()
    {
        byte[] header = [0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60, 8, 2, 0, 0, 0];
        var crc = System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(Crc32(header.AsSpan(4)));
        return [0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10, .. header, .. BitConverter.GetBytes(crc), 0, 0, 0, 0, 0x49, 0x44, 0x41, 0x54, 0x35, 0xAF, 0x06, 0x1E];

        static uint Crc32(ReadOnlySpan<byte> data)
        {
            var crc = uint.MaxValue;
            foreach (var value in data)
            {
                crc ^= value;
                for (var bit = 0; bit < 8; bit++)
                {
                    crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
                }
            }
            return ~crc;
        }
    }

    [Fact]
    public void A_copy_is_portable()
    {
        Folder("images");

        here.Run("cull", "images", "-o", "copy", "--copy", "--labels", "A,B").Succeeds();
        Directory.Delete(here.At("images"), recursive: true);
        Directory.Move(here.At("copy"), here.At("elsewhere"));

        using var manifest = Manifest.Open(here.At("elsewhere"));
        Assert.Equal(24, manifest.Select().Count);
        Assert.All(manifest.Select(), frame => Assert.Equal(48, ImageFile.Read(manifest.PathOf(frame)).Width));
        Assert.DoesNotContain(manifest.Select(includeCulled: true), frame => frame.Path.Contains("..", StringComparison.Ordinal));
    }

    [Fact]
    public void Killed_at_any_moment_it_leaves_the_old_manifest_or_the_new_one()
    {
        Folder("images", each: 60);
        here.Run("cull", "images", "-o", "out.db", "--seed", "1", "-q").Succeeds();
        var hashes = new HashSet<string>();
        foreach (var seed in (string[])["1", "2"])
        {
            here.Run("cull", "images", "-o", "reference.db", "--seed", seed, "-q").Succeeds();
            using var reference = Manifest.Open(here.At("reference.db"));
            hashes.Add(reference.ContentHash());
        }
        var random = new Random(1);
        for (var i = 0; i < 5; i++)
        {
            using var started = here.Start("cull", "images", "-o", "out.db", "--seed", i % 2 == 0 ? "2" : "1", "-q");
            Thread.Sleep(random.Next(100, 500));
            started.Kill();
            started.Wait();
            using var manifest = Manifest.Open(here.At("out.db"));
            Assert.Contains(manifest.ContentHash(), hashes);
        }
        here.Run("cull", "images", "-o", "out.db", "--seed", "2", "-q").Succeeds();
        Assert.DoesNotContain(Directory.GetFiles(here.Folder), file => file.Contains(".part", StringComparison.Ordinal) || file.EndsWith("-wal", StringComparison.Ordinal));
    }

    [Fact]
    public void Sources_that_cannot_be_used_end_with_one_line_and_no_output()
    {
        Folder("images", labels: 1, each: 3);
        Directory.CreateDirectory(here.At("empty"));
        File.WriteAllText(here.At("text.db"), "This is no SQLite file, though its name says so. It is long enough to have a header.");
        using (var manifest = Manifest.Create(here.At("newer.db")))
        {
        }
        Execute("newer.db", "PRAGMA user_version = 99");
        Execute("other.db", "CREATE TABLE notes (text TEXT)");
        Picture("loose/a.jpg", 1);

        here.Run("cull", "nowhere", "-o", "out.db").FailsInOneLine("nowhere", "does not exist");
        here.Run("cull", "nowhere.db", "-o", "out.db").FailsInOneLine("nowhere.db", "does not exist");
        here.Run("cull", "empty", "-o", "out.db").FailsInOneLine("empty", "holds no");
        here.Run("cull", "loose", "-o", "out.db").FailsInOneLine("loose", "no folder for each label");
        here.Run("cull", "text.db", "-o", "out.db").FailsInOneLine("text.db", "no manifest");
        here.Run("cull", "other.db", "-o", "out.db").FailsInOneLine("other.db", "no manifest of SignData");
        here.Run("cull", "newer.db", "-o", "out.db").FailsInOneLine("newer.db", "schema 99", "update");
        here.Run("cull", "images", "-o", "out.db", "--test-signer", "s9").FailsInOneLine("s9");
        here.Run("cull", "images", "-o", "out.db", "--labels", "Q").FailsInOneLine("'Q'");
        here.Run("cull", "images", "-o", "out.db", "--valid", "0.6", "--test", "0.5").FailsInOneLine("nothing to train on");
        here.Run("cull", "images", "-o", "text.db").FailsInOneLine("text.db", "not to be overwritten");
        Assert.False(File.Exists(here.At("out.db")));
    }

    private void Execute(string file, string sql)
    {
        // A manifest sets the provider up.
        Manifest.Create(here.At("provider.db")).Dispose();
        using var connection = new SqliteConnection($"Data Source={here.At(file)};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
