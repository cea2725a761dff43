using Microsoft.Data.Sqlite;
using SignData.Core;

namespace SignData.Dataset;

public sealed partial class Manifest
{
    /// <summary>"SIGN" in ASCII: what tells a manifest from other SQLite files.</summary>
    private const int ApplicationId = 0x5349474E;

    /// <summary>Each step takes a manifest from the schema of its index to the next; steps are only ever added at the end.</summary>
    private static readonly string[] Migrations =
    [
        """
        CREATE TABLE source (
            id INTEGER PRIMARY KEY, kind TEXT NOT NULL, path TEXT NOT NULL, sha256 TEXT,
            signer TEXT, session TEXT, lighting TEXT, device TEXT, recorded_at TEXT,
            width INTEGER, height INTEGER, bytes INTEGER, fps REAL, rotation INTEGER,
            settings TEXT, frames INTEGER NOT NULL DEFAULT 0, rejected TEXT NOT NULL DEFAULT '{}',
            done INTEGER NOT NULL DEFAULT 1, failed TEXT) STRICT;
        CREATE TABLE frame (
            id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, label TEXT NOT NULL, source INTEGER NOT NULL REFERENCES source(id),
            position INTEGER, time REAL, burst INTEGER, width INTEGER NOT NULL, height INTEGER NOT NULL, bytes INTEGER NOT NULL,
            sha256 TEXT, phash INTEGER, sharpness REAL, brightness REAL, contrast REAL,
            split TEXT CHECK (split IN ('train', 'valid', 'test')), culled TEXT) STRICT;
        CREATE INDEX frame_source ON frame(source);
        CREATE TABLE prediction (
            run TEXT NOT NULL, frame INTEGER NOT NULL REFERENCES frame(id) ON DELETE CASCADE,
            label TEXT NOT NULL, confidence REAL NOT NULL, top TEXT NOT NULL, PRIMARY KEY (run, frame)) STRICT, WITHOUT ROWID;
        CREATE TABLE provenance (
            id INTEGER PRIMARY KEY, tool TEXT NOT NULL, version TEXT NOT NULL, arguments TEXT NOT NULL, seed INTEGER, parents TEXT NOT NULL) STRICT;
        """,
        """
        ALTER TABLE frame ADD COLUMN entropy REAL;
        ALTER TABLE frame ADD COLUMN shadows REAL;
        ALTER TABLE frame ADD COLUMN highlights REAL;
        ALTER TABLE frame ADD COLUMN colour REAL;
        ALTER TABLE frame ADD COLUMN pixel_hash INTEGER;
        ALTER TABLE frame ADD COLUMN layout BLOB;
        ALTER TABLE frame ADD COLUMN modified INTEGER;
        ALTER TABLE frame ADD COLUMN measured INTEGER;
        ALTER TABLE frame ADD COLUMN flags TEXT;
        """,
        "ALTER TABLE frame ADD COLUMN copies INTEGER NOT NULL DEFAULT 1;",
        "ALTER TABLE prediction ADD COLUMN box TEXT;",
    ];

    /// <summary>The schema that this program writes.</summary>
    public static int SchemaVersion => Migrations.Length;

    private static void Prepare(SqliteConnection connection, string file)
    {
        var version = Sqlite.Scalar(connection, "PRAGMA user_version");
        var application = Sqlite.Scalar(connection, "PRAGMA application_id");
        var empty = version == 0 && application == 0 && Sqlite.Scalar(connection, "SELECT count(*) FROM sqlite_schema") == 0;
        if (!empty && application != ApplicationId)
        {
            throw new InputException($"'{file}' is an SQLite file but no manifest of SignData: name another file.");
        }
        if (version > Migrations.Length)
        {
            throw new InputException($"'{file}' has schema {version}, newer than {Migrations.Length}, the newest that this version knows: update SignData.");
        }
        if (version < Migrations.Length)
        {
            Migrate(connection, (int)version);
        }
        try
        {
            foreach (var query in (string[])[SourceColumns, FrameColumns, PredictionColumns, ProvenanceColumns])
            {
                Sqlite.Scalar(connection, query + " LIMIT 0");
            }
        }
        catch (SqliteException failure) when (failure.SqliteErrorCode == SQLitePCL.raw.SQLITE_ERROR)
        {
            throw new InputException($"'{file}' claims schema {version} but lacks a part of it: the manifest is damaged, make it anew.", failure);
        }
    }

    private static void Migrate(SqliteConnection connection, int version)
    {
        if (version == 0)
        {
            Sqlite.Execute(connection, "PRAGMA journal_mode = WAL");
        }
        Sqlite.InTransaction(connection, () =>
        {
            // Another program may have got here first.
            for (version = (int)Sqlite.Scalar(connection, "PRAGMA user_version"); version < Migrations.Length; version++)
            {
                Sqlite.Execute(connection, Migrations[version]);
                Sqlite.Execute(connection, $"PRAGMA user_version = {version + 1}; PRAGMA application_id = {ApplicationId};");
            }
        });
    }
}
