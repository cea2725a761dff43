using System.Collections;

namespace SignData.Dataset;

/// <summary>Pairs of frames that look the same, by their indices: millions, held in pieces so that growing copies nothing.</summary>
internal sealed class Pairs : IReadOnlyList<(int A, int B, float Similarity)>
{
    private const int PieceBits = 18, PieceLength = 1 << PieceBits;

    private readonly List<(int A, int B, float Similarity)[]> pieces = [];

    /// <inheritdoc/>
    public int Count { get; private set; }

    /// <inheritdoc/>
    public (int A, int B, float Similarity) this[int index] => pieces[index >> PieceBits][index & (PieceLength - 1)];

    /// <summary>Adds a pair.</summary>
    public void Add((int A, int B, float Similarity) pair)
    {
        if ((Count & (PieceLength - 1)) == 0)
        {
            pieces.Add(new (int, int, float)[PieceLength]);
        }
        pieces[^1][Count++ & (PieceLength - 1)] = pair;
    }

    /// <inheritdoc/>
    public IEnumerator<(int A, int B, float Similarity)> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
