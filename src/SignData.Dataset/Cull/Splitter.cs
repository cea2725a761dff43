using SignData.Core;

namespace SignData.Dataset;

/// <summary>
/// Assigns kept frames to train, valid and test in whole groups: by signer, else session, else source, else burst, else look-alikes, never by frame.
/// Frames that look the same are on one side, whatever groups they are of.
/// </summary>
internal sealed class Splitter
{
    private static readonly string[] LevelNames = ["signer", "session", "source", "burst", "runs of look-alike frames"];

    private readonly CullOptions options;
    private readonly (string Split, SplitLevel Level, IReadOnlyList<string> Names)[] heldOut;

    /// <summary>Splits to be made.</summary>
    /// <exception cref="InputException">A name is to be on both sides.</exception>
    public Splitter(CullOptions options)
    {
        this.options = options;
        heldOut =
        [
            ("test", SplitLevel.Signer, options.TestSigners), ("test", SplitLevel.Session, options.TestSessions), ("test", SplitLevel.Source, options.TestSources),
            ("valid", SplitLevel.Signer, options.ValidSigners), ("valid", SplitLevel.Session, options.ValidSessions), ("valid", SplitLevel.Source, options.ValidSources),
        ];
    }

    /// <summary>How the splits were made.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>What is less honest than it looks.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>Sets <see cref="Item.Split"/> of every item, or culls it as a leak.</summary>
    /// <param name="items">Kept frames.</param>
    /// <exception cref="InputException">What to hold out has no frame, or a frame looks the same as one on the other side.</exception>
    public void Assign(IReadOnlyList<Item> items)
    {
        foreach (var (split, level, names) in heldOut)
        {
            HoldOut(items, split, level, names);
        }
        if (items.Any(item => item.Split is not null))
        {
            Separate(items);
        }
        var rest = items.Where(item => item.Split is null && item.Culled is null).ToList();
        var parts = new List<(string Split, double Part)>();
        var valid = heldOut.Any(held => held.Split == "valid" && held.Names.Count > 0) ? 0 : options.Valid;
        var test = heldOut.Any(held => held.Split == "test" && held.Names.Count > 0) ? 0 : options.Test;
        parts.Add(("train", 1 - valid - test));
        parts.AddRange(new[] { ("valid", valid), ("test", test) }.Where(part => part.Item2 > 0));
        if (rest.Count == 0)
        {
            throw new InputException("what is held out leaves no frame to train on: hold out less.");
        }
        if (parts.Count == 1)
        {
            rest.ForEach(item => item.Split = "train");
        }
        else
        {
            Divide(rest, parts);
        }
        Warn([.. items.Where(item => item.Culled is null)], parts.Select(part => part.Split));
    }

    private static bool IsNamed(SourceRow source, SplitLevel level, string name) => level switch
    {
        SplitLevel.Signer => source.Signer == name,
        SplitLevel.Session => source.Session == name,
        _ => Path.GetFileName(source.Path) == name || Path.GetFileNameWithoutExtension(source.Path) == name || source.Path == Path.GetFullPath(name),
    };

    private static string? NameOf(SourceRow source, SplitLevel level) => level switch
    {
        SplitLevel.Signer => source.Signer,
        SplitLevel.Session => source.Session,
        _ => Path.GetFileName(source.Path),
    };

    private void HoldOut(IReadOnlyList<Item> items, string split, SplitLevel level, IReadOnlyList<string> names)
    {
        var what = LevelNames[(int)level];
        foreach (var name in names)
        {
            var own = items.Where(item => IsNamed(item.Source, level, name)).ToList();
            if (own.Count == 0)
            {
                var known = items.Select(item => NameOf(item.Source, level)).OfType<string>().Distinct().Order(StringComparer.Ordinal).ToList();
                throw new InputException($"no kept frame is of {what} '{name}': " + (known.Count > 0 ? $"name one of {Some(known)}." : $"none of the sources says its {what}, see explode --{what}."));
            }
            if (own.FirstOrDefault(item => item.Split is { } other && other != split) is { } both)
            {
                throw new InputException($"{what} '{name}' is to be in {split}, but '{Files.Printable(both.Name)}' of it is held out for {both.Split}: name what does not overlap.");
            }
            own.ForEach(item => item.Split = split);
        }
        if (names.Count > 0)
        {
            Notes.Add($"{split} is held out by name: {Some(names)}");
            var unknown = items.Count(item => NameOf(item.Source, level) is null);
            var warning = $"{unknown} frames do not say their {what}; one that is held out may be among them.";
            if (unknown > 0 && !Warnings.Contains(warning))
            {
                Warnings.Add(warning);
            }
        }
    }

