using System.Diagnostics;
using System.Runtime.InteropServices;
using SignData.Core;

namespace SignData.Vision;

/// <summary>What a key did.</summary>
public enum KeyChange
{
    /// <summary>It went down.</summary>
    Pressed,

    /// <summary>It came up.</summary>
    Released,

    /// <summary>The keyboard went to another window: what is held counts as released.</summary>
    FocusLost,

    /// <summary>The window was closed, or the display is gone.</summary>
    Closed,
}

/// <summary>A key pressed or released.</summary>
/// <param name="Change">What happened.</param>
/// <param name="Key">The key's name as X has it, without modifiers: <c>a</c>, <c>space</c>, <c>Delete</c>, <c>Tab</c>.</param>
/// <param name="Typed">What it writes, such as <c>?</c>; empty for keys that write nothing.</param>
/// <param name="Age">How long ago it happened.</param>
public readonly record struct KeyEvent(KeyChange Change, string Key, string Typed, TimeSpan Age);

/// <summary>
/// A window of fixed size on the X11 display, for one thread. A key that is held is one press and one release with the display's own times, however
/// often it repeats in between.
/// </summary>
public sealed unsafe class Window : IDisposable
{
    private static readonly TimeSpan SameClock = TimeSpan.FromSeconds(2);

    private readonly int width, height;
    private readonly HashSet<string> held = [];
    private nint handle;
    private int? ahead;

    /// <summary>Opens a window.</summary>
    /// <param name="title">ASCII.</param>
    /// <param name="width">In pixels, 16 to 4096.</param>
    /// <param name="height">In pixels, 16 to 4096.</param>
    /// <exception cref="InputException">There is no display, or not one of 24-bit colour.</exception>
    public Window(string title, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 16);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, 4096);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 16);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(height, 4096);
        (this.width, this.height) = (width, height);
        NativeMethods.CheckWindow(NativeMethods.sd_window_open(title, width, height, out handle));
    }

    /// <summary>Shows a picture.</summary>
    /// <param name="picture">RGB, of the window's size.</param>
    public void Show(Image picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ObjectDisposedException.ThrowIf(handle == 0, this);
        if (picture.Width != width || picture.Height != height || picture.Channels != 3)
        {
            throw new ArgumentException($"A picture of {picture.Width}x{picture.Height}x{picture.Channels} does not fit a window of {width}x{height}x3.", nameof(picture));
        }
        fixed (byte* rgb = picture.Pixels)
        {
            NativeMethods.CheckWindow(NativeMethods.sd_window_show(handle, rgb));
        }
    }

    /// <summary>The next event that has come; null when there is none.</summary>
    public KeyEvent? Next()
    {
        ObjectDisposedException.ThrowIf(handle == 0, this);
        while (true)
        {
            NativeMethods.WindowEvent next;
            NativeMethods.CheckWindow(NativeMethods.sd_window_next(handle, &next));
            var (key, typed) = (Text(next.Key), Text(next.Typed));
            switch (next.Kind)
            {
                case 0:
                    return null;
                case 1 when held.Add(key):
                    return new(KeyChange.Pressed, key, typed, AgeOf(next.Milliseconds));
                case 2 when held.Remove(key):
                    return new(KeyChange.Released, key, typed, AgeOf(next.Milliseconds));
                case 3:
                    held.Clear();
                    return new(KeyChange.FocusLost, "", "", TimeSpan.Zero);
                case 4:
                    return new(KeyChange.Closed, "", "", TimeSpan.Zero);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (handle != 0)
        {
            NativeMethods.sd_window_close(handle);
            handle = 0;
        }
    }

    /// <summary>
    /// A display on this machine has this machine's monotonic clock; one elsewhere has its own, which is as far ahead as the event that came
    /// with the least delay tells.
    /// </summary>
    private TimeSpan AgeOf(uint milliseconds)
    {
        var delay = unchecked((int)((uint)Stopwatch.GetElapsedTime(0).TotalMilliseconds - milliseconds));
        ahead = Math.Min(ahead ?? (delay >= -1 && delay < SameClock.TotalMilliseconds ? 0 : delay), delay);
        return TimeSpan.FromMilliseconds(delay - ahead.Value);
    }

    private static string Text(byte* bytes) => Marshal.PtrToStringUTF8((nint)bytes) ?? "";
}
