using SignData.Core;
using SignData.Dataset.Batches;
using SignData.Vision.Retouching;

namespace SignData.Dataset.Augmenting;

/// <summary>
/// A picture on its way through a recipe. Steps say what they want; nothing is touched until it must be: maps of coordinates compose and are sampled
/// once, changes of colour compose to one matrix and one table, and where colour does not depend on place the two are one pass. A step that needs
/// pixels (<see cref="Pixels"/>) gets all that was asked for before it. One a thread, used again for every picture: it allocates nothing then.
/// </summary>
/// <remarks>
/// A map looks through what came before it: where a turn reaches beyond a crop, the picture that was cut off is seen, and only beyond the picture itself
/// its <see cref="Border"/>. Between merged changes of colour nothing is rounded or clipped.
/// </remarks>
/// <param name="others">The frames of the dataset that steps may show parts of; null where there are none.</param>
public sealed partial class Rendering(OtherFrames? others = null)
{
    private byte[] target = [];
    private int offset;
    private byte[] spare = [], hand = [], seenHand = [], spareHand = [];
    private bool rendered, handWanted;

    // What the square is to be filled with, where no map changes it.
    private Image? asIs;

    /// <summary>The side of the result, in pixels.</summary>
    public int Size { get; private set; }

    /// <summary>What is seen beyond the picture's sides.</summary>
    public Border Border { get; private set; }

    /// <summary>The frames of the dataset that steps may show parts of; null where there are none.</summary>
    internal OtherFrames? Others { get; } = others;

    /// <summary>Where notes of what was applied go; null keeps none.</summary>
    public IList<string>? Notes { get; set; }

    /// <summary>The box of the hand in the result, beyond its sides too where a map took a part of the hand there; null where it is not known or shown.</summary>
    public HandBox? Box { get; private set; }

    /// <summary>The picture so far, Size x Size x 3, with all that was asked for applied.</summary>
    public Span<byte> Pixels
    {
        get
        {
            Settle();
            return Square;
        }
    }

    /// <summary>Where hand and arm are in the picture so far, Size x Size: 255 on them; empty when that is not known well enough. Only for steps that said that they need it.</summary>
    public ReadOnlySpan<byte> Hand
    {
        get
        {
            Settle();
            return handWanted ? hand.AsSpan(0, Size * Size) : [];
        }
    }

    /// <summary>As <see cref="Hand"/>, up to the wrist and of what the picture itself showed: what its box is of.</summary>
    internal ReadOnlySpan<byte> SeenHand
    {
        get
        {
            Settle();
            return handWanted ? seenHand.AsSpan(0, Size * Size) : [];
        }
    }

    /// <summary>A second picture of the same size, with anything in it.</summary>
    public Span<byte> Spare => Room(ref spare, Size * Size * 3);

    private Span<byte> Square => target.AsSpan(offset, Size * Size * 3);

    /// <summary>Takes a picture.</summary>
    /// <param name="source">The picture.</param>
    /// <param name="buffer">Where the result goes.</param>
    /// <param name="start">From which byte on.</param>
    /// <param name="size">The side of the result, in pixels.</param>
    /// <param name="border">What is seen beyond the picture's sides.</param>
    /// <param name="mask">Where the hand is; null when no step needs it or it was not found.</param>
    public void Begin(Pyramid source, byte[] buffer, int start, int size, Border border, HandMask? mask)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(buffer);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        (target, offset, Size, Border, Box) = (buffer, start, size, border, null);
        (rendered, handWanted) = (false, mask is not null);
        BeginMap(source, mask);
        BeginColour();
    }

    /// <summary>Applies what is still open: the result is in the buffer.</summary>
    public void Finish()
    {
        Settle();
        // Of what the picture showed: an arm that its border goes on with does not count.
        Box = handWanted ? HandBox.Around(seenHand.AsSpan(0, Size * Size), Size) : null;
        if (Box is { } shown && wholeHand is { } whole)
        {
            float left = shown.Left > 0 ? shown.Left : Math.Min(0, whole.Left), top = shown.Top > 0 ? shown.Top : Math.Min(0, whole.Top);
            float right = shown.Left + shown.Width, bottom = shown.Top + shown.Height;
            right = right < 1 ? right : Math.Max(1, whole.Left + whole.Width);
            bottom = bottom < 1 ? bottom : Math.Max(1, whole.Top + whole.Height);
            Box = new(left, top, right - left, bottom - top);
        }
    }

    /// <summary>Says what a step does to this picture.</summary>
    /// <param name="step">The step.</param>
    /// <param name="values">What it drew.</param>
    public void Note(AugmentStep step, params ReadOnlySpan<(string Name, float Value)> values)
    {
        if (Notes is null)
        {
            return;
        }
        ArgumentNullException.ThrowIfNull(step);
        string note = step.Name;
        foreach ((string name, float value) in values)
        {
            note += string.Create(System.Globalization.CultureInfo.InvariantCulture, $" {name} {value:0.###}");
        }
        Notes.Add(note);
    }

    private void Settle()
    {
        SettleMap();
        SettleColour();
        asIs?.Pixels.CopyTo(Square);
        (asIs, rendered) = (null, true);
    }

    internal static Span<T> Room<T>(ref T[] kept, int count)
    {
        if (kept.Length < count)
        {
            kept = new T[count];
        }
        return kept.AsSpan(0, count);
    }
}
