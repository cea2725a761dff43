namespace SignData.Dataset;

/// <summary>The checks that look at one frame, two of them against what is usual among all.</summary>
internal static class QualityChecks
{
    /// <summary>Looks at every frame that is not culled.</summary>
    /// <param name="items">All frames.</param>
    /// <param name="checks">What to look for.</param>
    public static void Apply(IReadOnlyList<Item> items, IReadOnlyList<Check> checks)
    {
        var sides = items.Where(item => item.Width > 0 && item.Height > 0).Select(Side).Order().ToArray();
        var median = sides.Length > 0 ? sides[sides.Length / 2] : 1;
        var grey = checks.First(check => check.Name == "greyscale");
        var coloured = 2 * items.Count(item => item.Colour is { } colour && !grey.Fails(colour)) > items.Count(item => item.Colour is not null);
        (Check Check, Func<Item, double?> Score)[] scored =
        [
            .. checks.Where(check => check.Action != CheckAction.Off).Select(check => (check, (Func<Item, double?>)(check.Name switch
            {
                "dark" => item => item.Highlights,
                "bright" => item => item.Shadows,
                "blurry" => item => MayBeBlank(item) ? null : item.Sharpness,
                "low-contrast" => item => MayBeBlank(item) ? null : item.Contrast,
                "low-information" => item => MayBeBlank(item) ? null : item.Entropy,
                "odd-size" => item => item.Width > 0 ? Math.Max(Side(item) / median, median / Side(item)) : null,
                "odd-aspect" => item => item.Width > 0 ? (double)Math.Max(item.Width, item.Height) / Math.Min(item.Width, item.Height) : null,
                "greyscale" => item => coloured ? item.Colour : null,
                _ => _ => null,
            }))),
        ];
        foreach (var item in items)
        {
            foreach (var (check, score) in scored)
            {
                if (item.Culled is null && score(item) is { } value && check.Fails(value))
                {
                    check.Apply(item, check.Reason(value));
                }
            }
        }
    }

    private static double Side(Item item) => Math.Sqrt((double)item.Width * item.Height);

    /// <summary>A frame of no sign shows what is behind the hand: a blank wall is as it should be.</summary>
    private static bool MayBeBlank(Item item) => item.Label == Labels.Nothing;
}
