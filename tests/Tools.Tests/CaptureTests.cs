using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using SignData.Dataset;
using SignData.Vision;

namespace SignData.Tools.Tests;

public sealed class CaptureTests : IDisposable
{
    private readonly Executable here = ScriptedCapture.Folder();

    public void Dispose() => here.Dispose();

    private static (string Label, int? Burst, int? Position)[] Rows(Manifest manifest) =>
        [.. manifest.Select().Select(frame => (frame.Label, frame.Burst, frame.Position)).OrderBy(frame => frame.Position)];

    private static void AssertEveryRowHasItsFileAndEveryFileItsRow(Manifest manifest)
    {
        var rows = manifest.Select(includeCulled: true);
        Assert.All(rows, row => Assert.Equal(row.Bytes, new FileInfo(manifest.PathOf(row)).Length));
        Assert.Equal(rows.Select(manifest.PathOf).Order(StringComparer.Ordinal),
            Directory.EnumerateFiles(manifest.Folder, "*.jpg*", SearchOption.AllDirectories).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_held_key_records_every_frame_of_its_stretch_once_and_a_tap_one()
    {
        here.Clip(4);
        // The second key wins while both are down; what follows the end of the clip is warned of.
        var script = here.Script("# time key duration", "0.5 a 1", "2.0 b 1", "2.5 Space 0.2", "3.2 C 0.05", "9 a 1");

        var end = here.Run("capture", ScriptedCapture.Arguments("set", script, "--no-judge", "--signer", "anna")).Succeeds();

        Assert.Contains("warning: 1 keys", end.Error, StringComparison.Ordinal);
        Assert.Equal(0, end.Json.GetProperty("dropped").GetInt32());
        using var manifest = Manifest.Open(here.At("set"));
        var rows = Rows(manifest);
        Assert.Equal(Enumerable.Range(15, 30), rows.Where(row => row.Label == "A").Select(row => row.Position!.Value));
        Assert.Equal(Enumerable.Range(60, 15), rows.Where(row => row.Label == "B").Select(row => row.Position!.Value));
        Assert.Equal(Enumerable.Range(75, 6), rows.Where(row => row.Label == "space").Select(row => row.Position!.Value));
        Assert.InRange(Assert.Single(rows, row => row.Label == "C").Position!.Value, 93, 97);
        Assert.Equal(4, rows.Select(row => row.Burst).Distinct().Count());
        Assert.Equal(rows.Length, end.Json.GetProperty("kept").GetInt32());
        var source = Assert.Single(manifest.Sources());
        Assert.Equal(("webcam", "anna", "test", "light 1", "clip.mp4", rows.Length), (source.Kind, source.Signer, source.Session, source.Lighting, source.Device, source.Frames));
        AssertEveryRowHasItsFileAndEveryFileItsRow(manifest);
    }

    [Fact]
    public void Backspace_takes_the_last_burst_back_Tab_changes_the_light_Escape_ends()
    {
        here.Clip(4);
        var script = here.Script("0.5 a 0.5", "1.2 b 0.5", "2.0 BackSpace", "2.2 Tab", "2.5 c 0.5", "3.2 Escape", "3.4 d 0.3");

        var json = here.Run("capture", ScriptedCapture.Arguments("set", script, "--no-judge", "--lighting", "day,lamp")).Succeeds().Json;

        using var manifest = Manifest.Open(here.At("set"));
        Assert.Equal(["A", "C"], manifest.Select().Select(frame => frame.Label).Distinct());
        Assert.Equal(15, json.GetProperty("undone").GetInt32());
        Assert.Equal([("A", "day"), ("C", "lamp")], manifest.Select().Select(frame => (frame.Label, manifest.Sources().Single(s => s.Id == frame.SourceId).Lighting!)).Distinct());
        AssertEveryRowHasItsFileAndEveryFileItsRow(manifest);
    }

    [Fact]
    public void Blurred_stretches_are_left_out_and_every_frame_is_accounted_for()
    {
        // Half seconds sharp and blurred in turn.
        here.Clip(6, "gblur=sigma=6:enable='lt(mod(t,1),0.5)'");
        var json = here.Run("capture", ScriptedCapture.Arguments("set", here.Script("1.0 a 4.9"))).Succeeds().Json;

        using var manifest = Manifest.Open(here.At("set"));
        var kept = manifest.Select();
        Assert.NotEmpty(kept);
        Assert.All(kept, frame => Assert.InRange(frame.Position!.Value % 30, 14, 30));
        var rejected = json.GetProperty("rejected");
        Assert.InRange(rejected.GetProperty("blurry").GetInt32(), 74, 90);
        Assert.Equal(json.GetProperty("frames").GetInt32(), kept.Count + rejected.EnumerateObject().Sum(reason => reason.Value.GetInt32()));
        Assert.Equal(rejected.GetProperty("blurry").GetInt32(), manifest.Sources()[0].Rejected["blurry"]);
    }

    [Fact]
    public void The_same_script_gives_the_same_rows_and_two_sessions_at_once_double_nothing()
    {
        here.Clip(3);
        var script = here.Script("0.2 a 1", "1.5 b 1");
        using (var one = here.Start("capture", ScriptedCapture.Arguments("set", script, "--no-judge")))
        using (var other = here.Start("capture", ScriptedCapture.Arguments("set", script, "--no-judge")))
        {
            one.Wait().Succeeds();
            other.Wait().Succeeds();
        }
        here.Run("capture", ScriptedCapture.Arguments("again", script, "--no-judge")).Succeeds();
        here.Run("capture", ScriptedCapture.Arguments("more", script, "--no-judge")).Succeeds();

        using var manifest = Manifest.Open(here.At("set"));
        Assert.Equal(120, manifest.Select().Count);
        Assert.Equal(2, manifest.Sources().Select(source => source.Path).Distinct().Count());
        AssertEveryRowHasItsFileAndEveryFileItsRow(manifest);
        using var again = Manifest.Open(here.At("again"));
        using var more = Manifest.Open(here.At("more"));
        Assert.Equal(again.ContentHash(), more.ContentHash());
        Assert.False(File.Exists(here.At("set", ".signdata-lock")));
    }

    [Fact]
    public void Twenty_killed_sessions_leave_a_valid_dataset_and_the_next_tidies_up()
    {
        const int AtOnce = 8; // Frames of one transaction.
        here.Clip(60);
        var script = here.Script("0 a 60");
        var (moments, before) = (new Random(20), 0);
        for (var i = 0; i < 20; i++)
        {
            using (var session = here.Start("capture", ScriptedCapture.Arguments("set", script, "--no-judge")))
            {
                SpinWait.SpinUntil(() => Directory.Exists(here.At("set", "A")) && Directory.GetFiles(here.At("set", "A"), "*.jpg").Length > before, TimeSpan.FromMinutes(1));
                Thread.Sleep(moments.Next(150));
                session.Kill();
                session.Wait();
            }
            using var manifest = Manifest.Open(here.At("set"));
            var rows = manifest.Select();
            Assert.InRange(rows.Count, before, before + 1800);
            Assert.All(rows, row => Assert.Equal(row.Bytes, new FileInfo(manifest.PathOf(row)).Length));
            // Nothing is missing in between, and what is not noted yet is one transaction.
            Assert.All(rows.GroupBy(row => row.SourceId), one => Assert.Equal(Enumerable.Range(0, one.Count()), one.Select(row => row.Position!.Value).Order()));
            var files = Directory.GetFiles(here.At("set", "A"), "*.jpg");
            Assert.InRange(files.Except(rows.Select(manifest.PathOf)).Count(), 0, AtOnce);
            before = files.Length;
        }

        here.Script("0 b 0.5");
        here.Run("capture", ScriptedCapture.Arguments("set", "keys.txt", "--no-judge")).Succeeds();

        using var whole = Manifest.Open(here.At("set"));
        Assert.Equal(15, whole.Select().Count(row => row.Label == "B"));
        AssertEveryRowHasItsFileAndEveryFileItsRow(whole);
    }

    [Fact]
    public void Recorded_letters_are_culled_by_burst_trained_and_evaluated()
    {
        here.Run("synth", "-o", "clips", "--letters", "A,B,L", "--signers", "1", "--clips", "4", "--seconds", "1.2", "--size", "160x120").Succeeds();
        string[] letters = [.. from letter in (string[])["A", "B", "L"] from number in Enumerable.Range(1, 4) select $"{letter}/s1_{letter}_{number}.mp4"];
        File.WriteAllLines(here.At("list.txt"), letters.Select(clip => $"file 'clips/{clip}'"));
        Executable.RunOther("ffmpeg", "-v", "error", "-nostdin", "-f", "concat", "-i", here.At("list.txt"), "-c", "copy", here.At("clip.mp4"));
        var script = here.Script([.. letters.Select((clip, i) => FormattableString.Invariant($"{i * 1.2:0.0} {clip[0]} 1.15"))]);

        here.Run("capture", ScriptedCapture.Arguments("set", script, "--min-sharpness", "0", "--signer", "s1")).Succeeds();
        var cull = here.Run("cull", "set", "-o", "cull/manifest.db", "--valid", "0.25", "--test", "0.25").Succeeds();
        here.Run("train", "cull/manifest.db", "-o", "run", "--recipe", Path.Combine(Executable.Root, "recipes", "tiny.yaml")).Succeeds();
        var eval = here.Run("eval", "run", "cull/manifest.db", "--json").Succeeds();

        Assert.Contains("split by burst: 12 groups", cull.Out + cull.Error, StringComparison.Ordinal);
        using var manifest = Manifest.Open(here.At("cull"));
        Assert.Equal(["test", "train", "valid"], manifest.Select().Select(row => row.Split).Distinct().Order());
        Assert.All(manifest.Select().GroupBy(row => row.Burst), burst => Assert.Single(burst.Select(row => row.Split).Distinct()));
        Assert.Equal(manifest.Select().Count(row => row.Split == "test"), eval.Json.GetProperty("frames").GetInt32());
    }

    [DisplayFact]
    public void A_full_disk_is_told_in_the_window_and_Escape_ends_with_1()
    {
        here.Clip(60);
        using var disk = new SmallDisk(here.At("small"), "700k");
        using var screen = new VirtualDisplay();
        here.Variables["DISPLAY"] = screen.Name;
        using var session = here.Start("capture", "small/set", "--camera", "clip.mp4", "--session", "test", "--no-judge");
        screen.Keys("search", "--sync", "--onlyvisible", "--name", "SignData capture");
        Thread.Sleep(700);
        screen.Keys("keydown", "a", "sleep", "4");
        Assert.False(session.Ended);
        screen.Keys("keyup", "a", "key", "Escape");
        session.Wait().FailsInOneLine("space");

        using var manifest = Manifest.Open(here.At("small", "set"));
        Assert.NotEmpty(manifest.Select());
        AssertEveryRowHasItsFileAndEveryFileItsRow(manifest);
    }

    [SmallDiskFact]
    public void A_full_disk_ends_with_one_line_and_leaves_a_valid_dataset()
    {
        here.Clip(10);
        using var disk = new SmallDisk(here.At("small"), "900k");
        here.Run("capture", ScriptedCapture.Arguments("small/set", here.Script("0 a 10"), "--no-judge")).FailsInOneLine("space");
        using var manifest = Manifest.Open(here.At("small", "set"));
        Assert.NotEmpty(manifest.Select());
        AssertEveryRowHasItsFileAndEveryFileItsRow(manifest);
    }

    [Fact]
    public async Task A_camera_that_is_lost_is_waited_for()
    {
        using var phone = new TcpListener(IPAddress.Loopback, 0);
        phone.Start();
        var calls = 0;
        var serving = Task.Run(async () =>
        {
            try
            {
                while (true)
                {
                    using var client = await phone.AcceptTcpClientAsync();
                    await Film(client.GetStream(), 20 * calls++);
                }
            }
            catch (Exception over) when (over is SocketException or InvalidOperationException)
            {
                // The test is over.
            }
        });

        here.Run("capture", "set", "--camera", $"http://127.0.0.1:{((IPEndPoint)phone.LocalEndpoint).Port}/video", "--script", here.Script("0 a 4", "5 Escape"), "--no-window", "--no-judge").Succeeds();
        phone.Stop();
        await serving;

        Assert.True(calls > 1);
        using var manifest = Manifest.Open(here.At("set"));
        var rows = Rows(manifest);
        Assert.True(rows.Length > 20, $"{rows.Length} frames");
        Assert.Equal(Enumerable.Range(0, rows.Length), rows.Select(row => row.Position!.Value));

        // Twenty frames as a phone sends them, then it is gone.
        static async Task Film(NetworkStream stream, int from)
        {
            try
            {
                _ = await stream.ReadAsync(new byte[4096]);
                await stream.WriteAsync("HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=next\r\n\r\n"u8.ToArray());
                for (var i = 0; i < 20; i++)
                {
                    var jpeg = ImageFile.EncodeJpeg(Pictures.Of(from + i, 240), 90);
                    await stream.WriteAsync((byte[])[.. Encoding.ASCII.GetBytes($"--next\r\nContent-Type: image/jpeg\r\nContent-Length: {jpeg.Length}\r\n\r\n"), .. jpeg, .. "\r\n"u8]);
                    await Task.Delay(30);
                }
            }
            catch (IOException)
            {
                // The tool has hung up.
            }
        }
    }

    [Fact]
    public void Own_keys_and_labels()
    {
        here.Clip(1);
        File.WriteAllLines(here.At("labels.txt"), ["# key label", "1 hello", "F2 thank you", ", comma"]);

        here.Run("capture", ScriptedCapture.Arguments("set", here.Script("0.1 F2 0.3", "0.5 1 0.3"), "--labels", "labels.txt", "--no-judge")).Succeeds();

        using var manifest = Manifest.Open(here.At("set"));
        Assert.Equal(["hello", "thank you"], manifest.Select().Select(frame => frame.Label).Distinct());
    }

    [DisplayFact]
    public void In_a_real_window_keys_held_down_record_what_their_times_say()
    {
        here.Clip(8);
        using var screen = new VirtualDisplay();
        here.Variables["DISPLAY"] = screen.Name;
        ToolEnd end;
        using (var session = here.Start("capture", "set", "--camera", "clip.mp4", "--session", "test", "--no-judge", "--save-script", "pressed.txt", "--json"))
        {
            screen.Keys("search", "--sync", "--onlyvisible", "--name", "SignData capture");
            Thread.Sleep(700);
            screen.Keys("keydown", "a", "sleep", "1.2", "keyup", "a", "sleep", "0.3", "keydown", "space", "sleep", "0.6", "keyup", "space", "sleep", "0.2");
            screen.Keys("keydown", "x", "sleep", "0.4", "keyup", "x", "sleep", "0.2", "key", "BackSpace", "sleep", "0.2", "keydown", "Delete", "sleep", "0.4", "keyup", "Delete", "sleep", "0.3", "key", "Escape");
            end = session.Wait().Succeeds();
        }

        var pressed = File.ReadAllLines(here.At("pressed.txt")).Select(line => line.Split(' ')).Select(words => (Time: Number(words[0]), Key: words[1], Duration: Number(words[2]))).ToList();
        Assert.Equal(["a", "space", "x", "BackSpace", "Delete"], pressed.Select(stroke => stroke.Key));
        // Recorded again by the times alone: every frame of every held stretch, once, under its label.
        using var manifest = Manifest.Open(here.At("set"));
        (string Key, string Label)[] kept = [("a", "A"), ("space", "space"), ("Delete", "del")];
        var expected = (from stroke in pressed
                        from name in kept
                        where stroke.Key == name.Key
                        from position in Enumerable.Range(0, 240)
                        where Math.Round(position / 30.0, 7) >= stroke.Time && Math.Round(position / 30.0, 7) < stroke.Time + stroke.Duration
                        select (name.Label, (int?)position)).ToList();
        // A machine that is busy otherwise loses some, and says how many.
        var rows = Rows(manifest).Select(row => (row.Label, row.Position)).ToList();
        Assert.Equal(expected.Count - end.Json.GetProperty("dropped").GetInt32(), rows.Count);
        Assert.Equal(expected.Intersect(rows), rows);
        AssertEveryRowHasItsFileAndEveryFileItsRow(manifest);
        File.Copy(here.At("pressed.txt"), here.At("keys.txt"));
        here.Run("capture", ScriptedCapture.Arguments("again", "keys.txt", "--no-judge")).Succeeds();
        using var again = Manifest.Open(here.At("again"));
        Assert.Equal(expected, Rows(again).Select(row => (row.Label, row.Position)));

        static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
    }

    [DisplayFact]
    public void A_clip_that_stands_still_is_labelled_frame_by_frame()
    {
        here.Clip(30);
        using var screen = new VirtualDisplay();
        here.Variables["DISPLAY"] = screen.Name;
        using (var session = here.Start("capture", "set", "--camera", "clip.mp4", "--session", "test", "--no-judge"))
        {
            screen.Keys("search", "--sync", "--onlyvisible", "--name", "SignData capture");
            Thread.Sleep(700);
            screen.Keys("key", "Return", "sleep", "1", "keydown", "b", "sleep", "0.5", "key", "Right", "sleep", "0.7", "key", "Right", "sleep", "0.7", "keyup", "b", "sleep", "0.5");
            screen.Keys("key", "Right", "sleep", "0.7", "keydown", "c", "keyup", "c", "sleep", "0.5", "key", "Return", "sleep", "0.5", "key", "Escape");
            session.Wait().Succeeds();
        }

        using var manifest = Manifest.Open(here.At("set"));
        var rows = Rows(manifest);
        Assert.Equal(["B", "B", "B", "C"], rows.Select(row => row.Label));
        Assert.Equal(Enumerable.Range(rows[0].Position!.Value, 4), rows.Select(row => row.Position!.Value));
    }
}
