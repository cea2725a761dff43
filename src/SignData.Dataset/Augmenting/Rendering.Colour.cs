using SignData.Vision.Retouching;

namespace SignData.Dataset.Augmenting;

/// <content>What becomes of the picture's colours: a matrix, then a table for each channel, both still open.</content>
public sealed partial class Rendering
{
    private readonly float[] curves = new float[768];
    private readonly byte[] table = new byte[768];
    private ColourMatrix matrix;
    private bool hasMatrix, hasCurves;

    private bool HasColour => hasMatrix || hasCurves;

    /// <summary>Mixes the channels.</summary>
    /// <param name="change">What each becomes.</param>
    public void Colour(ColourMatrix change)
    {
        if (hasCurves && !change.IsDiagonal)
        {
            Settle();
        }
        if (hasCurves)
        {
            Through(change);
            return;
        }
        (matrix, hasMatrix) = (hasMatrix ? change.After(matrix) : change, true);
    }

    /// <summary>
    /// The curves of the three channels, to be changed in place: 3 x 256 values, each what a sample of 0..255 has become so far, unrounded; it may lie outside of
    /// 0..255 and is clipped at last.
    /// </summary>
    public Span<float> Curves()
    {
        if (!hasCurves)
        {
            for (int i = 0; i < curves.Length; i++)
            {
                curves[i] = i & 255;
            }
            hasCurves = true;
            // A matrix that mixes no channels is a curve too; one that waits for a sampling costs nothing there.
            if (hasMatrix && matrix.IsDiagonal && !mapped)
            {
                Through(matrix);
                hasMatrix = false;
            }
        }
        return curves;
    }

    private void Through(ColourMatrix change)
    {
        for (int i = 0; i < 256; i++)
        {
            curves[i] = (change.Red.X * curves[i]) + change.Red.W;
            curves[256 + i] = (change.Green.Y * curves[256 + i]) + change.Green.W;
            curves[512 + i] = (change.Blue.Z * curves[512 + i]) + change.Blue.W;
        }
    }

    private void BeginColour() => (hasMatrix, hasCurves) = (false, false);

    // For a sampling to apply.
    private bool TakeMatrix(Span<float> values)
    {
        if (!hasMatrix)
        {
            return false;
        }
        matrix.CopyTo(values);
        hasMatrix = false;
        return true;
    }

    private void SettleColour()
    {
        bool tabled = hasCurves;
        if (hasMatrix && matrix.IsDiagonal && !hasCurves)
        {
            (tabled, hasMatrix) = (true, false);
            Tabulate(matrix.Red.X, matrix.Red.W, table);
            Tabulate(matrix.Green.Y, matrix.Green.W, table.AsSpan(256));
            Tabulate(matrix.Blue.Z, matrix.Blue.W, table.AsSpan(512));
        }
        Span<float> values = stackalloc float[12];
        if (TakeMatrix(values))
        {
            Retouch.Matrix(asIs is null ? Square : asIs.Pixels, Square, values);
            asIs = null;
        }
        if (hasCurves)
        {
            for (int i = 0; i < curves.Length; i++)
            {
                table[i] = Rounded(curves[i]);
            }
            hasCurves = false;
        }
        if (tabled)
        {
            Retouch.Table(asIs is null ? Square : asIs.Pixels, Square, table);
            asIs = null;
        }
    }

    private static void Tabulate(float gain, float lift, Span<byte> channel)
    {
        for (int i = 0; i < 256; i++)
        {
            channel[i] = Rounded((gain * i) + lift);
        }
    }

    private static byte Rounded(float value) => (byte)(Math.Clamp(value, 0, 255) + 0.5f);
}