    /// <summary>What looks like a held-out frame must not stay on another side.</summary>
    private void Separate(IReadOnlyList<Item> items)
    {
        var leaks = 0;
        foreach (var set in items.Where(item => item.Twins > 0).GroupBy(item => item.Twins))
        {
            var own = set.FirstOrDefault(item => item.Split == "test") ?? set.FirstOrDefault(item => item.Split == "valid");
            foreach (var other in set.Where(item => own is not null && item.Split != own.Split))
            {
                if (!options.CullLeaks)
                {
                    throw new InputException($"'{Files.Printable(Short(own!))}' is held out for {own!.Split} and looks the same as '{Files.Printable(Short(other))}', which is not: hold both out, or let --cull-leaks set the others aside.");
                }
                other.Culled = $"leak: looks like {Files.Printable(Short(own!))}, which is held out for {own!.Split}";
                other.Split = null;
                leaks++;
            }
        }
        if (leaks > 0)
        {
            Notes.Add($"{leaks} frames are set aside: they look like held-out ones");
        }
    }

    private static string Short(Item item) => $"{item.Label}/{item.Name}";

    private void Divide(List<Item> items, List<(string Split, double Part)> parts)
    {
        var (level, groups) = Enum.GetValues<SplitLevel>().Select(level => (level, Groups(items, level)))
            .First(candidate => candidate.level == SplitLevel.LookAlikes || Divisible(items, candidate.level, candidate.Item2, parts.Count));
        Notes.Add($"{string.Join(" and ", parts.Skip(1).Select(part => part.Split))} split by {LevelNames[(int)level]}: {groups.Count} groups");
        var unknown = items.Count(item => item.Group(level) is null);
        if (unknown > 0)
        {
            Notes.Add($"{unknown} frames have no {LevelNames[(int)level]}: grouped by what else is known");
        }
        if (level >= SplitLevel.Burst)
        {
            Warnings.Add("signer, session and source are unknown or too few to split by: the figures will say nothing about new people.");
        }

        var labels = items.Select(item => item.Label).Distinct().Order(StringComparer.Ordinal).Select((label, i) => (label, i)).ToDictionary(pair => pair.label, pair => pair.i);
        var whole = Count(items, labels);
        var wanted = parts.Select(part => whole.Select(count => part.Part * count).ToArray()).ToArray();
        var given = parts.Select(_ => new double[labels.Count]).ToArray();
        List<(List<Item> Items, double[] Own)> learnt = [];
        foreach (var (_, group) in groups.OrderByDescending(group => group.Items.Count).ThenBy(group => Item.Draw(options.Seed, group.Key)).ThenBy(group => group.Key, StringComparer.Ordinal))
        {
            var own = Count(group, labels);
            // To the split that lacks most of what this group has, in its own measure; train comes first among equals, and takes what is too large for the others.
            var best = Enumerable.Range(0, parts.Count).Where(split => split == 0 || Wants(wanted[split], given[split], own)).MaxBy(split => Enumerable.Range(0, own.Length)
                .Where(label => own[label] > 0).Sum(label => own[label] * (wanted[split][label] - given[split][label]) / Math.Max(wanted[split][label], 1e-9)));
            Give(group, own, best);
            if (best == 0)
            {
                learnt.Add((group, own));
            }
        }
        // Where every group was too large, the smallest one is better than none.
        for (var split = 1; split < parts.Count; split++)
        {
            for (var label = 0; label < whole.Length; label++)
            {
                if (given[split][label] == 0 && learnt.FindLastIndex(group => group.Own[label] > 0 && !Exhausts(group.Own)) is >= 0 and var smallest)
                {
                    var (group, own) = learnt[smallest];
                    learnt.RemoveAt(smallest);
                    Give(group, own, split);
                    Take(own);
                }
            }
        }

        void Give(List<Item> group, double[] own, int split)
        {
            group.ForEach(item => item.Split = parts[split].Split);
            for (var label = 0; label < own.Length; label++)
            {
                given[split][label] += own[label];
            }
        }

        void Take(double[] own)
        {
            for (var label = 0; label < own.Length; label++)
            {
                given[0][label] -= own[label];
            }
        }

        bool Exhausts(double[] own) => Enumerable.Range(0, own.Length).Any(label => own[label] > 0 && own[label] >= given[0][label]);
    }

