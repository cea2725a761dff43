namespace SignData.Core;

/// <summary>
/// A failure that the user can cause and mend: a missing folder, a file that is no video, a full disk.
/// The message is one line: what, where, what to do. Tools print it as it is and exit with 1.
/// </summary>
public sealed class InputException : Exception
{
    /// <summary>A failure in the words that the user will read.</summary>
    /// <param name="message">One line that quotes the offending value and ends with the way out.</param>
    public InputException(string message) : base(message) { }

    /// <summary>A failure in the words that the user will read, and what lay beneath it.</summary>
    /// <param name="message">One line that quotes the offending value and ends with the way out.</param>
    /// <param name="inner">The exception that revealed it.</param>
    public InputException(string message, Exception inner) : base(message, inner) { }
}
