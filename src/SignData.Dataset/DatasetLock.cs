using SignData.Core;

namespace SignData.Dataset;

/// <summary>Held while a tool writes into a dataset, so that a second one is refused; the system lets go of it when the tool ends, however it ends.</summary>
internal sealed class DatasetLock : IDisposable
{
    private readonly FileStream file;

    private DatasetLock(FileStream file) => this.file = file;

    /// <summary>Takes a dataset.</summary>
    /// <param name="folder">The dataset's, existing.</param>
    /// <exception cref="InputException">Another tool has it.</exception>
    public static DatasetLock Take(string folder)
    {
        var path = Path.Combine(folder, ".signdata-lock");
        try
        {
            return new DatasetLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"'{folder}' cannot be written to now ({Files.Reason(failure)}): if another tool is writing there, wait until it ends.", failure);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();
}
