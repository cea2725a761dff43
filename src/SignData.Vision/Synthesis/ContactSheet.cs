using SignData.Core;

namespace SignData.Vision.Synthesis;

/// <summary>One picture of every letter by every signer, as the clips show them.</summary>
public static class ContactSheet
{
    private const int Columns = 12, Gap = 2;

    // Capitals and digits of five by seven dots, a row a byte.
    private static readonly Dictionary<char, byte[]> Glyphs = new()
    {
        ['A'] = [0x0E, 0x11, 0x11, 0x1F, 0x11, 0x11, 0x11], ['B'] = [0x1E, 0x11, 0x11, 0x1E, 0x11, 0x11, 0x1E],
        ['C'] = [0x0E, 0x11, 0x10, 0x10, 0x10, 0x11, 0x0E], ['D'] = [0x1E, 0x11, 0x11, 0x11, 0x11, 0x11, 0x1E],
        ['E'] = [0x1F, 0x10, 0x10, 0x1E, 0x10, 0x10, 0x1F], ['F'] = [0x1F, 0x10, 0x10, 0x1E, 0x10, 0x10, 0x10],
        ['G'] = [0x0E, 0x11, 0x10, 0x17, 0x11, 0x11, 0x0F], ['H'] = [0x11, 0x11, 0x11, 0x1F, 0x11, 0x11, 0x11],
        ['I'] = [0x0E, 0x04, 0x04, 0x04, 0x04, 0x04, 0x0E], ['K'] = [0x11, 0x12, 0x14, 0x18, 0x14, 0x12, 0x11],
        ['L'] = [0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x1F], ['M'] = [0x11, 0x1B, 0x15, 0x15, 0x11, 0x11, 0x11],
        ['N'] = [0x11, 0x19, 0x15, 0x13, 0x11, 0x11, 0x11], ['O'] = [0x0E, 0x11, 0x11, 0x11, 0x11, 0x11, 0x0E],
        ['P'] = [0x1E, 0x11, 0x11, 0x1E, 0x10, 0x10, 0x10], ['Q'] = [0x0E, 0x11, 0x11, 0x11, 0x15, 0x12, 0x0D],
        ['R'] = [0x1E, 0x11, 0x11, 0x1E, 0x14, 0x12, 0x11], ['S'] = [0x0F, 0x10, 0x10, 0x0E, 0x01, 0x01, 0x1E],
        ['T'] = [0x1F, 0x04, 0x04, 0x04, 0x04, 0x04, 0x04], ['U'] = [0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x0E],
        ['V'] = [0x11, 0x11, 0x11, 0x11, 0x11, 0x0A, 0x04], ['W'] = [0x11, 0x11, 0x11, 0x15, 0x15, 0x1B, 0x11],
        ['X'] = [0x11, 0x11, 0x0A, 0x04, 0x0A, 0x11, 0x11], ['Y'] = [0x11, 0x11, 0x0A, 0x04, 0x04, 0x04, 0x04],
        ['0'] = [0x0E, 0x11, 0x13, 0x15, 0x19, 0x11, 0x0E], ['1'] = [0x04, 0x0C, 0x04, 0x04, 0x04, 0x04, 0x0E],
        ['2'] = [0x0E, 0x11, 0x01, 0x06, 0x08, 0x10, 0x1F], ['3'] = [0x1F, 0x02, 0x04, 0x02, 0x01, 0x11, 0x0E],
        ['4'] = [0x02, 0x06, 0x0A, 0x12, 0x1F, 0x02, 0x02], ['5'] = [0x1F, 0x10, 0x1E, 0x01, 0x01, 0x11, 0x0E],
        ['6'] = [0x06, 0x08, 0x10, 0x1E, 0x11, 0x11, 0x0E], ['7'] = [0x1F, 0x01, 0x02, 0x04, 0x08, 0x08, 0x08],
        ['8'] = [0x0E, 0x11, 0x11, 0x0E, 0x11, 0x11, 0x0E], ['9'] = [0x0E, 0x11, 0x11, 0x0F, 0x01, 0x02, 0x0C],
    };

    /// <summary>Draws the sheet: twelve letters across, below each letter its signers, a cell of 160 x 120 pixels each.</summary>
    /// <param name="options">Letters, signers and seed; size and length are the sheet's own.</param>
    /// <param name="cancelled">Stops between two cells.</param>
    /// <exception cref="InputException">The sheet would be too large.</exception>
    public static Image Draw(SynthesisOptions options, CancellationToken cancelled = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        SynthesisOptions cell = options with { Width = 160, Height = 120, Seconds = 2, FramesPerSecond = 30 };
        int across = Math.Min(Columns, options.Letters.Count), signers = options.Signers.Count;
        int bands = (options.Letters.Count + Columns - 1) / Columns;
        int width = across * (cell.Width + Gap), height = bands * signers * (cell.Height + Gap);
        if (height > Image.MaxSide)
        {
            throw new InputException($"A sheet of {signers} signers is too tall; name at most {Image.MaxSide / (cell.Height + Gap) / bands} of them.");
        }
        Image sheet = new(width, height);
        Array.Fill(sheet.Pixels, (byte)255);
        Parallel.For(0, options.Letters.Count * signers, new ParallelOptions { CancellationToken = cancelled, MaxDegreeOfParallelism = options.Threads }, i =>
        {
            (int letter, int signer) = (i / signers, i % signers);
            Clip clip = new(options.Signers[signer], options.Letters[letter], 1, cell);
            Image picture = new(cell.Width, cell.Height);
            clip.Draw(clip.FrameCount / 4, picture);
            Write(picture, options.Letters[letter].ToString(), 5, 5, 2);
            Write(picture, options.Signers[signer].Name.ToUpperInvariant(), 5, cell.Height - 12, 1);
            int left = letter % Columns * (cell.Width + Gap), top = ((letter / Columns * signers) + signer) * (cell.Height + Gap);
            for (int y = 0; y < cell.Height; y++)
            {
                picture.Row(y).CopyTo(sheet.Row(top + y)[(3 * left)..]);
            }
        });
        return sheet;
    }

    private static void Write(Image picture, string text, int left, int top, int size)
    {
        foreach ((int shadow, byte tone) in (ReadOnlySpan<(int, byte)>)[(1, 0), (0, 255)])
        {
            for (int i = 0; i < text.Length; i++)
            {
                byte[] glyph = Glyphs[text[i]];
                for (int y = 0; y < 7 * size; y++)
                {
                    for (int x = 0; x < 5 * size; x++)
                    {
                        if ((glyph[y / size] >> (4 - (x / size)) & 1) != 0)
                        {
                            picture.Row(top + y + shadow).Slice(3 * (left + (i * 6 * size) + x + shadow), 3).Fill(tone);
                        }
                    }
                }
            }
        }
    }
}
