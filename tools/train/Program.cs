using System.CommandLine;
using System.Globalization;
using SignData.Cli;
using SignData.Training;
using SignData.Training.Architectures;
using SignData.Training.Weights;

Tool tool = new("train", """
    Trains a classifier from a manifest.

    The run's folder gets best.safetensors and last.safetensors (weights with labels, input size, normalization, options), options.json,
    history.csv and summary.json. The same manifest and options again: nothing is left to do.
    """);
TrainOptions defaults = new();
Argument<string> manifest = tool.Add(new Argument<string>("manifest") { Description = "A manifest, or a dataset's folder. Its train split is learnt from, its valid split chooses the best epoch." });
Option<string> output = tool.Add(new Option<string>("--output", "-o") { Description = "The run's folder.", HelpName = "run", Required = true });
Option<string> arch = tool.Add(new Option<string>("--arch") { Description = "The architecture, by a name of --list-archs.", DefaultValueFactory = _ => defaults.Architecture });
Option<string?> weights = tool.Add(new Option<string?>("--weights") { Description = "Where to start: a .safetensors or .pth file of the same architecture, or a name that `weights` has fetched. A head for other labels is made anew.", HelpName = "file-or-name" });
Option<string> head = tool.Add(new Option<string>("--head") { Description = "The end of the network: own (as published), linear, dense (two layers), or concat (mean and maximum side by side, a hidden layer with Mish, heavy dropout).", DefaultValueFactory = _ => defaults.Model.Head });
Option<int> headWidth = Number("--head-width", "Width of the hidden layer of dense and concat.", defaults.Model.HeadWidth);
Option<double?> dropout = tool.Add(new Option<double?>("--dropout") { Description = "The share of numbers dropped before the last layer; as published if not given.", HelpName = "share" });
Option<int> blocks = Number("--blocks", "simple-cnn: blocks of convolution and pooling, each halving the side.", defaults.Model.Blocks);
Option<int> filters = Number("--filters", "simple-cnn: filters of the first block; each next has twice as many.", defaults.Model.Filters);
Option<int> kernel = Number("--kernel", "simple-cnn: the side of the kernels.", defaults.Model.Kernel);
Option<int> dense = Number("--dense", "simple-cnn: the width of its dense layer.", defaults.Model.Dense);
Option<bool> noBatchNorm = tool.Add(new Option<bool>("--no-batch-norm") { Description = "simple-cnn: leave out batch normalisation." });
Option<int> channels = Number("--channels", "simple-cnn: 3 for colour, 1 for grey.", defaults.Model.Channels);
Option<int> size = Number("--size", "The side of the square that the model sees, in pixels.", defaults.Size);
Option<int> startSize = Number("--start-size", "The side during the first half of the epochs, to save time; 0 for --size.", defaults.StartSize);
Option<int> epochs = Number("--epochs", "Times that each training frame is seen.", defaults.Epochs);
Option<int> batch = Number("--batch", "Frames in a step.", defaults.Batch);
Option<double> learningRate = Number("--learning-rate", "The peak of the schedule.", defaults.LearningRate);
Option<string> schedule = tool.Add(new Option<string>("--schedule") { Description = $"How the learning rate goes: {string.Join(", ", Schedule.Names)}.", DefaultValueFactory = _ => defaults.Schedule });
Option<int> warmUp = Number("--warm-up", "Epochs over which cosine and step rise to the peak.", defaults.WarmUpEpochs);
Option<int> freeze = Number("--freeze", "First epochs that train the head alone, in a cycle of their own; the rest then has half the peak, as fastai's fine_tune.", defaults.FreezeEpochs);
Option<double> bodyRate = Number("--body-rate", "The first stage's learning rate as a share of the head's, such as 0.01; those between in a geometric row.", defaults.BodyRate);
Option<double> clipNorm = Number("--clip-norm", "The greatest length of all gradients together; 0 for any.", defaults.ClipNorm);
Option<double> weightDecay = Number("--weight-decay", "AdamW's, kept off biases and norms.", defaults.WeightDecay);
Option<double> labelSmoothing = Number("--label-smoothing", "The share of each target spread over all labels.", defaults.LabelSmoothing);
Option<double> boxWeight = Number("--box-weight", "What the place of the hand counts in the loss: the model then also says where the hand is, and recognition looks there; 0 for a model that does not.", defaults.BoxWeight);
Option<int> readerEpochs = Number("--reader-epochs", "Epochs of a second network, which begins with the first one's weights and reads the hand close up where the first one finds it; 0 for one that does both.", defaults.ReaderEpochs);
Option<string> readerAugment = tool.Add(new Option<string>("--reader-augment") { Description = "How the second network's pictures are varied.", HelpName = "recipe", DefaultValueFactory = _ => defaults.ReaderAugment });
Option<int> patience = Number("--patience", "Epochs without a better validation accuracy before it stops; 0 never stops early.", defaults.Patience);
Option<string> augment = tool.Add(new Option<string>("--augment") { Description = $"How pictures are varied: {string.Join(", ", SignData.Dataset.Augmenting.Recipe.Names)}, or an augmentation recipe's file.", HelpName = "recipe", DefaultValueFactory = _ => defaults.Augment });
Option<bool> standardize = tool.Add(new Option<bool>("--standardize") { Description = "Bring each picture to mean 0 and deviation 1 of its own: for cameras and light that were not in the training data." });
Option<int> seed = Number("--seed", "What every random choice derives from.", defaults.Seed);
Option<string> device = tool.Add(new Option<string>("--device") { Description = "auto, cpu, cuda or cuda:N.", DefaultValueFactory = _ => defaults.Device });
Option<string> compute = tool.Add(new Option<string>("--compute") { Description = $"auto (timed on this machine), {string.Join(", ", ComputeMode.Names)}.", DefaultValueFactory = _ => defaults.Compute });
Option<bool> checkpointing = tool.Add(new Option<bool>("--checkpointing") { Description = "Keep a third of the memory of a step, or less, and compute what is missing again: a fifth to a quarter slower." });
Option<int> threads = Number("--threads", "CPU threads; 0 for all cores.", defaults.Threads);
Option<int> cache = Number("--cache-mb", "Room for decoded frames, in MiB: kept in .signdata-frames beside the manifest, so that later epochs and runs decode nothing, or in memory where that cannot be written; 0 keeps none.", defaults.CacheMegabytes);
Option<bool> resume = tool.Add(new Option<bool>("--resume") { Description = "Go on with a run that was stopped, from its last whole epoch, to the same end." });
tool.AddListing("--list-archs", "Print the architectures: parameters and multiply-adds at the size that they were published with, and whose weights `weights` fetches.", Listing);

