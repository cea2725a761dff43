namespace SignData.Tools.Tests;

/// <summary>A small run of the whole way, made once for all tests that look at its parts: clips, frames, manifest, trained run.</summary>
public sealed class Pipeline : IDisposable
{
    private readonly Executable tools = new();

    public Pipeline()
    {
        Run("synth", "-o", Clips, "--letters", "A,B,L", "--signers", "3", "--seconds", "1.5", "--size", "160x120").Succeeds();
        Run("explode", Clips, "-o", Frames, "--min-sharpness", "0").Succeeds();
        Run("cull", Frames, "-o", Manifest, "--valid-signer", "s2", "--test-signer", "s3").Succeeds();
        Run("train", [Manifest, "-o", Trained, .. TrainOptions]).Succeeds();
    }

    public static string[] TrainOptions => ["--arch", "simple-cnn", "--size", "48", "--epochs", "25", "--patience", "0", "--batch", "8", "--augment", "light", "--learning-rate", "0.002", "--compute", "fp32-channels-last"];

    public string Root => tools.Folder;

    public string Clips => tools.At("clips");

    public string Frames => tools.At("frames");

    public string Manifest => tools.At("manifest.db");

    public string Trained => tools.At("run");

    public ToolEnd Run(string tool, params string[] arguments) => tools.Run(tool, arguments);

    public StartedTool Start(string tool, params string[] arguments) => tools.Start(tool, arguments);

    /// <summary>A path below the pipeline's folder that nothing uses yet; its own folder exists.</summary>
    public string New(string name) => Path.Combine(Directory.CreateDirectory(tools.At($"{Guid.NewGuid():N}")).FullName, name);

    public void Dispose() => tools.Dispose();
}

[CollectionDefinition(nameof(Pipeline))]
public sealed class PipelineTests : ICollectionFixture<Pipeline>;
