using System.Diagnostics;
using SignData.Core;

namespace SignData.Dataset;

/// <summary>Held while a tool writes into a dataset, so that a second one is refused; the system lets go of it when the tool ends, however it ends.</summary>
internal sealed class DatasetLock : IDisposable
{
    private const string Name = ".signdata-lock";

    // Who leaves, or sweeps before it starts, holds it alone for a moment: who comes just then waits.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly FileStream file;
    private readonly string? shared;

    private DatasetLock(FileStream file, string? shared = null) => (this.file, this.shared) = (file, shared);

    /// <summary>Takes a dataset.</summary>
    /// <param name="folder">The dataset's, existing.</param>
    /// <exception cref="InputException">Another tool has it.</exception>
    public static DatasetLock Take(string folder) => new(Open(folder, FileShare.None, FileOptions.DeleteOnClose, Patience));

    /// <summary>Takes a dataset if it is free this moment.</summary>
    /// <param name="folder">The dataset's, existing.</param>
    /// <returns>Null where another tool has it.</returns>
    public static DatasetLock? TryTake(string folder)
    {
        try
        {
            return new(Open(folder, FileShare.None, FileOptions.DeleteOnClose, TimeSpan.Zero));
        }
        catch (InputException)
        {
            return null;
        }
    }

    /// <summary>Takes a dataset together with others that only add to it and know of each other's rows.</summary>
    /// <param name="folder">The dataset's, existing.</param>
    /// <exception cref="InputException">A tool has it for itself.</exception>
    public static DatasetLock Share(string folder) => new(Open(folder, FileShare.ReadWrite, FileOptions.None, Patience), folder);

    /// <inheritdoc/>
    public void Dispose()
    {
        file.Dispose();
        if (shared is { } folder)
        {
            // The last to leave takes the file away: who can have it alone is the last.
            TryTake(folder)?.Dispose();
        }
    }

    private static FileStream Open(string folder, FileShare share, FileOptions options, TimeSpan patience)
    {
        var path = Path.Combine(folder, Name);
        for (var waited = Stopwatch.StartNew(); ;)
        {
            try
            {
                var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, share, 1, options);
                if (File.Exists(path))
                {
                    return file;
                }
                // The one who left took the file away between our opening and locking it: what we hold has no name any more.
                file.Dispose();
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                if (waited.Elapsed >= patience)
                {
                    throw Refused(folder, failure);
                }
            }
            Thread.Sleep(20);
        }
    }

    private static InputException Refused(string folder, Exception failure) =>
        new($"'{folder}' cannot be written to now ({Files.Reason(failure)}): if another tool is writing there, wait until it ends.", failure);
}
