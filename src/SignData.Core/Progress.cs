namespace SignData.Core;

/// <summary>How far a long job has come, as a library tells it to whoever shows it.</summary>
/// <param name="Stage">What is being done, in a word or two; a new stage starts a new line.</param>
/// <param name="Done">Units finished.</param>
/// <param name="Total">Units in all; 0 when it is not known.</param>
/// <param name="Note">What else is worth showing now: the current file, a loss, a rate. May be empty.</param>
public readonly record struct Progress(string Stage, long Done, long Total, string Note = "");
