namespace SignData.Dataset;

/// <summary>Memory that jobs share: each takes its part before it begins and waits while there is not enough. One alone may take more than there is.</summary>
/// <param name="bytes">In all.</param>
internal sealed class MemoryBudget(long bytes)
{
    private readonly object turn = new();
    private long taken;
    private int holders;

    /// <summary>Waits for a part and takes it.</summary>
    /// <param name="part">In bytes.</param>
    /// <param name="cancelled">Ends the waiting.</param>
    public void Take(long part, CancellationToken cancelled)
    {
        lock (turn)
        {
            while (holders > 0 && taken + part > bytes)
            {
                cancelled.ThrowIfCancellationRequested();
                Monitor.Wait(turn, TimeSpan.FromSeconds(0.1));
            }
            taken += part;
            holders++;
        }
    }

    /// <summary>Gives a part back.</summary>
    /// <param name="part">As it was taken.</param>
    public void GiveBack(long part)
    {
        lock (turn)
        {
            taken -= part;
            holders--;
            Monitor.PulseAll(turn);
        }
    }
}
