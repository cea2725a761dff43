using SignData.Torch;
using SignData.Training.Architectures;

namespace SignData.Training;

/// <summary>
/// An exponential average of a classifier's weights over its steps (Polyak and Juditsky 1992): steadier than the last of them. The share of the old grows
/// from 2/11 to its full value, (1 + n) / (10 + n) after n steps (TensorFlow's ExponentialMovingAverage), so that the first, bad weights are soon forgotten.
/// </summary>
internal sealed class WeightAverage : IDisposable
{
    private const string ModelPart = "model.", Updates = "updates";

    private readonly double decay;
    private readonly Tensor[] averages, counters;
    private long updates;

    /// <summary>An average that begins at the classifier's weights.</summary>
    /// <param name="classifier">Whose weights.</param>
    /// <param name="decay">The share of the old, at its greatest.</param>
    public WeightAverage(Classifier classifier, double decay)
    {
        this.decay = decay;
        Classifier = nn.utils.skip_init(() => new Classifier(classifier.Card, classifier.Device));
        using StateDict weights = classifier.Model.state_dict();
        Classifier.Model.load_state_dict(weights);
        (averages, counters) = (Numbers(Classifier.Model, counters: false), Numbers(Classifier.Model, counters: true));
    }

    /// <summary>A classifier with the averaged weights.</summary>
    public Classifier Classifier { get; }

    /// <summary>Takes in the weights after a step; running averages of batch normalisations are averaged as well.</summary>
    /// <param name="model">The network that learns.</param>
    public void Update(Network model)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable still = torch.no_grad();
        updates++;
        double old = Math.Min(decay, (1.0 + updates) / (10 + updates));
        nn.utils.ema_(averages, Numbers(model, counters: false), old);
        foreach ((Tensor counter, Tensor counted) in counters.Zip(Numbers(model, counters: true)))
        {
            counter.copy_(counted);
        }
    }

    /// <summary>Adds all that going on needs.</summary>
    /// <param name="state">Where to.</param>
    /// <param name="prefix">What the names begin with.</param>
    public void Save(StateDict state, string prefix)
    {
        using StateDict weights = Classifier.Model.state_dict();
        state.Add(prefix + ModelPart, weights);
        state.Add(prefix + Updates, torch.tensor(updates, torch.int64));
    }

    /// <summary>Goes on from a state.</summary>
    /// <param name="state">From <see cref="Save"/>.</param>
    /// <param name="prefix">What the names begin with.</param>
    /// <exception cref="InvalidDataException">It does not fit.</exception>
    public void Load(StateDict state, string prefix)
    {
        using StateDict weights = state.Part(prefix + ModelPart);
        Classifier.Model.load_state_dict(weights);
        updates = state[prefix + Updates].ToInt64();
    }

    /// <inheritdoc/>
    public void Dispose() => Classifier.Dispose();

    private static Tensor[] Numbers(Network model, bool counters) =>
        [.. model.parameters().Concat(model.named_buffers().Select(entry => entry.buffer)).Where(tensor => tensor.dtype == ScalarType.Int64 == counters)];
}
