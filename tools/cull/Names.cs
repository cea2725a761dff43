using SignData.Core;

namespace SignData.Cull;

/// <summary>Names as they are typed: an option several times, or with commas between.</summary>
internal static class Names
{
    public static string[] In(string[]? given) =>
        [.. (given ?? []).SelectMany(names => names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).Distinct()];

    public static Dictionary<string, string> Pairs(string option, string[]? given)
    {
        var pairs = new Dictionary<string, string>();
        foreach (var text in In(given))
        {
            if (text.Split('=') is not [{ Length: > 0 } old, { Length: > 0 } renamed] || !pairs.TryAdd(old, renamed))
            {
                throw new InputException($"{option} '{text}': write old=new, each old name once.");
            }
        }
        return pairs;
    }
}
