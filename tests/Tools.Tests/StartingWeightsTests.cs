using System.Text;
using SignData.Torch;

namespace SignData.Tools.Tests;

/// <summary>Training that starts from a file, through the real executable: what fits, and what is refused.</summary>
[Collection(nameof(Pipeline))]
public sealed class StartingWeightsTests(Pipeline pipeline)
{
    private static string[] Quick => ["--size", "32", "--epochs", "1", "--batch", "8", "--compute", "fp32", "--augment", "light"];

    private string Checkpoint => Path.Combine(pipeline.Trained, "best.safetensors");

    [Fact]
    public void Weights_of_other_classes_and_wrappers_give_their_body_and_the_head_is_new()
    {
        string path = Changed((name, tensor) => ("_orig_mod.module." + name, name == "classifier.5.weight" ? torch.zeros([1000, 256]) : name == "classifier.5.bias" ? torch.zeros([1000]) : tensor));
        ToolEnd end = Train("simple-cnn", path).Succeeds();
        Assert.Contains("26 of 28 tensors; the head is new, for 3 labels: classifier.5.weight, classifier.5.bias", end.Error, StringComparison.Ordinal);
        end = Train("simple-cnn", path, "--head", "linear").Succeeds();
        Assert.Contains("24 of 26 tensors; the head is new, for 3 labels: head.3.weight, head.3.bias", end.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_head_for_other_labels_is_new_though_there_are_as_many()
    {
        using StateDict state = StateDict.Read(Checkpoint);
        state.Metadata["signdata"] = state.Metadata["signdata"].Replace("[\"A\",\"B\",\"L\"]", "[\"X\",\"Y\",\"Z\"]", StringComparison.Ordinal);
        Assert.Contains("the head is new", Train("simple-cnn", Saved(state)).Succeeds().Error, StringComparison.Ordinal);
        Assert.Contains("28 of 28 tensors", Train("simple-cnn", Checkpoint).Succeeds().Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_of_another_architecture_or_shape_are_refused_with_the_way_out()
    {
        Train("resnet18", Checkpoint).FailsInOneLine("no resnet18", "give --arch simple-cnn");
        Train("simple-cnn", Changed((name, tensor) => (name, name == "features.4.weight" ? tensor.narrow(0, 0, 8) : tensor))).FailsInOneLine("'features.4.weight' is [8, 32, 3, 3] and not [64, 32, 3, 3]");
        Train("simple-cnn", Changed((name, tensor) => (name == "features.0.weight" ? "stem.weight" : name, tensor))).FailsInOneLine("has no 'features.0.weight'");
        Train("simple-cnn", Changed((name, tensor) => (name == "classifier.5.bias" ? "features.99.\u001b[2Jweight" : name, tensor))).FailsInOneLine("'features.99.[2Jweight', which has no place");
        Train("simple-cnn", Changed((name, tensor) => (name, name == "features.4.weight" ? tensor / 0.0 : tensor))).FailsInOneLine("features.4.weight", "infinite");
    }

    [Fact]
    public void Weights_that_are_published_and_not_fetched_or_nowhere_are_refused_with_the_way_out()
    {
        Train("resnet18", "tf_efficientnet_lite3").FailsInOneLine("`weights tf_efficientnet_lite3`");
        Train("resnet18", "nowhere.pth").FailsInOneLine("nowhere.pth");
        Train("resnet18", pipeline.Root).FailsInOneLine(pipeline.Root);
    }

    public static TheoryData<string, string> Bombs => new()
    {
        { "length", "header" }, { "claim", "cut off" }, { "overflow", "no list of tensors" }, { "huge", "need" }, { "deep", "no list of tensors" }, { "text", "holds no weights" },
    };

    [Theory, MemberData(nameof(Bombs))]
    public void A_hostile_safetensors_file_is_refused_in_a_line_and_takes_no_memory(string bomb, string word)
    {
        byte[] Header(string json, params byte[] rest) => [.. BitConverter.GetBytes((long)Encoding.UTF8.GetByteCount(json)), .. Encoding.UTF8.GetBytes(json), .. rest];
        string path = pipeline.New("weights.safetensors");
        File.WriteAllBytes(path, bomb switch
        {
            "length" => [.. BitConverter.GetBytes(99_000_000L), (byte)'{', (byte)'}'],
            "claim" => [.. BitConverter.GetBytes(1000L), .. "{\"a\":1}"u8],
            "overflow" => Header("{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,8],\"data_offsets\":[0,8]}}", new byte[8]),
            "huge" => Header("{\"a\":{\"dtype\":\"F32\",\"shape\":[1099511627776],\"data_offsets\":[0,4398046511104]}}", new byte[8]),
            "deep" => Header("{\"a\":" + new string('[', 100_000) + new string(']', 100_000) + "}"),
            _ => "no weights, just words that are long enough"u8.ToArray(),
        });
        Train("simple-cnn", path).FailsInOneLine(path, word);
    }

    [Fact]
    public void A_file_cut_anywhere_is_refused_in_a_line()
    {
        byte[] whole = File.ReadAllBytes(Checkpoint);
        string path = pipeline.New("cut.safetensors");
        foreach (int length in (int[])[0, 7, 20, whole.Length / 2, whole.Length - 1])
        {
            File.WriteAllBytes(path, whole[..length]);
            Train("simple-cnn", path).FailsInOneLine(path);
        }
    }

    private ToolEnd Train(string arch, string weights, params string[] more) =>
        pipeline.Run("train", [pipeline.Manifest, "-o", pipeline.New("run"), "--arch", arch, "--weights", weights, .. Quick, .. more]);

    private string Changed(Func<string, Tensor, (string, Tensor)> change)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using StateDict state = StateDict.Read(Checkpoint), changed = new();
        foreach ((string name, Tensor tensor) in state)
        {
            (string newName, Tensor newTensor) = change(name, tensor);
            changed.Add(newName, newTensor.clone());
        }
        return Saved(changed);
    }

    private string Saved(StateDict state)
    {
        string path = pipeline.New("weights.safetensors");
        state.Save(path);
        return path;
    }
}
