using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace SignData.Dataset;

public sealed partial class Manifest
{
    private const string SourceColumns = """
        SELECT id, kind, path, sha256, signer, session, lighting, device, recorded_at, width, height, bytes, fps, rotation,
            settings, frames, rejected, done, failed FROM source
        """;

    /// <summary>Every source, in the order of their paths.</summary>
    public IReadOnlyList<SourceRow> Sources() => Query(SourceColumns + " ORDER BY path, id", ReadSource);

    /// <summary>Adds a source, or replaces the one of its <see cref="SourceRow.Id"/>.</summary>
    /// <param name="source">With <see cref="SourceRow.Id"/> 0 it gets the next free one.</param>
    /// <returns>The row with its id.</returns>
    public SourceRow Put(SourceRow source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Guard(() =>
        {
            var id = source.Id != 0 ? source.Id : 1 + Sqlite.Scalar(connection, "SELECT coalesce(max(id), 0) FROM source");
            Run("""
                INSERT INTO source (id, kind, path, sha256, signer, session, lighting, device, recorded_at, width, height, bytes, fps, rotation,
                    settings, frames, rejected, done, failed)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
                ON CONFLICT (id) DO UPDATE SET kind = $2, path = $3, sha256 = $4, signer = $5, session = $6, lighting = $7, device = $8,
                    recorded_at = $9, width = $10, height = $11, bytes = $12, fps = $13, rotation = $14,
                    settings = $15, frames = $16, rejected = $17, done = $18, failed = $19
                """,
                id, source.Kind, source.Path, source.Sha256, source.Signer, source.Session, source.Lighting, source.Device,
                source.RecordedAt?.ToString("O", CultureInfo.InvariantCulture), source.Width, source.Height, source.Bytes,
                source.FramesPerSecond, source.Rotation, source.Settings, source.Frames,
                JsonSerializer.Serialize(new SortedDictionary<string, int>(source.Rejected.ToDictionary(), StringComparer.Ordinal)),
                source.Done ? 1 : 0, source.Failed);
            return source with { Id = id };
        });
    }

    private static SourceRow ReadSource(SqliteDataReader row) => new()
    {
        Id = row.GetInt64(0),
        Kind = row.GetString(1),
        Path = row.GetString(2),
        Sha256 = Text(row, 3),
        Signer = Text(row, 4),
        Session = Text(row, 5),
        Lighting = Text(row, 6),
        Device = Text(row, 7),
        RecordedAt = row.IsDBNull(8) ? null : DateTimeOffset.Parse(row.GetString(8), CultureInfo.InvariantCulture),
        Width = Integer(row, 9),
        Height = Integer(row, 10),
        Bytes = row.IsDBNull(11) ? null : row.GetInt64(11),
        FramesPerSecond = Real(row, 12),
        Rotation = Integer(row, 13),
        Settings = Text(row, 14),
        Frames = checked((int)row.GetInt64(15)),
        Rejected = JsonSerializer.Deserialize<Dictionary<string, int>>(row.GetString(16)) ?? [],
        Done = row.GetInt64(17) != 0,
        Failed = Text(row, 18),
    };
}
