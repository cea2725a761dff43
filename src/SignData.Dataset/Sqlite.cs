using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using SignData.Core;
using SQLitePCL;

namespace SignData.Dataset;

/// <summary>The system's SQLite, set up once, and its failures in the user's words.</summary>
internal static class Sqlite
{
    private const int LongestValue = 16 << 20;

    static Sqlite()
    {
        NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_e_sqlite3).Assembly,
            (name, _, _) => name == "e_sqlite3" ? NativeLibrary.Load("libsqlite3.so.0") : 0);
        raw.SetProvider(new SQLite3Provider_e_sqlite3());
        // A manifest's threads take turns by themselves: SQLite need not lock at each of its calls.
        _ = raw.sqlite3_config(raw.SQLITE_CONFIG_MULTITHREAD);
    }

    /// <summary>A connection that treats the file as written by a stranger: no value over 16 MiB, no functions called from its schema.</summary>
    /// <param name="path">The file, or a file: URI.</param>
    /// <param name="mode">Whether the file may be made or changed.</param>
    public static SqliteConnection Connect(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            Pooling = false,
            DefaultTimeout = 10,
        }.ToString());
        try
        {
            connection.Open();
            _ = raw.sqlite3_limit(connection.Handle, raw.SQLITE_LIMIT_LENGTH, LongestValue);
            Execute(connection, "PRAGMA trusted_schema = OFF; PRAGMA foreign_keys = ON; PRAGMA synchronous = NORMAL;");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Runs statements that give nothing back.</summary>
    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>Does all of an action's writing, or none of it if it throws.</summary>
    public static void InTransaction(SqliteConnection connection, Action action)
    {
        Execute(connection, "BEGIN IMMEDIATE");
        try
        {
            action();
            Execute(connection, "COMMIT");
        }
        catch
        {
            // After a full disk SQLite has rolled back by itself.
            if (raw.sqlite3_get_autocommit(connection.Handle) == 0)
            {
                Execute(connection, "ROLLBACK");
            }
            throw;
        }
    }

    /// <summary>The one value that a statement gives, 0 for none.</summary>
    public static long Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar() is long value ? value : 0;
    }

    /// <summary>What the user can do about a failure of SQLite; null for a defect of ours.</summary>
    public static InputException? Explain(SqliteException failure, string path) => failure.SqliteErrorCode switch
    {
        raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => new($"'{path}' is no manifest or is damaged ({Reason(failure)}): make it anew with explode or cull.", failure),
        raw.SQLITE_FULL => new($"no space is left to write '{path}': free some and run again; what was saved stays valid.", failure),
        raw.SQLITE_READONLY => new($"'{path}' is read-only: make it writable or work on a copy.", failure),
        raw.SQLITE_CANTOPEN or raw.SQLITE_PERM or raw.SQLITE_AUTH => new($"'{path}' cannot be opened: check that it exists and that you may read it.", failure),
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => new($"'{path}' is in use by another program: wait until it ends and run again.", failure),
        raw.SQLITE_IOERR => new($"'{path}' cannot be read or written ({Reason(failure)}): check the disk's space and health.", failure),
        raw.SQLITE_TOOBIG => new($"'{path}' holds a value over {LongestValue >> 20} MiB: it is no manifest of ours.", failure),
        _ => null,
    };

    private static string Reason(SqliteException failure) => raw.sqlite3_errstr(failure.SqliteErrorCode).utf8_to_string();
}
