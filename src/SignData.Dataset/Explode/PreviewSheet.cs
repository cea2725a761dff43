using System.Globalization;
using SignData.Core;
using SignData.Vision;

namespace SignData.Dataset;

/// <summary>
/// What is chosen of one video as a picture: its kept frames, and one for each run of rejected ones, in the order of time, each with its time,
/// its sharpness and what became of it.
/// </summary>
internal sealed class PreviewSheet
{
    private const int TileSide = 192, Columns = 8, Margin = 6, Caption = 32, Title = 34, Ink = 0x1B2733;

    /// <summary>Pictures held at a time; of longer videos every second one goes, again and again.</summary>
    private const int MostTiles = 256;

    private const int MostCells = 160;

    private const int Kept = 0x149646;

    private static readonly Dictionary<string, int> Colours = new()
    {
        ["blurry"] = 0xCD3C2D, ["at_rest"] = 0x4669CD, ["near_identical"] = 0x969696, ["quota"] = 0xD7A01E,
    };

    private readonly SortedDictionary<int, Image> tiles = [];
    private int step = 1;

    /// <summary>Sees a frame before it is judged.</summary>
    public void See(Frame frame)
    {
        if (frame.Position % step != 0)
        {
            return;
        }
        tiles[frame.Position] = Tile(Resample.ToRgb(frame));
        if (tiles.Count > MostTiles)
        {
            step *= 2;
            foreach (var position in tiles.Keys.Where(position => position % step != 0).ToList())
            {
                tiles.Remove(position);
            }
        }
    }

    /// <summary>Draws the sheet.</summary>
    /// <param name="name">The video's.</param>
    /// <param name="looks">Every frame, judged.</param>
    /// <param name="kept">Those that are kept.</param>
    public Image Draw(string name, IReadOnlyList<Look> looks, IReadOnlyList<Candidate> kept)
    {
        foreach (var candidate in kept)
        {
            tiles[candidate.Look.Position] = Tile(candidate.Frame is { } frame ? Resample.ToRgb(frame) : ImageFile.Decode(candidate.Jpeg, name));
        }
        var cells = Cells(looks);
        var (across, down) = (Math.Min(Columns, Math.Max(1, cells.Count)), Math.Max(1, (cells.Count + Columns - 1) / Columns));
        var tall = cells.Select(cell => cell.Tile.Height).DefaultIfEmpty(0).Max();
        var (wide, high) = (TileSide + (2 * Margin), tall + (2 * Margin) + Caption);
        var sheet = new Image(Math.Max(across, 4) * wide, Title + (down * high));
        Array.Fill(sheet.Pixels, (byte)245);
        Canvas.Write(sheet, $"{name}: {kept.Count} of {looks.Count} frames kept", Margin, 22, 12, Ink);
        for (var i = 0; i < cells.Count; i++)
        {
            Draw(sheet, cells[i], i % Columns * wide, Title + (i / Columns * high), tall);
        }
        return sheet;
    }

    /// <summary>Each kept frame, and of each run of frames that were rejected for one reason the one nearest to its middle.</summary>
    private List<(Look Look, int Count, Image Tile)> Cells(IReadOnlyList<Look> looks)
    {
        var cells = new List<(Look Look, int Count, Image Tile)>();
        for (int from = 0, to; from < looks.Count; from = to)
        {
            for (to = from + 1; to < looks.Count && looks[to].Reason is not null && looks[to].Reason == looks[from].Reason && looks[to].Scene == looks[from].Scene; to++)
            {
            }
            var middle = looks[(from + to) / 2].Position;
            var shown = Enumerable.Range(from, to - from).Where(i => tiles.ContainsKey(looks[i].Position)).OrderBy(i => Math.Abs(looks[i].Position - middle)).FirstOrDefault(-1);
            if (shown >= 0)
            {
                cells.Add((looks[shown], to - from, tiles[looks[shown].Position]));
            }
        }
        var most = cells.OrderBy(cell => cell.Look.Reason is not null).ThenByDescending(cell => cell.Count).Take(MostCells).Select(cell => cell.Look).ToHashSet();
        return [.. cells.Where(cell => most.Contains(cell.Look))];
    }

    private static void Draw(Image sheet, (Look Look, int Count, Image Tile) cell, int left, int top, int tall)
    {
        var (look, count, tile) = cell;
        Canvas.Fill(sheet, left + 2, top + 2, TileSide + (2 * Margin) - 4, tall + (2 * Margin) - 4, look.Reason is null ? Kept : Colours.GetValueOrDefault(look.Reason, Kept));
        Canvas.Put(sheet, tile, left + Margin + ((TileSide - tile.Width) / 2), top + Margin + ((tall - tile.Height) / 2));
        var word = look.Reason is null ? "kept" : look.Reason.Replace('_', ' ') + (count > 1 ? string.Create(CultureInfo.InvariantCulture, $", {count} frames") : "");
        var below = top + tall + (2 * Margin);
        Canvas.Write(sheet, string.Create(CultureInfo.InvariantCulture, $"{look.Time.TotalSeconds:0.00} s  sharp {look.Sharpness:0.00}  motion {look.Motion:0}"), left + 4, below + 9, 8, Ink);
        Canvas.Write(sheet, word, left + 4, below + 23, 8, Ink);
    }

    private static Image Tile(Image picture)
    {
        var scale = (double)TileSide / Math.Max(picture.Width, picture.Height);
        return Resample.Resize(picture, Math.Max(1, (int)Math.Round(picture.Width * scale)), Math.Max(1, (int)Math.Round(picture.Height * scale)));
    }
}