    private static double[] Count(List<Item> items, Dictionary<string, int> labels)
    {
        var counts = new double[labels.Count];
        items.ForEach(item => counts[labels[item.Label]]++);
        return counts;
    }

    /// <summary>Whether a split lacks at least half of what a group has.</summary>
    private static bool Wants(double[] wanted, double[] given, double[] own) =>
        2 * Enumerable.Range(0, own.Length).Sum(label => Math.Clamp(wanted[label] - given[label], 0, own[label])) >= own.Sum();

    /// <summary>The groups of a level, joined where one has a frame that looks like a frame of another.</summary>
    private static List<(string Key, List<Item> Items)> Groups(List<Item> items, SplitLevel level)
    {
        var groups = items.GroupBy(item => item.GroupFrom(level)).Select(group => (Key: group.Key.ToString(), Items: group.ToList())).ToList();
        var (joined, seen) = (new DisjointSets(groups.Count), new Dictionary<int, int>());
        foreach (var (i, group) in groups.Index())
        {
            foreach (var set in group.Items.Select(item => item.Twins).Where(set => set > 0).Distinct())
            {
                if (!seen.TryAdd(set, i))
                {
                    joined.Join(i, seen[set]);
                }
            }
        }
        return [.. groups.Index().GroupBy(group => joined.Of(group.Index))
            .Select(set => (set.Select(group => group.Item.Key).Min(StringComparer.Ordinal)!, set.SelectMany(group => group.Item.Items).ToList()))];
    }

    private void Warn(IReadOnlyList<Item> items, IEnumerable<string> wanted)
    {
        var labels = items.Select(item => item.Label).Distinct().ToList();
        foreach (var split in wanted.Concat(items.Select(item => item.Split!)).Distinct().ToList())
        {
            var missing = labels.Except(items.Where(item => item.Split == split).Select(item => item.Label)).Order(StringComparer.Ordinal).ToList();
            if (missing.Count > 0)
            {
                Warnings.Add(split == "train" ? $"the train split has no frame of {Some(missing)}: they cannot be learnt."
                    : $"the {split} split has no frame of {Some(missing)}: more videos or images of them would help.");
            }
        }
        var signers = items.Where(item => item.Split == "train").Select(item => item.Source.Signer).OfType<string>().ToHashSet();
        var shared = items.Where(item => item.Split == "test").Select(item => item.Source.Signer).OfType<string>().Distinct().Where(signers.Contains).Order(StringComparer.Ordinal).ToList();
        if (shared.Count > 0)
        {
            Warnings.Add($"{Some(shared)} {(shared.Count == 1 ? "is" : "are")} in train and in test: the figures will say little about new people.");
        }
    }

    /// <summary>Whether at least half of the labels have a group for each split.</summary>
    private static bool Divisible(List<Item> items, SplitLevel level, List<(string Key, List<Item> Items)> groups, int splits)
    {
        var perLabel = groups.SelectMany(group => group.Items.Where(item => item.Group(level) is not null).Select(item => item.Label).Distinct()).CountBy(label => label).ToDictionary();
        var labels = items.Select(item => item.Label).Distinct().ToList();
        return 2 * labels.Count(label => perLabel.GetValueOrDefault(label) >= splits) >= labels.Count;
    }

    private static string Some(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(12).Select(Files.Printable)) + (names.Count > 12 ? $" and {names.Count - 12} more" : "");
}
