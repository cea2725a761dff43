using Microsoft.Data.Sqlite;
using SignData.Core;
using SignData.Dataset;

namespace SignData.Tools.Tests;

/// <summary>How many frames of what cull takes, and what it holds out by name.</summary>
public sealed class CullChoiceTests : IDisposable
{
    private readonly Executable here = new();
    private readonly Random random = new(7);

    public void Dispose() => here.Dispose();

    /// <summary>Adds a clip to a dataset: frames with hashes of their own, and files that only need to be there.</summary>
    private void Clip(string set, string signer, string session, string label, int frames, string? lighting = null, Func<int, ulong>? hash = null)
    {
        using var manifest = Manifest.Create(here.At(set));
        var name = $"{signer}-{session}-{label}-{lighting}";
        var source = manifest.Put(new SourceRow { Kind = "video", Path = name + ".mp4", Sha256 = Key(name), Signer = signer, Session = session, Lighting = lighting });
        Directory.CreateDirectory(here.At(set, label));
        manifest.Write(() => Enumerable.Range(0, frames).ToList().ForEach(i =>
        {
            var path = $"{label}/{name}-{i:000}.jpg";
            File.WriteAllText(here.At(set, path), path);
            manifest.Add(new FrameRow
            {
                Path = path, Label = label, SourceId = source.Id, Position = i, Width = 48, Height = 48, Bytes = path.Length, Sha256 = Key(path),
                PerceptualHash = hash?.Invoke(i) ?? (ulong)random.NextInt64(long.MinValue, long.MaxValue), Sharpness = 0.5, Brightness = 0.5, Contrast = 0.2,
            });
        }));
    }

