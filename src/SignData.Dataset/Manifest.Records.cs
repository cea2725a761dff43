using System.Text.Json;
using Microsoft.Data.Sqlite;
using SignData.Core;
using SignData.Dataset.Batches;

namespace SignData.Dataset;

public sealed partial class Manifest
{
    private const string PredictionColumns = "SELECT run, frame, label, confidence, top, box FROM prediction";
    private const string ProvenanceColumns = "SELECT tool, version, arguments, seed, parents FROM provenance";

    /// <summary>Writes a run's predictions in place of the ones it had.</summary>
    /// <param name="run">The run's name.</param>
    /// <param name="predictions">At most one a frame, all of that run.</param>
    /// <exception cref="InputException">The manifest cannot be written.</exception>
    public void AddPredictions(string run, IEnumerable<PredictionRow> predictions)
    {
        ArgumentException.ThrowIfNullOrEmpty(run);
        ArgumentNullException.ThrowIfNull(predictions);
        Write(() =>
        {
            Run("DELETE FROM prediction WHERE run = $1", run);
            foreach (var prediction in predictions)
            {
                if (prediction.Run != run)
                {
                    throw new ArgumentException($"A prediction of run '{prediction.Run}' is among those of '{run}'.", nameof(predictions));
                }
                var top = JsonSerializer.Serialize(prediction.Top.Select(guess => new object[] { guess.Label, guess.Confidence }));
                var box = prediction.Box is { } hand ? JsonSerializer.Serialize<float[]>([hand.Left, hand.Top, hand.Width, hand.Height]) : null;
                Run("INSERT INTO prediction VALUES ($1, $2, $3, $4, $5, $6)", run, prediction.FrameId, prediction.Label, prediction.Confidence, top, box);
            }
        });
    }

    /// <summary>A run's predictions, in the order of the frames' keys.</summary>
    /// <param name="run">The run's name; null for all runs.</param>
    public IReadOnlyList<PredictionRow> Predictions(string? run = null) =>
        Query(PredictionColumns + " WHERE $1 IS NULL OR run = $1 ORDER BY run, frame", row => new PredictionRow(
            row.GetString(0), row.GetInt64(1), row.GetString(2), row.GetDouble(3),
            [.. (JsonSerializer.Deserialize<JsonElement[][]>(row.GetString(4)) ?? []).Where(pair => pair.Length == 2)
                .Select(pair => new LabelConfidence(pair[0].ToString(), pair[1].TryGetDouble(out var confidence) ? confidence : 0))],
            !row.IsDBNull(5) && JsonSerializer.Deserialize<float[]>(row.GetString(5)) is [var left, var top, var width, var height] ? new HandBox(left, top, width, height) : null), run);

    /// <summary>Notes a step that made this manifest, unless the very same is noted already.</summary>
    /// <param name="step">What was run.</param>
    public void Add(ProvenanceRow step)
    {
        ArgumentNullException.ThrowIfNull(step);
        var parents = JsonSerializer.Serialize(step.Parents);
        Guard(() => Run("""
            INSERT INTO provenance (tool, version, arguments, seed, parents) SELECT $1, $2, $3, $4, $5 WHERE NOT EXISTS
                (SELECT 1 FROM provenance WHERE tool = $1 AND version = $2 AND arguments = $3 AND seed IS $4 AND parents = $5)
            """, step.Tool, step.Version, step.Arguments, step.Seed, parents));
    }

    /// <summary>The steps that made this manifest, first to last.</summary>
    public IReadOnlyList<ProvenanceRow> Provenance() => Query(ProvenanceColumns + " ORDER BY id", row => new ProvenanceRow(
        row.GetString(0), row.GetString(1), row.GetString(2), row.IsDBNull(3) ? null : row.GetInt64(3),
        JsonSerializer.Deserialize<string[]>(row.GetString(4)) ?? []));

    private List<T> Query<T>(string sql, Func<SqliteDataReader, T> read, params object?[] values) => Guard(() =>
    {
        using var command = Command(sql, values);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }
        return rows;
    });

    private int Run(string sql, params object?[] values)
    {
        using var command = Command(sql, values);
        return command.ExecuteNonQuery();
    }

    private SqliteCommand Command(string sql, object?[] values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters.AddWithValue($"${i + 1}", values[i] ?? DBNull.Value);
        }
        return command;
    }

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static int? Integer(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : checked((int)row.GetInt64(column));

    private static double? Real(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetDouble(column);
}
