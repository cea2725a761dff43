using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using SignData.Core;

namespace SignData.Dataset;

public sealed partial class Manifest
{
    private const string FrameColumns = """
        SELECT id, path, label, source, position, time, burst, width, height, bytes, sha256, phash, sharpness, brightness, contrast,
            split, culled, entropy, shadows, highlights, colour, pixel_hash, layout, modified, measured, flags, copies FROM frame
        """;

    private Insert? insertFrame;

    /// <summary>Frames in the order of their paths.</summary>
    /// <param name="split">train, valid or test; null for all and for those not assigned.</param>
    /// <param name="label">One sign; null for all.</param>
    /// <param name="includeCulled">Whether those set aside come too.</param>
    public IReadOnlyList<FrameRow> Select(string? split = null, string? label = null, bool includeCulled = false) =>
        Query(FrameColumns + " WHERE ($1 IS NULL OR split = $1) AND ($2 IS NULL OR label = $2) AND ($3 OR culled IS NULL) ORDER BY path",
            ReadFrame, split, label, includeCulled ? 1 : 0);

    /// <summary>How many frames there are, culled or not.</summary>
    public long FrameCount => Guard(() => Sqlite.Scalar(connection, "SELECT count(*) FROM frame"));

    /// <summary>Every frame, culled or not, in the order of their paths, without holding them all: read by one thread while the caller works on those before.</summary>
    /// <param name="each">Called with each, by the calling thread; it must not call this manifest.</param>
    public void Read(Action<FrameRow> each)
    {
        ArgumentNullException.ThrowIfNull(each);
        Guard(() =>
        {
            foreach (var frame in Rows().Ahead())
            {
                each(frame);
            }
            return 0;
        });
    }

    private IEnumerable<FrameRow> Rows()
    {
        using var command = Command(FrameColumns + " ORDER BY path", []);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            yield return ReadFrame(reader);
        }
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
            insertFrame ??= new Insert(connection, "frame", 27);
            insertFrame.Integer(id).Text(frame.Path).Text(frame.Label).Integer(frame.SourceId).Integer(frame.Position).Real(frame.Time).Integer(frame.Burst)
                .Integer(frame.Width).Integer(frame.Height).Integer(frame.Bytes).Text(frame.Sha256).Integer(unchecked((long?)frame.PerceptualHash))
                .Real(frame.Sharpness).Real(frame.Brightness).Real(frame.Contrast).Text(frame.Split).Text(frame.Culled)
                .Real(frame.Entropy).Real(frame.Shadows).Real(frame.Highlights).Real(frame.Colour).Integer(unchecked((long?)frame.PixelHash));
            Span<byte> cells = stackalloc byte[Layout.Size];
            frame.Layout?.CopyTo(cells);
            insertFrame.Blob(frame.Layout is null ? [] : cells).Integer(frame.Modified).Integer(frame.Measured).Text(frame.Flags).Integer(frame.Copies).Run();
            return frame.Id == id ? frame : frame with { Id = id };
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
        var line = new ContentLine();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        return Guard(() =>
        {
            foreach (var batch in Rows().BatchesAhead())
            {
                var hashing = Task.Run(() => Append(batch));
                try
                {
                    batch.ForEach(frame => each?.Invoke(frame));
                }
                finally
                {
                    hashing.GetAwaiter().GetResult();
                }
            }
            return Convert.ToHexStringLower(hash.GetHashAndReset());
        });

        void Append(List<FrameRow> frames)
        {
            foreach (var frame in frames)
            {
                Line(frame, sources[frame.SourceId], line);
                hash.AppendData(line.Bytes);
            }
        }
    }

    private static void Line(FrameRow frame, SourceRow source, ContentLine line) => line.Clear()
        .Add(frame.Path).Add(frame.Label).Add(frame.Position).Add(frame.Time).Add(frame.Burst).Add<int>(frame.Width).Add<int>(frame.Height)
        .Add<long>(frame.Bytes).Add(frame.Sha256).Add(frame.PerceptualHash).Add(frame.Sharpness).Add(frame.Brightness).Add(frame.Contrast)
        .Add(frame.Entropy).Add(frame.Shadows).Add(frame.Highlights).Add(frame.Colour).Add(frame.PixelHash).Add(frame.Measured)
        .Add(frame.Split).Add(frame.Culled).Add(frame.Flags).Add<int>(frame.Copies).Add(source.Kind).Add(source.Sha256).Add(source.Signer).Add(source.Session)
        .Add(source.Lighting).Add(source.Device).Add(source.RecordedAt?.ToString("O", CultureInfo.InvariantCulture)).End();

    private static FrameRow ReadFrame(SqliteDataReader reader)
    {
        var row = new Row(reader);
        return new FrameRow
        {
            Id = row.Integer(0),
            Path = row.Text(1) ?? throw new FormatException("a frame without a path"),
            Label = row.Text(2) ?? throw new FormatException("a frame without a label"),
            SourceId = row.Integer(3),
            Position = row.Small(4),
            Time = row.Real(5),
            Burst = row.Small(6),
            Width = checked((int)row.Integer(7)),
            Height = checked((int)row.Integer(8)),
            Bytes = row.Integer(9),
            Sha256 = row.Text(10),
            PerceptualHash = row.IsNull(11) ? null : unchecked((ulong)row.Integer(11)),
            Sharpness = row.Real(12),
            Brightness = row.Real(13),
            Contrast = row.Real(14),
            Split = row.Text(15),
            Culled = row.Text(16),
            Entropy = row.Real(17),
            Shadows = row.Real(18),
            Highlights = row.Real(19),
            Colour = row.Real(20),
            PixelHash = row.IsNull(21) ? null : unchecked((ulong)row.Integer(21)),
            Layout = row.IsNull(22) ? null : row.Bytes(22) is { Length: Layout.Size } cells ? Layout.From(cells) : throw new FormatException($"a layout of {row.Bytes(22).Length} bytes"),
            Modified = row.IsNull(23) ? null : row.Integer(23),
            Measured = row.Small(24),
            Flags = row.Text(25),
            Copies = row.Small(26) is >= 1 and <= FrameRow.MostCopies and var copies ? copies : throw new FormatException($"{row.Integer(26)} copies"),
        };
    }
}
