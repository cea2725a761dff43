using System.Numerics;
using SignData.Dataset.Batches;
using SignData.Vision.Retouching;

namespace SignData.Dataset.Augmenting.Steps;

/// <summary>
/// Puts a part of another frame of the dataset behind the hand: of one that shows no hand, or beside the hand of one that does. Pictures in which the hand
/// is not found for sure keep theirs, and so do all where there are no other frames; one that is known to show no hand becomes that part.
/// </summary>
public sealed record Scene : AugmentStep
{
    // Beside a hand there must be this much of the picture, along a side.
    private const float Least = 0.2f;

    /// <inheritdoc/>
    public override bool NeedsHand => true;

    /// <inheritdoc/>
    public override void Apply(ref SampleRandom random, Rendering picture)
    {
        float which = random.NextUnit(), size = random.Next(0.4f, 1), across = random.NextUnit(), down = random.NextUnit();
        bool mirrored = random.NextUnit() < 0.5f;
        if (picture.Hand.IsEmpty || picture.Others?.At(which) is not { } other || Room(other) is not { } room)
        {
            return;
        }
        Vector2 sides = size * new Vector2(room.Width, room.Height), spare = new Vector2(room.Width, room.Height) - sides;
        Vector2 middle = new Vector2(room.Left - 0.5f, room.Top - 0.5f) + (spare * new Vector2(across, down)) + (sides / 2);
        Vector2 canvas = new Vector2(other.Picture.Full.Width, other.Picture.Full.Height) / Math.Min(other.Picture.Full.Width, other.Picture.Full.Height);
        View view = new(Matrix3x2.CreateScale((mirrored ? -1 : 1) * sides.X * canvas.X, sides.Y * canvas.Y) * Matrix3x2.CreateTranslation(middle * canvas));
        Span<byte> pixels = picture.Pixels, behind = picture.Spare;
        view.Sample(other.Picture.Level(view.Shrink(other.Picture.Full, picture.Size)), behind, picture.Size);
        Retouch.Blend(pixels, behind, picture.Hand);
        picture.Note(this, ("size", size), ("x", middle.X), ("y", middle.Y));
    }

    // The largest strip beside the hand; all of a picture without one.
    private static HandBox? Room((Pyramid Picture, bool HasHand) other)
    {
        if (other.Picture.HandBox is not { } hand)
        {
            return other.Picture.ShowsNoHand(other.HasHand) ? new HandBox(0, 0, 1, 1) : null;
        }
        float right = hand.Left + hand.Width, bottom = hand.Top + hand.Height;
        HandBox[] strips = [new(0, 0, hand.Left, 1), new(right, 0, 1 - right, 1), new(0, 0, 1, hand.Top), new(0, bottom, 1, 1 - bottom)];
        HandBox largest = strips.MaxBy(strip => strip.Width * strip.Height);
        return Math.Min(largest.Width, largest.Height) >= Least ? largest : null;
    }
}
