using SignData.Dataset.Batches;
using SignData.Torch;
using SignData.Training.Profiling;

namespace SignData.Training;

/// <summary>
/// A classifier that learns: the loss of a batch and its gradients (<see cref="Learn"/>), and what the optimizer makes of those of one batch or several
/// (<see cref="Step"/>).
/// </summary>
internal sealed class Learner : IDisposable
{
    private const string ModelPart = "model.", OptimizerPart = "optimizer.", AveragePart = "average.", ScalerPart = "scaler.";

    private readonly TrainOptions options;
    private readonly optim.Optimizer optimizer;
    private readonly optim.GradScaler scaler;
    private readonly WeightAverage? average;
    private readonly PhaseClock clock;
    private int pictures, expected;

    /// <summary>A learner.</summary>
    /// <param name="classifier">What learns; whoever made it disposes it.</param>
    /// <param name="options">How.</param>
    /// <param name="clock">Is told what is done when.</param>
    /// <param name="scaler">What keeps small gradients from vanishing; null for what the compute mode needs.</param>
    public Learner(Classifier classifier, TrainOptions options, PhaseClock? clock = null, optim.GradScaler? scaler = null)
    {
        (Classifier, this.options, this.clock) = (classifier, options, clock ?? new());
        this.scaler = scaler ?? new(enabled: ComputeMode.Named(classifier.Card.Compute).NeedsScaling);
        optimizer = options.Optimizer.Over(classifier.Model, options.BodyRate);
        average = options.Average > 0 ? new WeightAverage(classifier, options.Average) : null;
    }

    /// <summary>What learns.</summary>
    public Classifier Classifier { get; }

    /// <summary>What is judged and kept: the average of the weights where there is one.</summary>
    public Classifier Learnt => average?.Classifier ?? Classifier;

    /// <summary>Measures the network's stages, if anybody asks.</summary>
    public StageClock? Stages { get; init; }

    /// <summary>Whether the last loss was no number, and no smaller scale would make it one.</summary>
    public bool Diverged { get; private set; }

    /// <summary>Adds a batch's gradients to those since the last step.</summary>
    /// <param name="batch">Pictures and what they show.</param>
    /// <returns>The mean loss over the pictures that could be read.</returns>
    public float Learn(Batch batch)
    {
        int read = batch.Count - batch.Labels.AsSpan(0, batch.Count).Count(Batch.Ignored);
        if (read == 0)
        {
            return 0;
        }
        using DisposeScope scope = torch.NewDisposeScope();
        clock.Begin(Phase.ToDevice);
        Tensor input = Classifier.Input(batch);
        clock.Begin(Phase.Forward);
        Stages?.BeginForward();
        (Tensor logits, Tensor? box) = Classifier.Outputs(input);
        Tensor sum = Loss(logits, batch);
        if (box is not null && BoxLoss(box, batch) is { } apart)
        {
            sum += apart * (options.BoxWeight * read);
        }
        Tensor scaled = scaler.scale(sum / (double)(batch.Count * options.Accumulate));
        clock.Begin(Phase.Backward);
        Stages?.BeginBackward();
        scaled.backward();
        Stages?.EndBackward();
        (pictures, expected) = (pictures + read, batch.Count * options.Accumulate);
        float loss = sum.item<float>() / read;
        clock.Begin(Phase.Rest);
        Diverged = !float.IsFinite(loss) && scaler.get_scale() <= 1;
        return loss;
    }

    /// <summary>Changes the weights by the mean gradient of all pictures since the last step; not at all where a gradient is infinite, for which the scaler then cares.</summary>
    /// <param name="learningRate">The learning rate of this step.</param>
    public void Step(double learningRate)
    {
        if (pictures == 0)
        {
            return;
        }
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable still = torch.no_grad();
        clock.Begin(Phase.Optimizer);
        scaler.unscale_(optimizer);
        if (pictures != expected)
        {
            Scale((double)expected / pictures);
        }
        if (options.Optimizer.ClipNorm > 0)
        {
            nn.utils.clip_grad_norm_(Classifier.Model.parameters(), options.Optimizer.ClipNorm);
        }
        optimizer.lr = learningRate;
        if (scaler.step(optimizer))
        {
            average?.Update(Classifier.Model);
        }
        scaler.update();
        optimizer.zero_grad();
        pictures = 0;
        clock.Begin(Phase.Rest);
    }

    /// <summary>Adds all that going on needs: weights, the optimizer's averages, the average of weights, the scaler's factor.</summary>
    /// <param name="state">Where to.</param>
    public void Save(StateDict state)
    {
        using StateDict weights = Classifier.Model.state_dict(), steps = optimizer.state_dict();
        state.Add(ModelPart, weights);
        state.Add(OptimizerPart, steps);
        average?.Save(state, AveragePart);
        if (scaler.is_enabled)
        {
            using StateDict factor = scaler.state_dict();
            state.Add(ScalerPart, factor);
        }
    }

    /// <summary>Goes on from a state; gradients since the last step are forgotten.</summary>
    /// <param name="state">From <see cref="Save"/> of a learner with the same options.</param>
    /// <exception cref="InvalidDataException">It does not fit.</exception>
    public void Load(StateDict state)
    {
        using StateDict weights = state.Part(ModelPart), steps = state.Part(OptimizerPart), factor = state.Part(ScalerPart);
        Classifier.Model.load_state_dict(weights);
        optimizer.load_state_dict(steps);
        average?.Load(state, AveragePart);
        optimizer.zero_grad();
        pictures = 0;
        if (scaler.is_enabled)
        {
            scaler.load_state_dict(factor);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        optimizer.Dispose();
        average?.Dispose();
    }

    // The sum over the pictures that could be read: several batches then come to the mean over all of theirs. Soft targets are smoothed already, and rows of others are 0.
    private Tensor Loss(Tensor logits, Batch batch)
    {
        if (batch.Targets.Length == 0)
        {
            Tensor labels = torch.tensor<long>(batch.Labels.AsSpan(0, batch.Count), [batch.Count]).to(logits.device);
            return nn.functional.cross_entropy(logits, labels, reduction: nn.Reduction.Sum, label_smoothing: options.LabelSmoothing);
        }
        int classes = batch.Targets.Length / batch.Labels.Length;
        Tensor targets = torch.tensor<float>(batch.Targets.AsSpan(0, batch.Count * classes), [batch.Count, classes]).to(logits.device);
        return nn.functional.cross_entropy(logits, targets, reduction: nn.Reduction.Sum);
    }

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

    private void Scale(double factor)
    {
        foreach (Tensor parameter in Classifier.Model.parameters())
        {
            parameter.grad?.mul_(factor);
        }
    }
}
