using SignData.Core;

namespace SignData.Dataset;

/// <summary>Held while a tool writes into a dataset, so that a second one is refused; the system lets go of it when the tool ends, however it ends.</summary>
internal sealed class DatasetLock : IDisposable
{
    private const string Name = ".signdata-lock";

    private readonly FileStream file;
    private readonly string? shared;

    private DatasetLock(FileStream file, string? shared = null) => (this.file, this.shared) = (file, shared);

    /// <summary>Takes a dataset.</summary>
    /// <param name="folder">The dataset's, existing.</param>
    /// <exception cref="InputException">Another tool has it.</exception>
    public static DatasetLock Take(string folder)
    {
        var path = Path.Combine(folder, Name);
        try
        {
            return new DatasetLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Refused(folder, failure);
        }
    }

    /// <summary>Takes a dataset together with others that only add to it and know of each other's rows.</summary>
    /// <param name="folder">The dataset's, existing.</param>
    /// <exception cref="InputException">A tool has it for itself.</exception>
    public static DatasetLock Share(string folder)
    {
        try
        {
            return new DatasetLock(new FileStream(Path.Combine(folder, Name), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite, 1), folder);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Refused(folder, failure);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        file.Dispose();
        if (shared is { } folder)
        {
            // The last to leave takes the file away: who can have it alone is the last.
            try
            {
                Take(folder).Dispose();
            }
            catch (InputException)
            {
                // Others are there.
            }
        }
    }

    private static InputException Refused(string folder, Exception failure) =>
        new($"'{folder}' cannot be written to now ({Files.Reason(failure)}): if another tool is writing there, wait until it ends.", failure);
}
