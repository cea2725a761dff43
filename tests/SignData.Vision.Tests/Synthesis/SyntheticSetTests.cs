using System.Text.Json;
using SignData.Vision.Synthesis;

namespace SignData.Vision.Tests.Synthesis;

public sealed class SyntheticSetTests : IDisposable
{
    private static readonly SynthesisOptions Few = new()
    {
        Letters = ['A', 'V'], Signers = Signer.First(2), Clips = 1, Seconds = 0.5, Width = 96, Height = 64, Threads = 1,
    };

    private readonly string folder = Directory.CreateTempSubdirectory("synthetic-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void One_thread_and_four_make_the_same_files()
    {
        SyntheticSet.Make(At("one"), Few);
        SyntheticSet.Make(At("four"), Few with { Threads = 4 });
        Assert.Equal(["A/s1_A_1.json", "A/s1_A_1.mp4", "A/s2_A_1.json", "A/s2_A_1.mp4", "V/s1_V_1.json", "V/s1_V_1.mp4", "V/s2_V_1.json", "V/s2_V_1.mp4"], Files("one"));
        AssertSame("one", "four");
    }

    [Fact]
    public void Whole_clips_are_kept_and_broken_or_different_ones_made_again()
    {
        Assert.Equal(new SynthesisSummary(4, 60, 2, 0), SyntheticSet.Make(At("set"), Few));
        SyntheticSet.Make(At("reference"), Few);
        Assert.Equal(4, SyntheticSet.Make(At("set"), Few).Skipped);

        File.Delete(At("set/A/s1_A_1.json"));
        File.WriteAllText(At("set/A/s2_A_1.json"), "{ \"version\": ");
        using (FileStream video = File.OpenWrite(At("set/V/s1_V_1.mp4")))
        {
            video.SetLength(video.Length / 2);
        }
        Assert.Equal(1, SyntheticSet.Make(At("set"), Few).Skipped);
        AssertSame("set", "reference");
        Assert.Equal(0, SyntheticSet.Make(At("set"), Few with { Seed = 5 }).Skipped);
    }

    [Fact]
    public void A_run_that_is_stopped_leaves_whole_clips_and_the_next_one_finishes()
    {
        using CancellationTokenSource stop = new();
        Assert.ThrowsAny<OperationCanceledException>(() => SyntheticSet.Make(At("set"), Few, new Stopper(stop), stop.Token));
        Assert.Equal(["A/s1_A_1.json", "A/s1_A_1.mp4"], Files("set"));
        Assert.Equal(1, SyntheticSet.Make(At("set"), Few).Skipped);
        SyntheticSet.Make(At("reference"), Few);
        AssertSame("set", "reference");
    }

    [Fact]
    public void Stills_are_of_hands_at_rest_each_from_elsewhere_and_the_same_for_any_length_and_threads()
    {
        SynthesisOptions all = Few with { Letters = ['V'], Clips = 2 };
        StillsSummary made = SyntheticSet.MakeStills(At("one"), all, 3);
        Assert.Equal(new StillsSummary(12, At("one/stills.csv")), made);
        SyntheticSet.MakeStills(At("four"), all with { Seconds = 3, FramesPerSecond = 7, Threads = 4 }, 3);
        AssertSame("one", "four");
        string[] rows = File.ReadAllLines(made.Table);
        Assert.Equal("path,label,signer,session,lighting", rows[0]);
        Assert.Equal(12, rows[1..].Select(row => row.Split(',')[0]).Distinct().Count(path => ImageFile.Read(At("one/" + path)).Width == Few.Width));
        Assert.All(rows[1..], row => Assert.Matches("^V/(s[12])_V_[12]_[123].jpg,V,\\1,\\1-[abc],[a-z ]+$", row));

        Clip clip = new(Signer.Of("s1"), 'V', 1, all with { Seconds = 1.2 });
        Image picture = new(Few.Width, Few.Height);
        FrameTruth[] rests = [.. clip.Rests().Select(i => clip.Draw(i, picture))];
        Assert.All(rests, rest => Assert.Contains(rest.Phase, (string[])["hold", "still"]));
        Assert.All(rests, rest => Assert.InRange(rest.Blur, 0, 1.5));
        Assert.Equal(Clip.Holds, rests.Select(rest => rest.Yaw).Distinct().Count());
        // Fewer stills are the first of more.
        SyntheticSet.MakeStills(At("fewer"), all, 1);
        Assert.Equal(File.ReadAllBytes(At("one/V/s2_V_2_1.jpg")), File.ReadAllBytes(At("fewer/V/s2_V_2_1.jpg")));
    }

    [Fact]
    public void Stills_that_are_stopped_leave_no_table()
    {
        SyntheticSet.MakeStills(At("set"), Few with { Letters = ['A'], Signers = Signer.First(1) }, 1);
        using CancellationTokenSource stop = new();
        Assert.ThrowsAny<OperationCanceledException>(() => SyntheticSet.MakeStills(At("set"), Few, 1, new Stopper(stop), stop.Token));
        Assert.Equal(["A/s1_A_1_1.jpg"], Files("set"));
    }

    [Fact]
    public void The_truth_says_who_where_when_and_agrees_with_the_video()
    {
        SyntheticSet.Make(At("set"), Few with { Letters = ['V'] });
        using JsonDocument truth = JsonDocument.Parse(File.ReadAllBytes(At("set/V/s2_V_1.json")));
        JsonElement root = truth.RootElement;
        Assert.Equal("s2", root.GetProperty("signer").GetString());
        Assert.StartsWith("s2-", root.GetProperty("session").GetString(), StringComparison.Ordinal);
        Assert.Contains(root.GetProperty("lighting").GetString(), Light.All.Select(l => l.Name));
        Assert.Equal("V", root.GetProperty("letter").GetString());
        Assert.False(string.IsNullOrEmpty(root.GetProperty("device").GetString()));
        VideoInfo info = Video.Probe(At("set/V/s2_V_1.mp4"));
        Assert.Equal((root.GetProperty("width").GetInt32(), root.GetProperty("height").GetInt32()), (info.Width, info.Height));
        int frames = 0;
        foreach (Frame frame in Video.Frames(At("set/V/s2_V_1.mp4"), CancellationToken.None))
        {
            using (frame)
            {
                Assert.Equal(root.GetProperty("frames")[frames++].GetProperty("time").GetDouble(), frame.Time.TotalSeconds, 3);
            }
        }
        Assert.Equal(root.GetProperty("frames").GetArrayLength(), frames);
    }

    [Fact]
    public void No_session_belongs_to_a_letter_or_a_room_to_two_sessions_of_a_signer()
    {
        List<ClipTruth> clips = [.. from s in Signer.First(3) from l in Hand.Letters select new Clip(s, l, 1, Few).Truth];
        foreach (IGrouping<string, ClipTruth> session in clips.GroupBy(c => c.Session))
        {
            Assert.Equal(8, session.Count());
            Assert.Single(session.Select(c => (c.Background, c.Lighting)).Distinct());
        }
        Assert.All(clips.GroupBy(c => c.Signer), signer => Assert.Equal(3, signer.Select(c => c.Background).Distinct().Count()));
    }

    [Fact]
    public void An_output_that_is_a_file_is_refused()
    {
        File.WriteAllText(At("file"), "");
        Assert.Contains(At("file"), Assert.Throws<InputException>(() => SyntheticSet.Make(At("file"), Few)).Message, StringComparison.Ordinal);
        Assert.Throws<InputException>(() => SyntheticSet.Make(At("file/below"), Few));
    }

    [Theory]
    [InlineData("letters", "A,J", "'J'")]
    [InlineData("letters", "3", "'3'")]
    [InlineData("letters", ",", "','")]
    [InlineData("signers", "0", "0")]
    [InlineData("signers", "100", "100")]
    [InlineData("signers", "s1,bob", "'bob'")]
    [InlineData("size", "320", "'320'")]
    [InlineData("size", "321x240", "321x240")]
    [InlineData("size", "4000x240", "4000x240")]
    [InlineData("size", "-320x240", "'-320x240'")]
    public void What_cannot_be_made_is_refused_in_a_line_that_quotes_it(string option, string text, string quoted)
    {
        InputException refused = Assert.Throws<InputException>(() =>
        {
            _ = option switch
            {
                "letters" => (object)SynthesisOptions.ParseLetters(text),
                "signers" => SynthesisOptions.ParseSigners(text),
                _ => SynthesisOptions.ParseSize(text),
            };
        });
        Assert.Contains(quoted, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public void A_contact_sheet_has_a_cell_for_every_letter_and_signer()
    {
        Image sheet = ContactSheet.Draw(Few with { Letters = Hand.Letters, Signers = Signer.First(1) });
        Assert.Equal((12 * 162, 2 * 122), (sheet.Width, sheet.Height));
    }

    private string At(string path) => Path.Combine(folder, path);

    private string[] Files(string set) =>
        [.. Directory.GetFiles(At(set), "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(At(set), f)).Order(StringComparer.Ordinal)];

    private void AssertSame(string left, string right)
    {
        Assert.Equal(Files(left), Files(right));
        Assert.All(Files(left), f => Assert.Equal(File.ReadAllBytes(Path.Combine(At(left), f)), File.ReadAllBytes(Path.Combine(At(right), f))));
    }

    private sealed class Stopper(CancellationTokenSource stop) : IProgress<Progress>
    {
        public void Report(Progress value) => stop.Cancel();
    }
}
