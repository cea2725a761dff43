using System.Globalization;
using SignData.Core;
using SignData.Vision;

namespace SignData.Training;

/// <summary>A range test as a picture: the loss over the learning rate, on a logarithmic axis, and the suggestion.</summary>
public static class LearningRatePlot
{
    private const int Width = 960, Height = 540, Left = 80, Right = 30, Top = 60, Bottom = 60, Letters = 11;
    private const int Paper = 0xFFFFFF, Ink = 0x333333, Grid = 0xDDDDDD, Curve = 0x1F6FB4, Mark = 0xC0392B;

    /// <summary>Draws it.</summary>
    /// <param name="range">The test.</param>
    /// <returns>RGB.</returns>
    public static Image Of(LearningRateRange range)
    {
        ArgumentNullException.ThrowIfNull(range);
        Image picture = new(Width, Height);
        Canvas.Fill(picture, 0, 0, Width, Height, Paper);
        (double low, double high) = (Math.Log10(range.Points[0].Rate), Math.Log10(range.Points[^1].Rate));
        // What shoots up after the least is cut off: it would press flat what matters.
        RatePoint lowest = range.Points.MinBy(point => point.Loss);
        double least = lowest.Loss, most = range.Points.TakeWhile(point => point != lowest).Append(lowest).Max(point => point.Loss), margin = Math.Max(1e-6, 0.05 * (most - least));
        (least, most) = (least - margin, most + margin);
        string digits = most - least < 0.1 ? "0.000" : "0.00";
        int X(double rate) => Left + (int)((Math.Log10(rate) - low) / (high - low) * (Width - Left - Right));
        int Y(double loss) => Top + (int)(Math.Clamp((most - loss) / (most - least), 0, 1) * (Height - Top - Bottom));

        for (int decade = (int)Math.Ceiling(low - 1e-9); decade <= high + 1e-9; decade++)
        {
            int x = X(Math.Pow(10, decade));
            Canvas.Fill(picture, x, Top, 1, Height - Top - Bottom, Grid);
            Write(picture, FormattableString.Invariant($"1e{decade}"), x, Height - Bottom + 25, Ink, centred: true);
        }
        for (int line = 0; line <= 4; line++)
        {
            double loss = least + ((most - least) * line / 4);
            Canvas.Fill(picture, Left, Y(loss), Width - Left - Right, 1, Grid);
            Write(picture, loss.ToString(digits, CultureInfo.InvariantCulture), 20, Y(loss) + (Letters / 2), Ink);
        }
        int at = X(range.Suggestion);
        Canvas.Fill(picture, at - 1, Top, 3, Height - Top - Bottom, Mark);
        for (int i = 1; i < range.Points.Count; i++)
        {
            Line(picture, X(range.Points[i - 1].Rate), Y(range.Points[i - 1].Loss), X(range.Points[i].Rate), Y(range.Points[i].Loss));
        }
        Write(picture, FormattableString.Invariant($"suggested learning rate {range.Suggestion:0.0e0}"), at, Top - 15, Mark, centred: true);
        Write(picture, "loss", 20, Top - 15, Ink);
        Write(picture, "learning rate", Width / 2, Height - 10, Ink, centred: true);
        return picture;
    }

    private static void Write(Image picture, string text, int x, int bottom, int colour, bool centred = false)
    {
        int width = Canvas.WidthOf(text, Letters);
        Canvas.Write(picture, text, Math.Clamp(centred ? x - (width / 2) : x, 0, Width - width), bottom, Letters, colour);
    }

    // Column by column, each as high as the line is there.
    private static void Line(Image picture, int x0, int y0, int x1, int y1)
    {
        int columns = Math.Max(1, x1 - x0);
        for (int i = 0; i < columns; i++)
        {
            int from = y0 + ((y1 - y0) * i / columns), to = y0 + ((y1 - y0) * (i + 1) / columns);
            Canvas.Fill(picture, x0 + i, Math.Min(from, to) - 1, 2, Math.Abs(to - from) + 3, Curve);
        }
    }
}
