using System.Diagnostics;
using System.Globalization;
using SignData.Core;
using SignData.Dataset;
using SignData.Vision;

namespace SignData.Capture;

/// <summary>The window: the camera's picture on the left, what there is and what is wanted on the right.</summary>
internal sealed class Screen : IDisposable
{
    private const int PictureWidth = 960, Height = 540, PanelWidth = 300, BarHeight = 24, Margin = 16;
    private const int Dark = 0x1B1F24, Ink = 0xE6E9ED, Faint = 0x8A929C, Green = 0x35C46A, Red = 0xE5484D, Amber = 0xF0B429, Groove = 0x333A42;

    private static readonly TimeSpan Calm = TimeSpan.FromMilliseconds(100);

    private readonly CaptureOptions options;
    private readonly Window window;
    private readonly Handshapes handshapes = new();
    private readonly Image whole = new(PictureWidth + PanelWidth, Height);
    private long waited;

    /// <summary>Opens the window.</summary>
    /// <exception cref="InputException">There is no display.</exception>
    public Screen(CaptureOptions options)
    {
        this.options = options;
        try
        {
            window = new Window("SignData capture", whole.Width, whole.Height);
        }
        catch (InputException none)
        {
            throw new InputException($"{none.Message.TrimEnd('.')}, record in a browser with --web, or replay keys with --script and --no-window.", none);
        }
    }

    /// <summary>Whether the keys lie over the picture.</summary>
    public bool ShowsKeys { get; set; }

    /// <summary>What the keyboard did next; null when it did nothing more.</summary>
    public KeyEvent? Next() => window.Next();

    /// <summary>Shows a frame and how the session stands.</summary>
    public void Show(LiveFrame frame, Recorder recorder, bool stopped)
    {
        DrawPicture(frame.Frame);
        var blurry = frame.Scores.Sharpness < recorder.SharpEnough;
        DrawSharpness(frame.Scores.Sharpness, recorder.SharpEnough, blurry);
        if (recorder.Label is { } label)
        {
            var colour = recorder.Rejected is null ? Green : Red;
            Canvas.Border(whole, 0, 0, PictureWidth, Height - BarHeight, 8, colour);
            Banner(recorder.Rejected is { } reason ? $"{label}  left out: {reason.Replace('_', ' ')}" : label, 36, colour);
        }
        DrawPanel(recorder);
        if (Advice.Of(recorder) is var (text, failed))
        {
            Canvas.Fill(whole, 0, Height - BarHeight - 40, PictureWidth, 40, Dark);
            Canvas.Write(whole, text, Margin, Height - 38, 13, failed ? Red : Amber);
        }
        if (stopped)
        {
            Canvas.Fill(whole, PictureWidth - 330, 8, 322, 34, Dark);
            Canvas.Write(whole, "stopped: Right steps, Return plays", PictureWidth - 318, 31, 11, Amber);
        }
        if (ShowsKeys)
        {
            DrawKeys();
        }
        window.Show(whole);
    }

    /// <summary>Says that there is no picture, and why.</summary>
    public void Wait(string? trouble)
    {
        if (trouble is null || Stopwatch.GetElapsedTime(waited) < Calm)
        {
            return;
        }
        waited = Stopwatch.GetTimestamp();
        Canvas.Fill(whole, 0, 0, PictureWidth, Height, Dark);
        Canvas.Write(whole, "No picture: waiting for the camera.", Margin, Height / 2, 18, Amber, 2);
        Canvas.Write(whole, trouble, Margin, (Height / 2) + 36, 11, Ink);
        window.Show(whole);
    }

    public void Dispose() => window.Dispose();

    private void DrawPicture(Frame frame)
    {
        var scale = Math.Min((double)PictureWidth / frame.Width, (double)Height / frame.Height);
        var (width, height) = (Math.Max(1, (int)(frame.Width * scale)), Math.Max(1, (int)(frame.Height * scale)));
        var picture = Resample.ToRgb(frame);
        if (picture.Width != width || picture.Height != height)
        {
            picture = Resample.Resize(picture, width, height);
        }
        if (width < PictureWidth || height < Height)
        {
            Canvas.Fill(whole, 0, 0, PictureWidth, Height, 0);
        }
        // The signer sees a mirror; frames that are saved as in a mirror come so.
        Canvas.Put(whole, picture, (PictureWidth - width) / 2, (Height - height) / 2, mirrored: !options.SaveMirrored);
    }

