namespace SignData.Torch;

/// <summary>What an operator returned that is no tensor, such as packed weights; for operators that take it.</summary>
internal sealed class NativeObject(nint handle) : IDisposable
{
    private nint handle = handle;

    ~NativeObject() => Dispose();

    internal nint Handle => handle != 0 ? handle : throw new ObjectDisposedException(nameof(NativeObject));

    public void Dispose()
    {
        nint owned = Interlocked.Exchange(ref handle, 0);
        if (owned != 0)
        {
            NativeMethods.sdt_object_free(owned);
        }
        GC.SuppressFinalize(this);
    }
}
