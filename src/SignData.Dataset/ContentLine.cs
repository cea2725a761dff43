using System.Globalization;
using System.Text;

namespace SignData.Dataset;

/// <summary>A frame as a line of UTF-8 whose fields are divided by U+001F and empty where nothing is known: what content is hashed by.</summary>
internal sealed class ContentLine
{
    private const int LongestNumber = 32;

    private byte[] buffer = new byte[1024];
    private int length;

    /// <summary>The line so far.</summary>
    public ReadOnlySpan<byte> Bytes => buffer.AsSpan(0, length);

    /// <summary>Begins a line.</summary>
    public ContentLine Clear()
    {
        length = 0;
        return this;
    }

    /// <summary>A text.</summary>
    public ContentLine Add(string? text)
    {
        Divide(Encoding.UTF8.GetMaxByteCount(text?.Length ?? 0));
        length += Encoding.UTF8.GetBytes(text, buffer.AsSpan(length));
        return this;
    }

    /// <summary>A number, in the shortest form that reads back the same.</summary>
    public ContentLine Add<T>(T? value)
        where T : struct, IUtf8SpanFormattable
    {
        Divide(LongestNumber);
        if (value is { } number)
        {
            number.TryFormat(buffer.AsSpan(length), out var written, default, CultureInfo.InvariantCulture);
            length += written;
        }
        return this;
    }

    /// <summary>Ends the line.</summary>
    public void End() => buffer[length++] = (byte)'\n';

    private void Divide(int room)
    {
        if (buffer.Length < length + room + 2)
        {
            Array.Resize(ref buffer, 2 * (length + room + 2));
        }
        if (length > 0)
        {
            buffer[length++] = 0x1f;
        }
    }
}
