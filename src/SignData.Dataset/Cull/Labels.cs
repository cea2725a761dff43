namespace SignData.Dataset;

/// <summary>Labels as people write them, reconciled.</summary>
internal static class Labels
{
    /// <summary>The label of frames that show no sign.</summary>
    public const string Nothing = "nothing";
}
