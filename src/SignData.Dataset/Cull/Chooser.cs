using SignData.Core;

namespace SignData.Dataset;

/// <summary>How frames are chosen where there are more than wanted.</summary>
public enum Pick
{
    /// <summary>By chance.</summary>
    Random,

    /// <summary>Those that look least like the ones chosen before.</summary>
    Diverse,
}

/// <summary>Brings labels and sources to the wanted numbers, as evenly as can be from every signer, session and light.</summary>
internal sealed class Chooser
{
    /// <summary>Takes turns at the first, within each of its groups at the second, and so on.</summary>
    private static readonly Func<Item, object?>[] Strata =
    [
        item => item.Label, item => item.Source.Signer, item => (item.Source.Signer, item.Source.Session), item => item.Source.Lighting,
        item => item.Group(SplitLevel.Source), item => item.LookAlikes,
    ];

    /// <summary>Up to the light; a diverse choice finds sources and moments by their looks.</summary>
    private const int StrataOfDiverse = 4;

    private readonly CullOptions options;
    private readonly Dictionary<Item, ulong> draws = [];

    /// <summary>A choice to be made.</summary>
    public Chooser(CullOptions options) => this.options = options;

    /// <summary>Sets aside what is over the numbers per source and per label.</summary>
    /// <param name="kept">Frames not culled; the ones set aside are culled, not removed.</param>
    /// <param name="cancelled">Ends it.</param>
    public void Apply(IReadOnlyList<Item> kept, CancellationToken cancelled)
    {
        if (options.MaxPerSource is { } perSource)
        {
            foreach (var source in kept.GroupBy(item => item.Source, (IEqualityComparer<SourceRow>)ReferenceEqualityComparer.Instance))
            {
                Limit([.. source], perSource, $"over the number per source: {perSource} are chosen", cancelled);
            }
        }
        if (options.PerLabel is { } perLabel)
        {
            foreach (var label in kept.Where(item => item.Culled is null).GroupBy(item => item.Label))
            {
                Limit([.. label], perLabel, $"over the number per label: {perLabel} are chosen", cancelled);
            }
        }
    }

    /// <summary>Repeats frames of the train split until each label has the wanted number.</summary>
    /// <param name="kept">Frames with their splits.</param>
    /// <returns>The labels that have no frame to repeat.</returns>
    /// <exception cref="InputException">A label would have to be repeated beyond sense.</exception>
    public IReadOnlyList<string> Repeat(IReadOnlyList<Item> kept)
    {
        var without = new List<string>();
        foreach (var label in kept.GroupBy(item => item.Label).OrderBy(label => label.Key, StringComparer.Ordinal))
        {
            var train = InTurn([.. label.Where(item => item.Split == "train")], 0, Strata.Length);
            var missing = options.PerLabel!.Value - label.Count();
            if (missing > 0 && train.Count == 0)
            {
                without.Add(label.Key);
            }
            else if (missing > 0 && missing / train.Count >= FrameRow.MostCopies)
            {
                throw new InputException($"label '{Files.Printable(label.Key)}' has {train.Count} frames to learn from: to reach --per-label {options.PerLabel} each would come more than {FrameRow.MostCopies} times; give a smaller number.");
            }
            for (var i = 0; missing > 0 && i < train.Count; i++)
            {
                train[i].Copies = 1 + (missing / train.Count) + (i < missing % train.Count ? 1 : 0);
            }
        }
        return without;
    }

    private void Limit(List<Item> items, int most, string reason, CancellationToken cancelled)
    {
        if (items.Count <= most)
        {
            return;
        }
        var chosen = options.Pick == Pick.Diverse ? Diverse(items, most, cancelled) : [.. InTurn(items, 0, Strata.Length).Take(most)];
        foreach (var item in items)
        {
            if (!chosen.Contains(item))
            {
                item.Culled = reason;
            }
        }
    }

    /// <summary>The items so that the first so many are as even as can be over the strata, by chance within them.</summary>
    private List<Item> InTurn(List<Item> items, int level, int levels)
    {
        if (level == levels || items.Count < 2)
        {
            return [.. items.OrderBy(Draw)];
        }
        var groups = items.GroupBy(Strata[level]).Select(group => InTurn([.. group], level + 1, levels)).ToList();
        return groups.Count == 1 ? groups[0]
            : [.. groups.SelectMany(group => group.Select((item, turn) => (item, turn))).OrderBy(x => x.turn).ThenBy(x => Draw(x.item)).Select(x => x.item)];
    }

    /// <summary>
    /// Farthest points: the strata take turns, and each gives the frame whose perceptual hash differs most from all that were chosen before it
    /// (Gonzalez 1985). Time grows with the frames times the chosen ones.
    /// </summary>
    private HashSet<Item> Diverse(List<Item> items, int most, CancellationToken cancelled)
    {
        var order = InTurn(items, 0, StrataOfDiverse);
        var strata = new Dictionary<object, int>();
        var stratum = order.Select(item => Number(strata, (item.Label, item.Source.Signer, item.Source.Session, item.Source.Lighting))).ToArray();
        var members = Enumerable.Range(0, order.Count).ToLookup(i => stratum[i]);
        var nearest = Enumerable.Repeat(65, order.Count).ToArray();
        var chosen = new HashSet<Item>();
        for (var turn = 0; turn < most; turn++)
        {
            cancelled.ThrowIfCancellationRequested();
            // Of equals the first in the order of chance.
            var best = members[stratum[turn]].MaxBy(i => nearest[i]);
            chosen.Add(order[best]);
            var hash = order[best].PerceptualHash;
            for (var i = 0; i < order.Count; i++)
            {
                if (nearest[i] > 0 && hash is { } x && order[i].PerceptualHash is { } y)
                {
                    nearest[i] = Math.Min(nearest[i], PerceptualHash.Distance(x, y));
                }
            }
            nearest[best] = -1;
        }
        return chosen;
    }

    private static int Number(Dictionary<object, int> numbers, object key)
    {
        numbers.TryAdd(key, numbers.Count);
        return numbers[key];
    }

    private ulong Draw(Item item)
    {
        if (!draws.TryGetValue(item, out var draw))
        {
            draws[item] = draw = Item.Draw(options.Seed, $"{item.Label}/{item.Name}/{item.Sha256}");
        }
        return draw;
    }
}
