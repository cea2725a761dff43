using SignData.Dataset.Batches;
using SignData.Torch;

namespace SignData.Training;

/// <summary>A classifier that learns from batches: the loss, its gradients and what the optimizer makes of them.</summary>
internal sealed class Learner : IDisposable
{
    private readonly TrainOptions options;

    /// <summary>A learner.</summary>
    /// <param name="classifier">What learns; whoever made it disposes it.</param>
    /// <param name="options">How.</param>
    public Learner(Classifier classifier, TrainOptions options)
    {
        (Classifier, this.options) = (classifier, options);
        Optimizer = new optim.AdamW(LayerGroups.Of(classifier.Model, options.WeightDecay, options.BodyRate), options.LearningRate);
    }

    /// <summary>What learns.</summary>
    public Classifier Classifier { get; }

    /// <summary>What turns gradients into changed weights.</summary>
    public optim.Optimizer Optimizer { get; }

    /// <summary>Learns from a batch.</summary>
    /// <param name="batch">Pictures and what they show.</param>
    /// <param name="learningRate">The learning rate of this step.</param>
    /// <returns>The loss before the step.</returns>
    public float Step(Batch batch, double learningRate)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Optimizer.lr = learningRate;
        Optimizer.zero_grad();
        (Tensor logits, Tensor? box) = Classifier.Outputs(batch);
        Tensor loss = Loss(logits, batch);
        if (box is not null && BoxLoss(box, batch) is { } apart)
        {
            loss += apart * options.BoxWeight;
        }
        loss.backward();
        if (options.ClipNorm > 0)
        {
            nn.utils.clip_grad_norm_(Classifier.Model.parameters(), options.ClipNorm);
        }
        Optimizer.step();
        return loss.item<float>();
    }

    /// <inheritdoc/>
    public void Dispose() => Optimizer.Dispose();

    private Tensor Loss(Tensor logits, Batch batch) => batch.Targets.Length > 0 ? SoftLoss(logits, batch) : nn.functional.cross_entropy(
        logits, torch.tensor<long>(batch.Labels.AsSpan(0, batch.Count), [batch.Count]).to(logits.device), label_smoothing: options.LabelSmoothing);

    // The mean distance over the hands whose boxes are known; null if none is.
    private static Tensor? BoxLoss(Tensor box, Batch batch)
    {
        float[] targets = new float[batch.Count * 3], known = new float[batch.Count * 3];
        int count = 0;
        for (int i = 0; i < batch.Count; i++)
        {
            if (batch.Boxes[i] is { } hand && batch.Labels[i] != Batch.Ignored)
            {
                (targets[3 * i], targets[(3 * i) + 1], targets[(3 * i) + 2]) = (hand.Middle.X, hand.Middle.Y, MathF.Log(hand.Side));
                known.AsSpan(3 * i, 3).Fill(1);
                count += 3;
            }
        }
        Tensor OnDevice(float[] values) => torch.from_array(values, batch.Count, 3).to(box.device);
        return count == 0 ? null : ((box - OnDevice(targets)).abs() * OnDevice(known)).sum() / count;
    }

    // Targets are smoothed already. The mean is over pictures that could be read: the others' rows are 0.
    private static Tensor SoftLoss(Tensor logits, Batch batch)
    {
        ReadOnlySpan<long> labels = batch.Labels.AsSpan(0, batch.Count);
        int classes = batch.Targets.Length / batch.Labels.Length, read = labels.Length - labels.Count(Batch.Ignored);
        Tensor targets = torch.tensor<float>(batch.Targets.AsSpan(0, batch.Count * classes), [batch.Count, classes]).to(logits.device);
        return nn.functional.cross_entropy(logits, targets).mul_((double)batch.Count / Math.Max(1, read));
    }
}
