namespace SignData.Cull;

/// <summary>Names as they are typed: an option several times, or with commas between.</summary>
internal static class Names
{
    public static string[] In(string[]? given) =>
        [.. (given ?? []).SelectMany(names => names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).Distinct()];
}
