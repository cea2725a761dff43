using SignData.Core;

namespace SignData.Dataset;

/// <summary>Frames that look the same, wherever they come from and whatever their label: they must share a split.</summary>
internal static class Twins
{
    /// <summary>
    /// The most of all frames in one set. Before one wall, or in the dark, everything looks like something that looks like something else:
    /// sets are joined from the nearest pairs on, as long as there is something left to split.
    /// </summary>
    private const double Largest = 0.3;

    /// <summary>Frames that may always be one set.</summary>
    private const int Smallest = 10;

    /// <summary>Numbers the sets from 1, in <see cref="Item.Twins"/>.</summary>
    /// <param name="items">Frames.</param>
    /// <param name="pairs">Of them, those that look the same, by index; the ones whose hashes are within <see cref="NearDuplicates.SureDistance"/> and whose layouts are <see cref="NearDuplicates.Alike"/> count.</param>
    /// <param name="warnings">Told when frames look the same that are not in one set, as it would be too large.</param>
    public static void Number(IReadOnlyList<Item> items, Pairs pairs, List<string> warnings)
    {
        var (sets, most) = (new DisjointSets(items.Count), Math.Max(Smallest, Largest * items.Count));
        var tooMany = false;
        var distances = new byte[pairs.Count];
        Parallel.For(0, distances.Length, i => distances[i] = pairs[i] is var (a, b, similarity) && similarity >= NearDuplicates.Alike
            ? (byte)PerceptualHash.Distance(items[a].PerceptualHash!.Value, items[b].PerceptualHash!.Value) : byte.MaxValue);
        for (var distance = 0; distance <= NearDuplicates.SureDistance; distance++)
        {
            for (var i = 0; i < pairs.Count; i++)
            {
                if (distances[i] == distance)
                {
                    tooMany |= !sets.Join(pairs[i].A, pairs[i].B, most);
                }
            }
        }
        for (var i = 0; i < items.Count; i++)
        {
            items[i].Twins = sets.SizeOf(i) > 1 ? sets.Of(i) + 1 : 0;
        }
        if (tooMany)
        {
            warnings.Add("very many frames look the same, as before one wall: some of them are on both sides of the split; cull check shows which.");
        }
    }
}
