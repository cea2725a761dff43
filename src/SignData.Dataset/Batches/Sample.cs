namespace SignData.Dataset.Batches;

/// <summary>One picture to learn from or to judge.</summary>
/// <param name="Path">The image file.</param>
/// <param name="Label">Its label's number among the classes, from 0.</param>
/// <param name="HasHand">Whether its label says that it shows a hand; another one may, all the same: one that makes no sign.</param>
public readonly record struct Sample(string Path, int Label, bool HasHand = true);
