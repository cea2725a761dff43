namespace SignData.Dataset;

/// <summary>Sets of numbers that are only ever joined.</summary>
internal sealed class DisjointSets
{
    private readonly int[] parent, size;

    /// <summary>A set for each number.</summary>
    /// <param name="count">Numbers are below it.</param>
    public DisjointSets(int count) => (parent, size) = ([.. Enumerable.Range(0, count)], [.. Enumerable.Repeat(1, count)]);

    /// <summary>A number's set: its lowest number.</summary>
    public int Of(int i)
    {
        while (parent[i] != i)
        {
            i = parent[i] = parent[parent[i]];
        }
        return i;
    }

    /// <summary>How many numbers a number's set has.</summary>
    public int SizeOf(int i) => size[Of(i)];

    /// <summary>Joins two sets unless they would have too many numbers.</summary>
    /// <returns>Whether they are one now.</returns>
    public bool Join(int a, int b, double most = double.MaxValue)
    {
        var (x, y) = (Of(a), Of(b));
        if (x != y && size[x] + size[y] > most)
        {
            return false;
        }
        if (x != y)
        {
            parent[Math.Max(x, y)] = Math.Min(x, y);
            size[Math.Min(x, y)] += size[Math.Max(x, y)];
        }
        return true;
    }
}
