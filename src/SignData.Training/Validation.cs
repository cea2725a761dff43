using SignData.Dataset.Batches;

namespace SignData.Training;

/// <summary>How a classifier fares on the validation split after an epoch.</summary>
/// <param name="Accuracy">Top-1, 0..1; null without a split.</param>
/// <param name="BoxOverlap">See <see cref="BestEpoch.BoxOverlap"/>.</param>
internal sealed record Validation(double? Accuracy, double? BoxOverlap)
{
    /// <summary>Judges all frames by one look; at the hand, if it is found.</summary>
    /// <param name="classifier">What has learnt.</param>
    /// <param name="finder">What finds the hand for it; itself, if it is alone.</param>
    /// <param name="frames">Of the split.</param>
    public static Validation Of(Classifier classifier, Classifier finder, BatchLoader frames)
    {
        int right = 0, count = 0, hands = 0, classes = classifier.Card.Labels.Count;
        double overlap = 0;
        Recognizer recognizer = new(classifier, finder, finder.FindsHands ? Looks.Glance : Looks.One);
        foreach ((Batch batch, float[] probabilities, HandBox?[] found) in recognizer.Judge(frames, boxes: finder.FindsHands))
        {
            for (int i = 0; i < batch.Count; i++)
            {
                if (batch.Labels[i] == Batch.Ignored)
                {
                    continue;
                }
                count++;
                right += Largest(probabilities.AsSpan(i * classes, classes)) == batch.Labels[i] ? 1 : 0;
                if (batch.Boxes[i] is { } hand && found[i] is { } box)
                {
                    hands++;
                    overlap += HandBox.Square(hand.Middle, hand.Side).Overlap(HandBox.Square(box.Middle, box.Side));
                }
            }
        }
        return new(count > 0 ? (double)right / count : null, hands > 0 ? overlap / hands : null);
    }

    private static int Largest(ReadOnlySpan<float> row)
    {
        int largest = 0;
        for (int i = 1; i < row.Length; i++)
        {
            largest = row[i] > row[largest] ? i : largest;
        }
        return largest;
    }
}
