using Microsoft.Data.Sqlite;
using SignData.Core;

namespace SignData.Dataset;

/// <summary>
/// The one thing that the tools share: an SQLite file of sources, frames, predictions and the steps that made it.
/// Calls from several threads take turns. Rows come back in the order of their paths, whatever the order of writing.
/// </summary>
public sealed partial class Manifest : IDisposable
{
    /// <summary>The name of a dataset's manifest within its folder.</summary>
    public const string FileName = "manifest.db";

    private readonly SqliteConnection connection;
    private readonly Lock turn = new();

    private Manifest(SqliteConnection connection, string path)
    {
        this.connection = connection;
        Path = path;
        Folder = System.IO.Path.GetDirectoryName(path)!;
    }

    /// <summary>The file, absolute.</summary>
    public string Path { get; }

    /// <summary>The file's folder, absolute: what the paths within are relative to.</summary>
    public string Folder { get; }

    /// <summary>The manifest that a path means: itself if it ends in <c>.db</c> or is a file, else <c>manifest.db</c> in that folder.</summary>
    /// <param name="path">A file or a folder; it need not exist.</param>
    /// <returns>An absolute path.</returns>
    public static string FileAt(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var full = System.IO.Path.GetFullPath(path);
        return File.Exists(full) || (!Directory.Exists(full) && full.EndsWith(".db", StringComparison.OrdinalIgnoreCase))
            ? full
            : System.IO.Path.Combine(full, FileName);
    }

    /// <summary>Opens a manifest, for writing too where the file allows it; one of an older schema is brought up to date.</summary>
    /// <param name="path">A manifest, or a dataset's folder.</param>
    /// <exception cref="InputException">It is missing, a folder without one, no manifest, damaged, or of a newer schema.</exception>
    public static Manifest Open(string path)
    {
        var file = FileAt(path);
        if (!IsPlainFile(file))
        {
            throw new InputException(File.Exists(file) ? $"'{path}' is empty: it is no manifest, make one with explode or cull."
                : Directory.Exists(path) ? $"'{path}' holds no {FileName}: name a manifest, or make one there with explode or cull."
                : $"'{path}' does not exist: name a manifest or a dataset's folder.");
        }
        return Open(file, SqliteOpenMode.ReadWrite);
    }

    /// <summary>Makes an empty manifest with its folder, or opens the one that is there.</summary>
    /// <param name="path">A file ending in <c>.db</c>, or a dataset's folder.</param>
    /// <exception cref="InputException">It cannot be written, or what is there is no manifest.</exception>
    public static Manifest Create(string path)
    {
        var file = FileAt(path);
        if (Directory.Exists(file))
        {
            throw new InputException($"'{file}' is a folder where a manifest should be: choose another output.");
        }
        Files.MakeFolder(System.IO.Path.GetDirectoryName(file)!);
        return Open(file, SqliteOpenMode.ReadWriteCreate);
    }

    /// <summary>Where a frame's picture lies: anywhere for a manifest that points to the frames of others, below its folder for a dataset's.</summary>
    /// <param name="frame">A row of this manifest.</param>
    /// <returns>An absolute path; whether there is a picture, its reader finds out.</returns>
    /// <exception cref="InputException">The row's path is absolute or malformed.</exception>
    public string PathOf(FrameRow frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        if (frame.Path.Length is 0 or > 4096 || frame.Path.StartsWith('/') || frame.Path.Contains('\0', StringComparison.Ordinal))
        {
            throw new InputException($"'{Path}' holds a frame at '{Files.Printable(frame.Path)}', which is no relative path: the manifest is not to be trusted, make it anew.");
        }
        return System.IO.Path.GetFullPath(frame.Path, Folder);
    }

    /// <summary>The path of a file as this manifest's rows have it: relative to its folder, with '/'.</summary>
    /// <param name="path">Any path.</param>
    public string Relative(string path) => System.IO.Path.GetRelativePath(Folder, System.IO.Path.GetFullPath(path));

    /// <summary>Whether a path is an ordinary file with content: no folder, device or pipe.</summary>
    /// <param name="path">Any path.</param>
    public static bool IsPlainFile(string path)
    {
        // Devices and pipes have no length.
        var file = new FileInfo(path);
        return file.Exists && file.Length > 0;
    }

    /// <summary>Does all of an action's writing, or, if it throws, none of it.</summary>
    /// <param name="action">Calls writing methods of this manifest.</param>
    /// <exception cref="InputException">The disk is full, the file read-only or in use.</exception>
    public void Write(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        Guard(() =>
        {
            Sqlite.InTransaction(connection, action);
            return 0;
        });
    }

    /// <summary>
    /// Does all of an action's writing into a file that nobody else uses yet and that is worthless if this program is killed: without writing everything
    /// to a log first.
    /// </summary>
    /// <param name="action">Calls writing methods of this manifest.</param>
    /// <exception cref="InputException">The disk is full.</exception>
    public void Fill(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        Guard(() =>
        {
            Sqlite.Execute(connection, "PRAGMA journal_mode = MEMORY");
            Sqlite.InTransaction(connection, action);
            Sqlite.Execute(connection, "PRAGMA journal_mode = WAL");
            return 0;
        });
    }

    /// <summary>Closes the file; what was written stays.</summary>
    public void Dispose()
    {
        insertFrame?.Dispose();
        connection.Dispose();
    }

    private static Manifest Open(string file, SqliteOpenMode mode)
    {
        SqliteConnection? connection = null;
        try
        {
            connection = Connect(file, mode);
            Prepare(connection, file);
            return new Manifest(connection, file);
        }
        catch (SqliteException failure) when (Sqlite.Explain(failure, file) is { } explained)
        {
            connection?.Dispose();
            throw explained;
        }
        catch
        {
            connection?.Dispose();
            throw;
        }
    }

    private static SqliteConnection Connect(string file, SqliteOpenMode mode)
    {
        try
        {
            return Sqlite.Connect(file, mode);
        }
        catch (SqliteException failure) when (mode == SqliteOpenMode.ReadWrite && (failure.SqliteErrorCode == SQLitePCL.raw.SQLITE_CANTOPEN
            || (failure.SqliteExtendedErrorCode == SQLitePCL.raw.SQLITE_IOERR_SHMSIZE && !IsPlainFile(file + "-wal"))))
        {
            // Write-ahead logging wants to make files beside it; in a folder that forbids this, or on a full disk, nobody can be writing either.
            return Sqlite.Connect($"file:{Uri.EscapeDataString(file)}?immutable=1", SqliteOpenMode.ReadOnly);
        }
    }

    private T Guard<T>(Func<T> action)
    {
        lock (turn)
        {
            try
            {
                return action();
            }
            catch (SqliteException failure) when (Sqlite.Explain(failure, Path) is { } explained)
            {
                throw explained;
            }
            catch (Exception failure) when (failure is InvalidCastException or FormatException or OverflowException or System.Text.Json.JsonException)
            {
                throw new InputException($"'{Path}' holds a value of the wrong type ({failure.Message.TrimEnd('.')}): the manifest is damaged, make it anew.", failure);
            }
        }
    }
}