    private static string Key(string text) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)));

    private List<(FrameRow Frame, SourceRow Source)> Kept(string name)
    {
        using var manifest = Manifest.Open(here.At(name));
        var sources = manifest.Sources().ToDictionary(source => source.Id);
        return [.. manifest.Select().Select(frame => (frame, sources[frame.SourceId]))];
    }

    [Fact]
    public void A_number_per_label_is_taken_evenly_from_signers_then_their_sessions_then_the_light()
    {
        Clip("set", "anna", "monday", "A", 40, "sun");
        Clip("set", "anna", "monday", "A", 20, "lamp");
        Clip("set", "anna", "tuesday", "A", 40);
        Clip("set", "ben", "monday", "A", 60);
        Clip("set", "cleo", "monday", "A", 5);
        Clip("set", "cleo", "monday", "B", 9);

        here.Run("cull", "set", "-o", "out.db", "--per-label", "45", "--valid", "0", "--test", "0").Succeeds();

        var a = Kept("out.db").Where(kept => kept.Frame.Label == "A").ToList();
        Assert.Equal(45, a.Count);
        Assert.Equal([("anna", 20), ("ben", 20), ("cleo", 5)], a.CountBy(kept => kept.Source.Signer!).Select(signer => (signer.Key, signer.Value)).Order());
        Assert.Equal([("monday", 10), ("tuesday", 10)], a.Where(kept => kept.Source.Signer == "anna").CountBy(kept => kept.Source.Session!).Select(session => (session.Key, session.Value)).Order());
        Assert.Equal([5, 5], a.Where(kept => kept.Source is { Signer: "anna", Session: "monday" }).CountBy(kept => kept.Source.Lighting!).Select(light => light.Value));
    }

    [Fact]
    public void A_small_split_gets_groups_of_its_own_size_and_never_nothing()
    {
        foreach (var label in (string[])["A", "B"])
        {
            Clip("set", "anna", "monday", label, 60);
            Clip("set", "ben", "monday", label, 30);
            Clip("set", "cleo", "monday", label, 6);
            Clip("set", "dora", "monday", label, 4);
            Clip("even", "anna", "monday", label, 25);
            Clip("even", "ben", "monday", label, 25);
            Clip("even", "cleo", "monday", label, 25);
        }
        here.Run("cull", "set", "-o", "out.db", "--valid", "0.06", "--test", "0").Succeeds();
        Assert.Equal(["cleo"], Kept("out.db").Where(kept => kept.Frame.Split == "valid").Select(kept => kept.Source.Signer!).Distinct());

        here.Run("cull", "even", "-o", "even.db", "--valid", "0.05", "--test", "0.05").Succeeds();
        Assert.Equal(3, Kept("even.db").Select(kept => (kept.Frame.Split, kept.Source.Signer)).Distinct().Count());
        Assert.Equal([("test", 50), ("train", 50), ("valid", 50)], Kept("even.db").CountBy(kept => kept.Frame.Split!).Select(split => (split.Key, split.Value)).Order());
    }

    [Fact]
    public void A_number_per_source_is_taken_from_each()
    {
        Clip("set", "anna", "monday", "A", 30);
        Clip("set", "ben", "monday", "A", 8);
        Clip("set", "ben", "tuesday", "B", 30);

        var end = here.Run("cull", "set", "-o", "out.db", "--max-per-source", "12", "--valid", "0", "--test", "0", "--json").Succeeds();

        Assert.Equal([8, 12, 12], Kept("out.db").CountBy(kept => kept.Source.Path).Select(source => source.Value).Order());
        Assert.Equal(36, end.Json.GetProperty("culled").GetProperty("over_the_number_per_source").GetInt32());
        here.Run("cull", "set", "-o", "out.db", "--max-per-source", "0").FailsInOneLine("--max-per-source 0");
    }

    [Fact]
    public void A_diverse_choice_takes_what_looks_different_and_a_random_one_what_there_is_most_of()
    {
        // 60 frames in 4 looks that differ in 32 bits, of which one has 54 frames; a bit tells the frames of a look apart.
        ulong[] looks = [0x00000000FFFFFFFF, 0xFFFFFFFF00000000, 0x0F0F0F0F0F0F0F0F ^ 0x00000000FFFFFFFF, 0xFFFF00000000FFFF];
        Clip("set", "anna", "monday", "A", 60, hash: i => looks[i < 54 ? 0 : 1 + (i % 3)] ^ (1UL << (i % 64)));
        Clip("set", "anna", "monday", "B", 3);
        string[] common = ["set", "--per-label", "4", "--valid", "0", "--test", "0"];

        here.Run("cull", [.. common, "-o", "diverse.db", "--pick", "diverse"]).Succeeds();
        here.Run("cull", [.. common, "-o", "again.db", "--pick", "diverse"]).Succeeds();
        here.Run("cull", [.. common, "-o", "random.db", "--pick", "random", "--seed", "3"]).Succeeds();

        int Looks(string name) => Kept(name).Where(kept => kept.Frame.Label == "A").Select(kept => looks.MinBy(look => PerceptualHash.Distance(look, kept.Frame.PerceptualHash!.Value))).Distinct().Count();
        Assert.Equal(4, Looks("diverse.db"));
        Assert.InRange(Looks("random.db"), 1, 3);
        Assert.Equal(Kept("diverse.db").Select(kept => kept.Frame.Path), Kept("again.db").Select(kept => kept.Frame.Path));
        Assert.Equal(2, here.Run("cull", [.. common, "-o", "no.db", "--pick", "pretty"]).Code);
    }

    [Fact]
    public void Oversampling_repeats_frames_of_train_alone_until_each_label_has_its_number()
    {
        foreach (var signer in (string[])["anna", "ben", "cleo", "dora"])
        {
            Clip("set", signer, "monday", "A", 5);
            Clip("set", signer, "monday", "B", 20);
        }

        here.Run("cull", "set", "-o", "out.db", "--per-label", "60", "--oversample", "--test-signer", "dora", "--valid-signer", "cleo").Succeeds();

        var kept = Kept("out.db");
        Assert.All(kept.GroupBy(frame => frame.Frame.Label), label => Assert.Equal(60, label.Sum(frame => frame.Frame.Copies)));
        Assert.All(kept.Where(frame => frame.Frame.Split != "train"), frame => Assert.Equal(1, frame.Frame.Copies));
        Assert.Equal([5], kept.Where(frame => frame.Frame is { Label: "A", Split: "train" }).Select(frame => frame.Frame.Copies).Distinct());
        here.Run("cull", "set", "-o", "out.db", "--oversample").FailsInOneLine("--per-label");
        here.Run("cull", "set", "-o", "out.db", "--oversample", "--per-label", "1000000").FailsInOneLine("label 'A'", "smaller");
    }

    [Fact]
    public void Sessions_and_sources_are_held_out_by_name()
    {
        foreach (var (signer, session) in (ReadOnlySpan<(string, string)>)[("anna", "monday"), ("anna", "tuesday"), ("ben", "monday"), ("ben", "friday")])
        {
            Clip("set", signer, session, "A", 6);
            Clip("set", signer, session, "B", 6);
        }

        var end = here.Run("cull", "set", "-o", "out.db", "--test-session", "friday,tuesday", "--valid-source", "ben-monday-A-.mp4,ben-monday-B-").Succeeds();

        var kept = Kept("out.db");
        Assert.All(kept, frame => Assert.Equal(frame.Source.Session is "friday" or "tuesday" ? "test" : frame.Source.Signer == "ben" ? "valid" : "train", frame.Frame.Split));
        Assert.Contains("anna is in train and in test", end.Error, StringComparison.Ordinal);
        here.Run("cull", "set", "-o", "no.db", "--test-session", "sunday").FailsInOneLine("session 'sunday'", "friday");
        here.Run("cull", "set", "-o", "no.db", "--test-session", "monday", "--valid-signer", "ben").FailsInOneLine("signer 'ben'", "overlap");
        here.Run("cull", "set", "-o", "no.db", "--test-source", "x.mp4").FailsInOneLine("'x.mp4'");
        here.Run("cull", "set", "-o", "no.db", "--test-source", "a", "--valid-source", "a").FailsInOneLine("source 'a'");
        Assert.False(File.Exists(here.At("no.db")));
    }

    [Fact]
    public void A_hold_out_that_leaves_its_double_on_the_other_side_is_refused_or_the_double_set_aside()
    {
        foreach (var signer in (string[])["anna", "ben", "cleo"])
        {
            Clip("set", signer, "monday", "A", 6);
            Clip("set", signer, "monday", "B", 6);
        }
        Clip("set", "ben", "friday", "A", 1, hash: _ => 0x123456789ABCDEF0);
        Clip("set", "cleo", "friday", "A", 1, hash: _ => 0x123456789ABCDEF3);

        here.Run("cull", "set", "-o", "out.db", "--test-signer", "cleo", "--valid", "0").FailsInOneLine("A/cleo-friday-A--000.jpg", "A/ben-friday-A--000.jpg", "--cull-leaks");
        Assert.False(File.Exists(here.At("out.db")));
        var end = here.Run("cull", "set", "-o", "out.db", "--test-signer", "cleo", "--valid", "0", "--cull-leaks", "--json").Succeeds();

        Assert.Equal(1, end.Json.GetProperty("culled").GetProperty("leak").GetInt32());
        Assert.Equal(13, Kept("out.db").Count(kept => kept.Frame.Split == "test"));
        here.Run("cull", "check", "out.db").Succeeds();
    }

    [Fact]
    public void Clips_with_a_frame_in_common_share_a_split()
    {
        for (var clip = 0; clip < 12; clip++)
        {
            Clip("set", "anna", $"day{clip / 2}", clip % 2 == 0 ? "A" : "B", 8);
        }
        for (var clip = 0; clip < 12; clip += 4)
        {
            Clip("set", "anna", $"extra{clip}", "A", 2, hash: i => 0x0123456789ABCDEFUL * (ulong)(1 + i));
        }
        foreach (var seed in (string[])["1", "2", "3"])
        {
            here.Run("cull", "set", "-o", "out.db", "--seed", seed).Succeeds();

            Assert.Single(Kept("out.db").Where(kept => kept.Source.Session!.StartsWith("extra", StringComparison.Ordinal)).Select(kept => kept.Frame.Split).Distinct());
            here.Run("cull", "check", "out.db", "--allow", "signer").Succeeds();
        }
    }

    [Fact]
    public void A_strangers_number_of_copies_is_refused()
    {
        Clip("set", "anna", "monday", "A", 2);
        using (var connection = new SqliteConnection($"Data Source={here.At("set", "manifest.db")};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "UPDATE frame SET copies = 2000000000";
            command.ExecuteNonQuery();
        }

        here.Run("cull", "set", "-o", "out.db").FailsInOneLine("copies", "damaged");
    }
}
