namespace SignData.Torch;

/// <summary>An operator refused its arguments or failed; the message is libtorch's own.</summary>
public sealed class TorchException : Exception
{
    /// <summary>A failure in libtorch's words.</summary>
    /// <param name="message">What libtorch said.</param>
    public TorchException(string message) : base(message) { }
}
