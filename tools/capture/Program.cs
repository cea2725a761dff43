using System.Globalization;
using SignData.Capture;
using SignData.Cli;

var tool = new Tool("capture", """
    Records labelled frames into a dataset while you sign: hold a key with the other hand, and every frame of the camera is saved under its label.
    Keys: A to Z record their letter, space 'space', Delete 'del', 0 'nothing' (others: --labels). Hold: every frame from press to release. Tap (under 0.2 s):
    the sharpest frame of the moment. Backspace: takes the last burst back. Tab: the next light. ?: shows the keys. Esc: ends (Ctrl-C too; all is saved).
    Window: the picture as in a mirror; a green frame while recording, a red one while frames are left out (blurry, or like one already kept); the bar shows
    the sharpness, its mark how much is enough; counts against the target; the label to record next with its handshape. When the disk is full it says so and
    records no more, and the exit code is 1. A camera that is lost is waited for. A clip as camera comes at its own pace and ends the session;
    Return stops it and lets it play, Right goes one frame on: a key that is held meanwhile records the frames on show.
    Without a display: --web prints the address of a page that does the same with the browser's camera; --script with --no-window reads a clip as fast as it
    can, and leaves out nothing.
    """);
var arguments = new Arguments(tool).Checked();

return tool.Run(args, run =>
{
    if (arguments.OnlyLists(run))
    {
        return Cameras.List(run);
    }
    var summary = arguments.Record(run);
    if (summary.Ignored > 0)
    {
        run.Warn($"{summary.Ignored} keys of the script come after the last frame.");
    }
    run.Result(string.Create(CultureInfo.InvariantCulture, $"{summary.Kept} frames kept of {summary.Labels.Count} labels in {summary.Bursts} bursts, {summary.Dropped} dropped, in {summary.Seconds:0.0} s"));
    foreach (var (reason, count) in summary.Rejected)
    {
        run.Result($"{count,8} {reason.Replace('_', ' ')}");
    }
    run.Json(new { summary.Frames, summary.Kept, summary.Dropped, summary.Rejected, summary.Undone, summary.Bursts, summary.Labels, summary.Latency, summary.Redraws, summary.Seconds });
    run.Cancelled.ThrowIfCancellationRequested();
    return 0;
});
