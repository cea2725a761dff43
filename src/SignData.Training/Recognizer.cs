using System.Numerics;
using SignData.Core;
using SignData.Dataset.Batches;

namespace SignData.Training;

/// <summary>What a recognizer says of a batch of pictures; valid until the next.</summary>
/// <param name="Batch">The pictures, as the last look showed them.</param>
/// <param name="Probabilities">Count x classes, row by row.</param>
/// <param name="Boxes">Where each picture's hand was found, in the picture's sides; null where it was not looked for.</param>
public readonly record struct Recognition(Batch Batch, float[] Probabilities, HandBox?[] Boxes);

/// <summary>
/// Reads pictures: by several looks, whose verdicts are averaged. Where the looks are at the hand, it is found first: a network says where it is in the
/// whole picture, then again in what is around that place, and so on.
/// </summary>
public sealed class Recognizer
{
    // What a look at the hand shows, in sides of its box: with less, fingers are cut off where the box is a little wrong.
    private const float Around = 1.25f;

    // A hand's box is not smaller, nor larger, in what was shown, nor is its middle further from what was shown's; and no look is wider than this, in the picture's shorter sides.
    private const float Smallest = 0.08f, Largest = 1.4f, Farthest = 0.7f, Widest = 1.25f;

    private readonly Classifier reader, finder;
    private readonly Looks looks;

    /// <summary>A recognizer.</summary>
    /// <param name="reader">Says what the hand shows.</param>
    /// <param name="finder">Says where the hand is; may be the reader, and is not used where looks do not search.</param>
    /// <param name="looks">The looks at each picture.</param>
    /// <exception cref="InputException">The looks search for the hand, and the finder has not learnt where it is.</exception>
    public Recognizer(Classifier reader, Classifier finder, Looks looks)
    {
        ArgumentNullException.ThrowIfNull(looks);
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(finder);
        if (looks.Searches > 0 && !finder.FindsHands)
        {
            throw new InputException($"This {finder.Card.Architecture} has not learnt where the hand is, as --looks {looks.Name} needs: give --looks {Looks.Several.Name}, or train with --box-weight 1.");
        }
        (this.reader, this.finder, this.looks) = (reader, finder, reader.Card.Mirrored ? looks : looks.Unmirrored);
    }

    /// <summary>Judges all samples of a loader, in their order.</summary>
    /// <param name="frames">Pictures of the classifier's size.</param>
    /// <param name="boxes">Whether the batches shall also hold the boxes of the hands' masks.</param>
    public IEnumerable<Recognition> Judge(BatchLoader frames, bool boxes = false)
    {
        float[] mean = [];
        foreach ((Recognition seen, int look) in Looked(frames, boxes))
        {
            float[] probabilities = reader.Probabilities(seen.Batch);
            mean = look == 0 ? new float[probabilities.Length] : mean;
            for (int i = 0; i < mean.Length; i++)
            {
                mean[i] += probabilities[i] / looks.Count;
            }
            if (look == looks.Count - 1)
            {
                yield return seen with { Probabilities = mean };
            }
        }
    }

    /// <summary>Lets the reader take its statistics from what the looks show it: see <see cref="Classifier.Adapt"/>. A finder of its own keeps those that it has.</summary>
    /// <param name="frames">Pictures of the classifier's size, well mixed: each batch should look like all of them.</param>
    public void Adapt(BatchLoader frames) => reader.Adapt(Looked(frames, boxes: false).Select(look => look.Seen.Batch));

    // All looks that count, each batch after it was searched.
    private IEnumerable<(Recognition Seen, int Look)> Looked(BatchLoader frames, bool boxes)
    {
        ArgumentNullException.ThrowIfNull(frames);
        float aspect = reader.Card.Aspect;
        View[] views = new View[frames.BatchSize];
        HandBox?[] found = new HandBox?[frames.BatchSize];
        int look = -looks.Searches;
        foreach (Batch batch in frames.InOrder(looks.Searches + looks.Count, Show, boxes))
        {
            if (look < 0)
            {
                Search(batch, views);
            }
            else
            {
                yield return (new Recognition(batch, [], found), look);
            }
            look = look == looks.Count - 1 ? -looks.Searches : look + 1;
        }

        View Show(int shown, int place, Pyramid picture)
        {
            int width = picture.Full.Width, height = picture.Full.Height, counted = shown - looks.Searches;
            if (looks.Searches == 0)
            {
                return looks.Of(counted, width, height, aspect);
            }
            if (shown == 0)
            {
                views[place] = View.Whole(width, height);
            }
            if (counted == 0)
            {
                found[place] = views[place].Closer(Vector2.Zero, 1 / Around, aspect).Seen(width, height).Inside();
            }
            return counted < 0 ? views[place] : looks.Of(counted, views[place], width, height, aspect);
        }

        void Search(Batch batch, View[] views)
        {
            float[] hands = finder.Hands(batch);
            for (int i = 0; i < batch.Count; i++)
            {
                Vector2 middle = Vector2.Clamp(new(hands[3 * i], hands[(3 * i) + 1]), new(-Farthest), new(Farthest));
                float size = Math.Clamp(MathF.Exp(hands[(3 * i) + 2]), Smallest, Largest);
                views[i] = views[i].Closer(middle, Math.Min(Around * size, Widest / views[i].Side), aspect);
            }
        }
    }
}
