using SignData.Core;
using SignData.Dataset.Batches;
using SignData.Vision;

namespace SignData.Dataset.Augmenting;

/// <summary>Frames beside what a recipe makes of them: a row a frame, the original first, under each draw the steps that were taken.</summary>
public static class AugmentSheet
{
    private const int Margin = 6, Line = 11, Letter = 7, White = 0xFFFFFF, Ink = 0x303030, Faint = 0x808080;

    /// <summary>Draws it.</summary>
    /// <param name="samples">All frames to learn from.</param>
    /// <param name="numbers">Which are shown.</param>
    /// <param name="recipe">How they are varied.</param>
    /// <param name="draws">Draws of each: of epochs 0, 1, 2.</param>
    /// <param name="size">The side of each, in pixels.</param>
    /// <param name="seed">What every random choice derives from.</param>
    /// <param name="names">Whether steps are named.</param>
    public static Image Draw(IReadOnlyList<Sample> samples, IReadOnlyList<int> numbers, Recipe recipe, int draws, int size, int seed, bool names = true)
    {
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(numbers);
        ArgumentNullException.ThrowIfNull(recipe);
        int caption = names ? Margin + (Line * Lines(recipe, size)) : 0, across = size + Margin, down = size + caption + Margin;
        Image sheet = new(Margin + (across * (1 + draws)), Margin + (down * numbers.Count));
        Canvas.Fill(sheet, 0, 0, sheet.Width, sheet.Height, White);
        FrameCache frames = FrameCache.For(size, 0);
        Rendering rendering = new(new OtherFrames(samples, frames));
        Image square = new(size, size);
        foreach ((int row, int number) in numbers.Index())
        {
            (string path, _, bool hasHand) = samples[number];
            Pyramid picture = frames.Read(path);
            int top = Margin + (row * down);
            View whole = View.Whole(picture.Full.Width, picture.Full.Height);
            whole.Sample(picture.Level(whole.Shrink(picture.Full, size)), square.Pixels, size);
            Canvas.Put(sheet, square, Margin, top);
            if (names)
            {
                Canvas.Write(sheet, Shortened(Path.GetFileName(path), size), Margin, top + size + Line, Letter, Faint);
            }
            for (int draw = 0; draw < draws; draw++)
            {
                int left = Margin + ((draw + 1) * across);
                List<string> notes = [];
                rendering.Notes = notes;
                recipe.Render(rendering, new SampleRandom(seed, draw, number), picture, square.Pixels, 0, size, hasHand: hasHand);
                Canvas.Put(sheet, square, left, top);
                if (rendering.Box?.Inside() is { } box)
                {
                    Canvas.Border(sheet, left + (int)(box.Left * size), top + (int)(box.Top * size), (int)(box.Width * size), (int)(box.Height * size), 1, 0x30C060);
                }
                foreach ((int line, string text) in Wrapped(notes.Select(n => n.Split(' ')[0]), size).Index().Where(_ => names))
                {
                    Canvas.Write(sheet, text, left, top + size + (Line * (line + 1)), Letter, Ink);
                }
            }
        }
        return sheet;
    }

    private static int Lines(Recipe recipe, int size) => 1 + Wrapped(Leaves(recipe.Steps), size).Count;

    private static IEnumerable<string> Leaves(IEnumerable<AugmentStep> steps) =>
        steps.Select(s => s is Steps.OneOf one ? Leaves(one.Steps).DefaultIfEmpty("").MaxBy(n => n.Length)! : s.Name);

    private static List<string> Wrapped(IEnumerable<string> words, int width)
    {
        List<string> lines = [];
        foreach (string word in words)
        {
            if (lines.Count > 0 && Canvas.WidthOf(lines[^1] + ", " + word, Letter) <= width)
            {
                lines[^1] += ", " + word;
            }
            else
            {
                lines.Add(Shortened(word, width));
            }
        }
        return lines;
    }

    private static string Shortened(string text, int width)
    {
        while (text.Length > 1 && Canvas.WidthOf(text, Letter) > width)
        {
            text = text[..^1];
        }
        return text;
    }
}
