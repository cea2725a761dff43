using System.CommandLine;
using SignData.Cli;
using SignData.Training;

/// <summary>The options that decide a training run, on the command line.</summary>
internal static class TrainSettings
{
    /// <summary>Adds them to a tool.</summary>
    /// <param name="tool">The tool.</param>
    /// <returns>What reads them.</returns>
    public static Func<ToolRun, TrainOptions> AddTo(Tool tool)
    {
        TrainOptions defaults = new();
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
        Option<int> startSize = Number("--start-size", "The side during the first half of the epochs (of the first network, where there are two), to save time; 0 for --size.", defaults.StartSize);
        Option<int> epochs = Number("--epochs", "Times that each training frame is seen.", defaults.Epochs);
        Option<int> batch = Number("--batch", "Frames in a step.", defaults.Batch);
        Option<bool> autoBatch = tool.Add(new Option<bool>("--auto-batch") { Description = "Cut a step of --batch frames into as many equal batches as it takes to fit into memory." });
        Option<int> memory = Number("--memory-mb", "What --auto-batch may take of a CPU's memory, in MiB; 0 for what is free.", defaults.MemoryMegabytes);
        Option<int> accumulate = Number("--accumulate", "Batches to a step: as one batch of all their frames, but for BatchNorm, in the memory of one.", defaults.Accumulate);
        Option<bool> balanced = tool.Add(new Option<bool>("--balanced") { Description = "Show each label equally often, whatever its number of frames." });
        Option<string> optimizer = tool.Add(new Option<string>("--optimizer") { Description = $"{string.Join(", ", OptimizerOptions.Names)}.", DefaultValueFactory = _ => defaults.Optimizer.Name });
        Option<double?> learningRate = tool.Add(new Option<double?>("--learning-rate") { Description = "The peak of the schedule; 0.003 for adamw and adam, 0.05 for sgd if not given.", HelpName = "rate" });
        Option<double> momentum = Number("--momentum", "sgd: the share of the last direction that is kept (Nesterov's); 0 for none.", defaults.Optimizer.Momentum);
        Option<double> beta1 = Number("--beta1", "adamw and adam: the share of the old in the average of gradients.", defaults.Optimizer.Beta1);
        Option<double> beta2 = Number("--beta2", "adamw and adam: the share of the old in the average of their squares.", defaults.Optimizer.Beta2);
        Option<string> schedule = tool.Add(new Option<string>("--schedule") { Description = $"How the learning rate goes: {string.Join(", ", Schedule.Names)}.", DefaultValueFactory = _ => defaults.Schedule });
        Option<int> warmUp = Number("--warm-up", "Epochs over which cosine and step rise to the peak.", defaults.WarmUpEpochs);
        Option<int> freeze = Number("--freeze", "First epochs that train the head alone, in a cycle of their own; the rest then has half the peak, as fastai's fine_tune.", defaults.FreezeEpochs);
        Option<double> bodyRate = Number("--body-rate", "The first stage's learning rate as a share of the head's, such as 0.01; those between in a geometric row.", defaults.BodyRate);
        Option<double> clipNorm = Number("--clip-norm", "The greatest length of all gradients together; 0 for any.", defaults.Optimizer.ClipNorm);
        Option<double?> weightDecay = tool.Add(new Option<double?>("--weight-decay") { Description = "Kept off biases and norms; 0.05 for adamw, 0.0005 for sgd, 0 for adam if not given.", HelpName = "share" });
        Option<double> ema = Number("--ema", "Judge and keep an average of the weights over the steps, with this share of the old, such as 0.999; 0 for none.", defaults.Average);
        Option<double> labelSmoothing = Number("--label-smoothing", "The share of each target spread over all labels.", defaults.LabelSmoothing);
        Option<double> mixStyle = Number("--mix-style", "The chance that the pictures of a step are given something of each other's style, as other cameras, light and skins have it, such as 0.5; 0 for never.", defaults.StyleMixing);
        Option<double> boxWeight = Number("--box-weight", "What the place of the hand counts in the loss: the model then also says where the hand is, and recognition looks there; 0 for a model that does not.", defaults.BoxWeight);
        Option<int> readerEpochs = Number("--reader-epochs", "Epochs of a second network, which begins with the first one's weights and reads the hand close up where the first one finds it; 0 for one that does both.", defaults.ReaderEpochs);
        Option<string> readerAugment = tool.Add(new Option<string>("--reader-augment") { Description = "How the second network's pictures are varied.", HelpName = "recipe", DefaultValueFactory = _ => defaults.ReaderAugment });
        Option<int> patience = Number("--patience", "Epochs without a better validation accuracy before it stops; 0 never stops early.", defaults.Patience);
        Option<string> augment = tool.Add(new Option<string>("--augment") { Description = $"How pictures are varied: {string.Join(", ", SignData.Dataset.Augmenting.Recipe.Names)}, or an augmentation recipe's file.", HelpName = "recipe", DefaultValueFactory = _ => defaults.Augment });
        Option<bool> standardize = tool.Add(new Option<bool>("--standardize") { Description = "Bring each picture to mean 0 and deviation 1 of its own: for cameras and light that were not in the training data." });
        Option<int> seed = Number("--seed", "What every random choice derives from.", defaults.Seed);
        Option<string> device = tool.Add(new Option<string>("--device") { Description = "auto, cpu, cuda or cuda:N.", DefaultValueFactory = _ => defaults.Device });
        Option<string> compute = tool.Add(new Option<string>("--compute") { Description = $"auto (timed on this machine), {string.Join(", ", ComputeMode.Names)}; fp16, with loss scaling, on a GPU.", DefaultValueFactory = _ => defaults.Compute });
        Option<int> checkpointEvery = Number("--checkpoint-every", "Keep the checkpoint of every so many epochs, too; 0 for the best and the last alone.", defaults.CheckpointEvery);
        Option<bool> quantize = tool.Add(new Option<bool>("--quantize") { Description = "Keep the best epoch in 8 bits as well, as int8.safetensors: resnets, several times as fast on a CPU." });
        Option<bool> checkpointing = tool.Add(new Option<bool>("--checkpointing") { Description = "Keep a third of the memory of a step, or less, and compute what is missing again: a fifth to a quarter slower." });
        Option<int> threads = Number("--threads", "CPU threads; 0 for all cores.", defaults.Threads);
        Option<int> cache = Number("--cache-mb", "Room for decoded frames, in MiB: kept in .signdata-frames beside the manifest, so that later epochs and runs decode nothing, or in memory where that cannot be written; 0 keeps none.", defaults.CacheMegabytes);

        return run => new TrainOptions
        {
            Optimizer = new()
            {
                Name = run.Get(optimizer), LearningRate = run.Get(learningRate), WeightDecay = run.Get(weightDecay), Momentum = run.Get(momentum),
                Beta1 = run.Get(beta1), Beta2 = run.Get(beta2), ClipNorm = run.Get(clipNorm),
            },
            Model = new()
            {
                Head = run.Get(head), HeadWidth = run.Get(headWidth), Dropout = run.Get(dropout), Blocks = run.Get(blocks), Filters = run.Get(filters),
                Kernel = run.Get(kernel), Dense = run.Get(dense), BatchNorm = !run.Get(noBatchNorm), Channels = run.Get(channels), Box = run.Get(boxWeight) > 0,
            },
            Architecture = run.Get(arch), Weights = run.Get(weights), Size = run.Get(size), StartSize = run.Get(startSize), Epochs = run.Get(epochs), Batch = run.Get(batch),
            AutoBatch = run.Get(autoBatch), MemoryMegabytes = run.Get(memory), Accumulate = run.Get(accumulate), Balanced = run.Get(balanced), Average = run.Get(ema), CheckpointEvery = run.Get(checkpointEvery),
            Schedule = run.Get(schedule), WarmUpEpochs = run.Get(warmUp), FreezeEpochs = run.Get(freeze), BodyRate = run.Get(bodyRate),
            LabelSmoothing = run.Get(labelSmoothing), StyleMixing = run.Get(mixStyle), BoxWeight = run.Get(boxWeight), ReaderEpochs = run.Get(readerEpochs), ReaderAugment = run.Get(readerAugment), Patience = run.Get(patience), Augment = run.Get(augment), Standardize = run.Get(standardize),
            Seed = run.Get(seed), Device = run.Get(device), Compute = run.Get(compute), Quantize = run.Get(quantize), Checkpointing = run.Get(checkpointing), Threads = run.Get(threads), CacheMegabytes = run.Get(cache),
        };

        Option<T> Number<T>(string name, string description, T value) => tool.Add(new Option<T>(name) { Description = description, DefaultValueFactory = _ => value });
    }
}