    private void DrawSharpness(double sharpness, double enough, bool blurry)
    {
        const double Most = 0.94;
        Canvas.Fill(whole, 0, Height - BarHeight, PictureWidth, BarHeight, Dark);
        Canvas.Write(whole, "sharpness", Margin, Height - 7, 10, Faint);
        const int left = 110, length = PictureWidth - left - Margin;
        Canvas.Fill(whole, left, Height - 16, length, 8, Groove);
        Canvas.Fill(whole, left, Height - 16, (int)(length * Math.Min(1, sharpness / Most)), 8, blurry ? Red : Green);
        Canvas.Fill(whole, left + (int)(length * Math.Min(1, enough / Most)), Height - 20, 2, 16, Ink);
    }

    private void DrawPanel(Recorder recorder)
    {
        const int left = PictureWidth + Margin;
        Canvas.Fill(whole, PictureWidth, 0, PanelWidth, Height, Dark);
        var next = recorder.Coach.Next;
        Canvas.Write(whole, next is null ? "all targets reached" : "record next", left, 28, 11, Faint);
        if (next is not null)
        {
            Canvas.Write(whole, next, left, 84, next.Length > 4 ? 20 : 40, Ink, next.Length > 4 ? 2 : 3);
            Canvas.Write(whole, $"key {options.Keys.KeyOf(next)}", left, 110, 11, Faint);
            Canvas.Write(whole, recorder.Coach.Why ?? "", left, 132, 10, Amber);
            if (handshapes.Of(next) is { } hand)
            {
                Canvas.Put(whole, hand, whole.Width - hand.Width - Margin, 12, mirrored: true);
            }
        }
        DrawCounts(recorder.Coach, left, 144, Height - 144 - 76);
        Canvas.Write(whole, $"{recorder.Kept} kept  {recorder.Dropped} dropped", left, Height - 52, 11, Ink);
        Canvas.Write(whole, recorder.Lighting + "  (Tab)", left, Height - 32, 11, Faint);
        Canvas.Write(whole, "? keys   Esc end", left, Height - 12, 11, Faint);
    }

    private void DrawCounts(Coach coach, int left, int top, int height)
    {
        const int Columns = 2, RowHeight = 21;
        var rows = Math.Min((coach.Labels.Count + Columns - 1) / Columns, height / RowHeight);
        var width = (PanelWidth - (2 * Margin)) / Columns;
        foreach (var (i, label) in coach.Labels.Take(rows * Columns).Index())
        {
            var (x, y) = (left + (i / rows * width), top + (i % rows * RowHeight));
            var count = coach.CountOf(label);
            var done = Math.Min(1, (double)count / coach.Target);
            Canvas.Write(whole, label.Length > 8 ? label[..8] : label, x, y + 10, 9, count >= coach.Target ? Green : Ink);
            Canvas.Write(whole, count.ToString(CultureInfo.InvariantCulture), x + 84, y + 10, 9, Faint);
            Canvas.Fill(whole, x, y + 14, width - 12, 3, Groove);
            Canvas.Fill(whole, x, y + 14, (int)((width - 12) * done), 3, count >= coach.Target ? Green : Amber);
        }
    }

    private void DrawKeys()
    {
        Canvas.Fill(whole, 40, 40, PictureWidth - 80, Height - 140, Dark);
        string[] lines =
        [
            "Hold a key: every frame is saved under its label. Tap: the sharpest frame of the moment.",
            "Backspace: take the last burst back     Tab: next light     ?: these keys     Esc: end",
            "In a clip, Return: stop and play     Right: one frame on, with a key held it is saved", "",
            .. options.Keys.Keys.Select(pair => $"{pair.Key}: {pair.Value}").Chunk(8).Select(some => string.Join("    ", some)),
        ];
        foreach (var (i, line) in lines.Take(14).Index())
        {
            Canvas.Write(whole, line, 60, 76 + (i * 26), 11, Ink);
        }
    }

    private void Banner(string text, int size, int colour)
    {
        Canvas.Fill(whole, 8, 8, Canvas.WidthOf(text, size, 3) + 32, size + 28, Dark);
        Canvas.Write(whole, text, 24, size + 20, size, colour, 3);
    }
}