return tool.Run(args, run =>
{
    TrainOptions options = new()
    {
        Model = new()
        {
            Head = run.Get(head), HeadWidth = run.Get(headWidth), Dropout = run.Get(dropout), Blocks = run.Get(blocks), Filters = run.Get(filters),
            Kernel = run.Get(kernel), Dense = run.Get(dense), BatchNorm = !run.Get(noBatchNorm), Channels = run.Get(channels), Box = run.Get(boxWeight) > 0,
        },
        Architecture = run.Get(arch), Weights = run.Get(weights), Size = run.Get(size), StartSize = run.Get(startSize), Epochs = run.Get(epochs), Batch = run.Get(batch), LearningRate = run.Get(learningRate),
        Schedule = run.Get(schedule), WarmUpEpochs = run.Get(warmUp), FreezeEpochs = run.Get(freeze), BodyRate = run.Get(bodyRate), ClipNorm = run.Get(clipNorm),
        WeightDecay = run.Get(weightDecay), LabelSmoothing = run.Get(labelSmoothing), BoxWeight = run.Get(boxWeight), ReaderEpochs = run.Get(readerEpochs), ReaderAugment = run.Get(readerAugment), Patience = run.Get(patience), Augment = run.Get(augment), Standardize = run.Get(standardize),
        Seed = run.Get(seed), Device = run.Get(device), Compute = run.Get(compute), Checkpointing = run.Get(checkpointing), Threads = run.Get(threads), CacheMegabytes = run.Get(cache),
    };
    TrainSummary summary = Trainer.Train(run.Get(manifest), run.Get(output), options, run.Get(resume), run.Progress, run.Say, run.Cancelled);
    if (summary.Unreadable > 0)
    {
        run.Warn($"{summary.Unreadable} of {summary.Frames} training frames cannot be read and were left out; cull again.");
    }
    run.Result(string.Create(CultureInfo.InvariantCulture, $"{summary.Epochs} epochs in {summary.Seconds:0} s, {summary.ImagesPerSecond:0} images/s ({summary.Compute})"));
    run.Result(string.Create(CultureInfo.InvariantCulture, $"best: epoch {summary.Best.Epoch}{(summary.Best.ValidAccuracy is { } valid ? $", {valid:0.0%} on the validation split" : "; no validation split to choose by")}{(summary.Best.BoxOverlap is { } overlap ? $"; the hand's box is met by {overlap:0%}" : "")}"));
    run.Result($"run: {summary.Run}");
    run.Json(summary);
    return 0;
});

static IEnumerable<string> Listing() => Architecture.All.Select(architecture =>
{
    SignData.Torch.nn.Cost cost = architecture.Cost(1000, architecture.NativeSize);
    string[] weights = [.. KnownWeights.All.Where(known => known.Architecture == architecture.Name).Select(known => known.Publisher).Distinct()];
    return string.Create(CultureInfo.InvariantCulture, $"{architecture.Name,-22} {cost.Parameters / 1e6,6:0.00} M {cost.MultiplyAdds / 1e9,7:0.000} G {architecture.NativeSize,5} px  {(weights is [var one] ? one : "none: from scratch")}");
}).Prepend("name               parameters     FLOPs      size  weights");

Option<T> Number<T>(string name, string description, T value) => tool.Add(new Option<T>(name) { Description = description, DefaultValueFactory = _ => value });
