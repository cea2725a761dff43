using SignData.Core;

namespace SignData.Dataset;

/// <summary>Assigns kept frames to train, valid and test in whole groups: by signer, else session, else source, else look-alikes, never by frame.</summary>
internal sealed class Splitter(CullOptions options)
{
    private static readonly string[] LevelNames = ["signer", "session", "source", "runs of look-alike frames"];

    /// <summary>How the splits were made.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>What is less honest than it looks.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>Sets <see cref="Item.Split"/> of every item.</summary>
    /// <param name="items">Kept frames.</param>
    /// <exception cref="InputException">A signer to hold out has no frame.</exception>
    public void Assign(IReadOnlyList<Item> items)
    {
        HoldOut(items, options.TestSigners, "test");
        HoldOut(items, options.ValidSigners, "valid");
        var rest = items.Where(item => item.Split is null).ToList();
        var parts = new List<(string Split, double Part)>();
        var valid = options.ValidSigners.Count > 0 ? 0 : options.Valid;
        var test = options.TestSigners.Count > 0 ? 0 : options.Test;
        parts.Add(("train", 1 - valid - test));
        parts.AddRange(new[] { ("valid", valid), ("test", test) }.Where(part => part.Item2 > 0));
        if (rest.Count == 0)
        {
            throw new InputException("the held-out signers leave no frame to train on: hold out fewer.");
        }
        if (parts.Count == 1)
        {
            rest.ForEach(item => item.Split = "train");
        }
        else
        {
            Divide(rest, parts);
        }
        foreach (var split in parts.Select(part => part.Split).Concat(items.Select(item => item.Split!)).Distinct().Where(split => split != "train").ToList())
        {
            var missing = items.Select(item => item.Label).Distinct().Except(items.Where(item => item.Split == split).Select(item => item.Label)).Order(StringComparer.Ordinal).ToList();
            if (missing.Count > 0)
            {
                Warnings.Add($"the {split} split has no frame of {Some(missing)}: more videos or images of them would help.");
            }
        }
        var untaught = items.Select(item => item.Label).Distinct().Except(items.Where(item => item.Split == "train").Select(item => item.Label)).Order(StringComparer.Ordinal).ToList();
        if (untaught.Count > 0)
        {
            Warnings.Add($"the train split has no frame of {Some(untaught)}: they cannot be learnt.");
        }
    }

    private void HoldOut(IReadOnlyList<Item> items, IReadOnlyList<string> signers, string split)
    {
        foreach (var signer in signers)
        {
            var own = items.Where(item => item.Source.Signer == signer).ToList();
            if (own.Count == 0)
            {
                var known = items.Select(item => item.Source.Signer).OfType<string>().Distinct().Order(StringComparer.Ordinal).ToList();
                throw new InputException($"no kept frame is of signer '{signer}': " + (known.Count > 0 ? $"name one of {Some(known)}." : "none of the sources says who signs, see explode --signer."));
            }
            own.ForEach(item => item.Split = split);
        }
        if (signers.Count > 0)
        {
            Notes.Add($"{split} is held out by name: {Some(signers)}");
            var unknown = items.Count(item => item.Source.Signer is null);
            if (unknown > 0)
            {
                Warnings.Add($"{unknown} frames do not say who signs; one of the held-out signers may be among them.");
            }
        }
    }

    private void Divide(List<Item> items, List<(string Split, double Part)> parts)
    {
        var level = Enum.GetValues<SplitLevel>().First(l => l == SplitLevel.LookAlikes || Divisible(items, l, parts.Count));
        Notes.Add($"{string.Join(" and ", parts.Skip(1).Select(part => part.Split))} split by {LevelNames[(int)level]}: {items.CountBy(item => item.GroupFrom(level)).Count()} groups");
        var unknown = items.Count(item => item.Group(level) is null);
        if (unknown > 0)
        {
            Notes.Add($"{unknown} frames have no {LevelNames[(int)level]}: grouped by what else is known");
        }
        if (level == SplitLevel.LookAlikes)
        {
            Warnings.Add("signer, session and source are unknown or too few to split by: the figures will say nothing about new people.");
        }

        var labels = items.Select(item => item.Label).Distinct().Order(StringComparer.Ordinal).Select((label, i) => (label, i)).ToDictionary(pair => pair.label, pair => pair.i);
        var counts = new double[labels.Count];
        items.ForEach(item => counts[labels[item.Label]]++);
        var wanted = parts.Select(part => counts.Select(count => part.Part * count).ToArray()).ToArray();
        var given = parts.Select(_ => new double[labels.Count]).ToArray();
        var groups = items.GroupBy(item => item.GroupFrom(level))
            .OrderByDescending(group => group.Count()).ThenBy(group => Item.Draw(options.Seed, group.Key)).ThenBy(group => group.Key, StringComparer.Ordinal);
        foreach (var group in groups)
        {
            var own = new double[labels.Count];
            foreach (var item in group)
            {
                own[labels[item.Label]]++;
            }
            // To the split that lacks most of what this group has; train comes first among equals.
            var best = Enumerable.Range(0, parts.Count).MaxBy(split => Enumerable.Range(0, own.Length)
                .Where(label => own[label] > 0).Sum(label => own[label] * (wanted[split][label] - given[split][label]) / Math.Max(wanted[split][label], 1e-9)));
            foreach (var item in group)
            {
                item.Split = parts[best].Split;
                given[best][labels[item.Label]]++;
            }
        }
    }

    /// <summary>Whether at least half of the labels have a group for each split.</summary>
    private static bool Divisible(List<Item> items, SplitLevel level, int splits)
    {
        var perLabel = items.GroupBy(item => item.Label)
            .Select(label => label.Select(item => item.Group(level)).Where(group => group is not null).Distinct().Count()).ToList();
        return 2 * perLabel.Count(groups => groups >= splits) >= perLabel.Count;
    }

    private static string Some(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(12).Select(Files.Printable)) + (names.Count > 12 ? $" and {names.Count - 12} more" : "");
}
