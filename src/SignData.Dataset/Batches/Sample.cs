namespace SignData.Dataset.Batches;

/// <summary>One picture to learn from or to judge.</summary>
/// <param name="Path">The image file.</param>
/// <param name="Label">Its label's number among the classes, from 0.</param>
public readonly record struct Sample(string Path, int Label);
