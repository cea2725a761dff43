using SignData.Core;

namespace SignData.Dataset.Tests;

public sealed class DatasetLockTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("signdata-test-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Whoever_shares_it_may_come_while_another_comes_and_goes()
    {
        Parallel.For(0, 400, new ParallelOptions { MaxDegreeOfParallelism = 4 }, _ =>
        {
            DatasetLock.TryTake(folder)?.Dispose();
            DatasetLock.Share(folder).Dispose();
        });
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
    }

    [Fact]
    public void Who_has_it_alone_keeps_others_out_until_it_leaves()
    {
        using (DatasetLock.Take(folder))
        {
            Assert.Null(DatasetLock.TryTake(folder));
            Assert.Contains("cannot be written to now", Assert.Throws<InputException>(() => DatasetLock.Share(folder)).Message);
        }
        using DatasetLock one = DatasetLock.Share(folder), other = DatasetLock.Share(folder);
        Assert.Throws<InputException>(() => DatasetLock.Take(folder));
    }
}
