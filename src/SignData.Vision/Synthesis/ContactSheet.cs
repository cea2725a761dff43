using SignData.Core;

namespace SignData.Vision.Synthesis;

/// <summary>One picture of every letter by every signer, as the clips show them.</summary>
public static class ContactSheet
{
    private const int Columns = 12, Gap = 2;

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
            Canvas.Fill(picture, 0, 0, 20, 24, 0x1B2733);
            Canvas.Write(picture, options.Letters[letter].ToString(), 4, 18, 12, 0xFFFFFF, 2);
            Canvas.Fill(picture, 0, cell.Height - 16, 12 + Canvas.WidthOf(options.Signers[signer].Name, 8), 16, 0x1B2733);
            Canvas.Write(picture, options.Signers[signer].Name, 5, cell.Height - 5, 8, 0xFFFFFF);
            int left = letter % Columns * (cell.Width + Gap), top = ((letter / Columns * signers) + signer) * (cell.Height + Gap);
            Canvas.Put(sheet, picture, left, top);
        });
        return sheet;
    }
}
