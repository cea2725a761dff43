using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;
using SignData.Core;

namespace SignData.Dataset;

public sealed partial class Manifest
{
    private const string FrameColumns = """
        SELECT id, path, label, source, position, time, burst, width, height, bytes, sha256, phash, sharpness, brightness, contrast,
            split, culled, entropy, shadows, highlights, colour, pixel_hash, layout, modified, measured, flags, copies FROM frame
        """;

    private SqliteCommand? insertFrame;

    /// <summary>Frames in the order of their paths.</summary>
    /// <param name="split">train, valid or test; null for all and for those not assigned.</param>
    /// <param name="label">One sign; null for all.</param>
    /// <param name="includeCulled">Whether those set aside come too.</param>
    public IReadOnlyList<FrameRow> Select(string? split = null, string? label = null, bool includeCulled = false) =>
        Query(FrameColumns + " WHERE ($1 IS NULL OR split = $1) AND ($2 IS NULL OR label = $2) AND ($3 OR culled IS NULL) ORDER BY path",
            ReadFrame, split, label, includeCulled ? 1 : 0);

    /// <summary>Every frame, culled or not, in the order of their paths, without holding them all.</summary>
    /// <param name="each">Called with each; it must not call this manifest.</param>
    public void Read(Action<FrameRow> each)
    {
        ArgumentNullException.ThrowIfNull(each);
        Guard(() =>
        {
            using var command = Command(FrameColumns + " ORDER BY path", []);
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                each(ReadFrame(reader));
            }
            return 0;
        });
    }

    /// <summary>One source's frames, culled or not, in the order of their paths.</summary>
    /// <param name="source">A <see cref="SourceRow.Id"/>.</param>
    public IReadOnlyList<FrameRow> FramesOf(long source) => Query(FrameColumns + " WHERE source = $1 ORDER BY path", ReadFrame, source);

    /// <summary>Adds a frame; its path must be new to the manifest.</summary>
    /// <param name="frame">With <see cref="FrameRow.Id"/> 0 it gets the next free one.</param>
    /// <returns>The row with its id.</returns>
    public FrameRow Add(FrameRow frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        return Guard(() =>
        {
            var id = frame.Id != 0 ? frame.Id : 1 + Sqlite.Scalar(connection, "SELECT coalesce(max(id), 0) FROM frame");
            insertFrame ??= Command($"INSERT INTO frame VALUES ({string.Join(", ", Enumerable.Range(1, 27).Select(i => $"${i}"))})", new object?[27]);
            object?[] values =
            [
                id, frame.Path, frame.Label, frame.SourceId, frame.Position, frame.Time, frame.Burst, frame.Width, frame.Height, frame.Bytes,
                frame.Sha256, unchecked((long?)frame.PerceptualHash), frame.Sharpness, frame.Brightness, frame.Contrast, frame.Split, frame.Culled,
                frame.Entropy, frame.Shadows, frame.Highlights, frame.Colour, unchecked((long?)frame.PixelHash), LayoutBytes(frame.Layout),
                frame.Modified, frame.Measured, frame.Flags, frame.Copies,
            ];
            for (var i = 0; i < values.Length; i++)
            {
                insertFrame.Parameters[i].Value = values[i] ?? DBNull.Value;
            }
            insertFrame.ExecuteNonQuery();
            return frame with { Id = id };
        });
    }

    /// <summary>Forgets the frames of a source, with their predictions; the pictures are the caller's.</summary>
    /// <param name="source">A <see cref="SourceRow.Id"/>.</param>
    public void RemoveFramesOf(long source) => Guard(() => Run("DELETE FROM frame WHERE source = $1", source));

    /// <summary>Forgets a frame, with its predictions; the picture is the caller's.</summary>
    /// <param name="frame">A row of this manifest.</param>
    public void Remove(FrameRow frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        Guard(() => Run("DELETE FROM frame WHERE id = $1", frame.Id));
    }

    /// <summary>Forgets a source and its frames; the pictures are the caller's.</summary>
    /// <param name="source">A <see cref="SourceRow.Id"/>.</param>
    public void Remove(long source) => Guard(() =>
    {
        Run("DELETE FROM frame WHERE source = $1", source);
        return Run("DELETE FROM source WHERE id = $1", source);
    });

    /// <summary>
    /// What tells whether two manifests are of the same content: SHA-256 over the frames in the order of their paths, each with its source.
    /// Keys, where the sources lie, when files were written and predictions do not count.
    /// </summary>
    /// <param name="each">Called with each frame on the way, as by <see cref="Read"/>.</param>
    /// <returns>64 lower-case hexadecimal digits.</returns>
    public string ContentHash(Action<FrameRow>? each = null)
    {
        var sources = Sources().ToDictionary(source => source.Id);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Read(frame =>
        {
            hash.AppendData(Line(frame, sources[frame.SourceId]));
            each?.Invoke(frame);
        });
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static byte[] Line(FrameRow frame, SourceRow source)
    {
        return Encoding.UTF8.GetBytes(string.Join('\u001f',
            frame.Path, frame.Label, Number(frame.Position), Number(frame.Time), Number(frame.Burst), Number(frame.Width), Number(frame.Height),
            Number(frame.Bytes), frame.Sha256, Number(frame.PerceptualHash), Number(frame.Sharpness), Number(frame.Brightness), Number(frame.Contrast),
            Number(frame.Entropy), Number(frame.Shadows), Number(frame.Highlights), Number(frame.Colour), Number(frame.PixelHash), Number(frame.Measured),
            frame.Split, frame.Culled, frame.Flags, Number(frame.Copies), source.Kind, source.Sha256, source.Signer, source.Session, source.Lighting, source.Device,
            source.RecordedAt?.ToString("O", CultureInfo.InvariantCulture)) + "\n");

        static string? Number(IFormattable? value) => value?.ToString(value is double ? "R" : null, CultureInfo.InvariantCulture);
    }

    private static FrameRow ReadFrame(SqliteDataReader row) => new()
    {
        Id = row.GetInt64(0),
        Path = row.GetString(1),
        Label = row.GetString(2),
        SourceId = row.GetInt64(3),
        Position = Integer(row, 4),
        Time = Real(row, 5),
        Burst = Integer(row, 6),
        Width = checked((int)row.GetInt64(7)),
        Height = checked((int)row.GetInt64(8)),
        Bytes = row.GetInt64(9),
        Sha256 = Text(row, 10),
        PerceptualHash = row.IsDBNull(11) ? null : unchecked((ulong)row.GetInt64(11)),
        Sharpness = Real(row, 12),
        Brightness = Real(row, 13),
        Contrast = Real(row, 14),
        Split = Text(row, 15),
        Culled = Text(row, 16),
        Entropy = Real(row, 17),
        Shadows = Real(row, 18),
        Highlights = Real(row, 19),
        Colour = Real(row, 20),
        PixelHash = row.IsDBNull(21) ? null : unchecked((ulong)row.GetInt64(21)),
        Layout = row.IsDBNull(22) ? null : LayoutOf(row, 22),
        Modified = row.IsDBNull(23) ? null : row.GetInt64(23),
        Measured = Integer(row, 24),
        Flags = Text(row, 25),
        Copies = Integer(row, 26) is >= 1 and <= FrameRow.MostCopies and var copies ? copies : throw new FormatException($"{row.GetInt64(26)} copies"),
    };

    private static byte[]? LayoutBytes(Layout? layout)
    {
        if (layout is not { } cells)
        {
            return null;
        }
        var bytes = new byte[Layout.Size];
        cells.CopyTo(bytes);
        return bytes;
    }

    private static Layout LayoutOf(SqliteDataReader row, int column)
    {
        Span<byte> cells = stackalloc byte[Layout.Size];
        using var stream = row.GetStream(column);
        return stream.Length == Layout.Size && stream.ReadAtLeast(cells, Layout.Size, throwOnEndOfStream: false) == Layout.Size
            ? Layout.From(cells)
            : throw new FormatException($"a layout of {stream.Length} bytes");
    }
}
