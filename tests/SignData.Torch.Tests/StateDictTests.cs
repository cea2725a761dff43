using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace SignData.Torch.Tests;

public sealed class StateDictTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("weights-").FullName;

    public void Dispose() => Directory.Delete(folder, true);

    [Theory]
    [InlineData("tiny.pth")]
    [InlineData("tiny_legacy.pth")]
    [InlineData("nested.pth")]
    [InlineData("deep.pth")]
    public void Weights_of_torch_save_load_and_give_PyTorchs_logits(string name)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using nn.Sequential model = Tiny();
        using StateDict state = StateDict.Read(Golden.PathOf(name));
        model.load_state_dict(state);
        model.eval();
        Golden.Same(Golden.Numbers("state_dicts", "tiny"), Golden.Doubles(model.forward(Formula.Of(41, [2, 3, 8, 8]))), 1e-6);
    }

    [Fact]
    public void An_ordered_dict_of_parameters_loads()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using StateDict state = StateDict.Read(Golden.PathOf("parameters.pth"));
        using nn.Sequential model = Formula.Fill(Tiny());
        Assert.Equal(model.named_parameters().Select(entry => entry.name), state.Keys);
        Assert.All(model.named_parameters(), entry => Assert.Equal(entry.parameter.data<float>(), state[entry.name].data<float>()));
    }

    [Theory]
    [InlineData("kinds.pth")]
    [InlineData("kinds_legacy.pth")]
    public void Every_type_view_and_shape_loads(string name)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        long before = torch.live_tensors;
        using (StateDict state = StateDict.Read(Golden.PathOf(name)))
        {
            CheckKinds(state);
            string path = Path.Combine(folder, "kinds.safetensors");
            state.Metadata["labels"] = "A,B,\"Ç\"";
            state.Save(path);
            using StateDict again = StateDict.Read(path);
            CheckKinds(again);
            Assert.Equal(state.Keys, again.Keys);
            Assert.Equal(state.Metadata, again.Metadata);
        }
        Assert.Equal([folder], Directory.GetDirectories(folder).Append(folder));
        Assert.Single(Directory.GetFiles(folder));
        Assert.Equal(before, torch.live_tensors - 0);
    }

    [Theory]
    [InlineData("malicious.pth", "posix.system")]
    [InlineData("malicious_legacy.pth", "posix.system")]
    [InlineData("whole_model.pth", "torch.nn.modules.container.Sequential")]
    public void A_file_that_asks_for_code_is_refused_by_name_and_nothing_runs(string name, string asked)
    {
        long before = torch.live_tensors;
        string path = Golden.PathOf(name);
        string message = Assert.Throws<InvalidDataException>(() => StateDict.Read(path)).Message;
        Assert.Contains(path, message, StringComparison.Ordinal);
        Assert.Contains($"'{asked}'", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
        Assert.False(File.Exists("pickle-was-run"));
        Assert.Equal(before, torch.live_tensors);
    }

    [Theory]
    [InlineData("tiny.pth")]
    [InlineData("tiny_legacy.pth")]
    [InlineData("tiny.safetensors")]
    public void A_file_cut_off_anywhere_is_refused_with_its_path_and_leaves_no_tensor(string name)
    {
        string whole = Golden.PathOf(name);
        if (name.EndsWith(".safetensors", StringComparison.Ordinal))
        {
            whole = Path.Combine(folder, name);
            using StateDict state = StateDict.Read(Golden.PathOf("tiny.pth"));
            state.Save(whole);
        }
        byte[] bytes = File.ReadAllBytes(whole);
        long before = torch.live_tensors;
        string path = Path.Combine(folder, "cut");
        for (int length = 0; length < bytes.Length; length += 1 + length / 40)
        {
            File.WriteAllBytes(path, bytes[..length]);
            string message = Assert.Throws<InvalidDataException>(() => StateDict.Read(path)).Message;
            Assert.Contains(path, message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', message);
        }
        Assert.Equal(before, torch.live_tensors);
    }

    [Fact]
    public void A_pickle_that_grows_when_it_is_read_is_refused_before_it_does()
    {
        string path = Path.Combine(folder, "bomb.pth");
        byte[] lists = [0x80, 2, .. Enumerable.Repeat((byte)']', 20_000_000), (byte)'.'];
        File.WriteAllBytes(path, lists);
        Refuses(path, "longer than");
        using (ZipArchive zip = ZipFile.Open(path = Path.Combine(folder, "packed.pth"), ZipArchiveMode.Create))
        {
            using Stream entry = zip.CreateEntry("archive/data.pkl", CompressionLevel.SmallestSize).Open();
            entry.Write(lists);
        }
        Refuses(path, "data.pkl");
    }

    [Fact]
    public void Numbers_packed_to_burst_are_refused()
    {
        // Two storages of 1 MiB of zeros each, deflated into two kilobytes. Protocol 2, as torch.save writes it.
        List<byte> pickle = [0x80, 2, (byte)'}', (byte)'('];
        void Text(string text) => pickle.AddRange([(byte)'X', .. BitConverter.GetBytes(text.Length), .. Encoding.UTF8.GetBytes(text)]);
        void Name(string module, string name) => pickle.AddRange(Encoding.UTF8.GetBytes($"c{module}\n{name}\n"));
        void Number(int number) => pickle.AddRange([(byte)'J', .. BitConverter.GetBytes(number)]);
        foreach (string key in (string[])["0", "1"])
        {
            Text("weight" + key);
            Name("torch._utils", "_rebuild_tensor_v2");
            pickle.AddRange("(("u8);
            Text("storage");
            Name("torch", "FloatStorage");
            Text(key);
            Text("cpu");
            Number(1 << 18);
            pickle.AddRange("tQ"u8);
            Number(0);
            Number(1 << 18);
            pickle.Add(0x85);
            Number(1);
            pickle.AddRange([0x85, 0x89, (byte)'}', (byte)'t', (byte)'R']);
        }
        pickle.AddRange("u."u8);
        string path = Path.Combine(folder, "burst.pth");
        foreach (CompressionLevel level in (CompressionLevel[])[CompressionLevel.NoCompression, CompressionLevel.SmallestSize])
        {
            File.Delete(path);
            using (ZipArchive zip = ZipFile.Open(path, ZipArchiveMode.Create))
            {
                foreach ((string name, byte[] content) in (ReadOnlySpan<(string, byte[])>)[("data.pkl", [.. pickle]), ("data/0", new byte[1 << 20]), ("data/1", new byte[1 << 20])])
                {
                    using Stream entry = zip.CreateEntry("archive/" + name, level).Open();
                    entry.Write(content);
                }
            }
            if (level == CompressionLevel.NoCompression)
            {
                using StateDict sound = StateDict.Read(path);
                Assert.Equal([1 << 18], sound["weight1"].shape);
            }
        }
        Refuses(path, "more than the file has");
    }

    [Fact]
    public void A_header_with_too_many_tensors_or_dimensions_is_refused()
    {
        string many = "{" + string.Join(',', Enumerable.Range(0, 100_001).Select(i => $"\"{i}\":{{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}}")) + "}";
        foreach ((string header, string reason) in (ReadOnlySpan<(string, string)>)[(many, "more than 100000"), ($"{{\"a\":{{\"dtype\":\"F32\",\"shape\":[{string.Join(',', Enumerable.Repeat(1, 1000))}],\"data_offsets\":[0,4]}}}}", "dimensions")])
        {
            string path = Path.Combine(folder, "header.safetensors");
            File.WriteAllBytes(path, [.. BitConverter.GetBytes((long)header.Length), .. Encoding.UTF8.GetBytes(header), 0, 0, 0, 0]);
            Refuses(path, reason);
        }
    }

    private static void Refuses(string path, string reason)
    {
        string message = Assert.Throws<InvalidDataException>(() => StateDict.Read(path)).Message;
        Assert.Contains(path, message, StringComparison.Ordinal);
        Assert.Contains(reason, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tiny.pth")]
    [InlineData("tiny_legacy.pth")]
    [InlineData("nested.pth")]
    [InlineData("tiny.safetensors")]
    public void A_file_with_any_byte_changed_loads_or_is_refused_but_never_breaks_the_program(string name)
    {
        string whole = Golden.PathOf(name);
        if (name.EndsWith(".safetensors", StringComparison.Ordinal))
        {
            whole = Path.Combine(folder, name);
            using StateDict state = StateDict.Read(Golden.PathOf("tiny.pth"));
            state.Save(whole);
        }
        byte[] bytes = File.ReadAllBytes(whole);
        long before = torch.live_tensors;
        string path = Path.Combine(folder, "changed");
        var random = new Random(1);
        for (int i = 0; i < 400; i++)
        {
            byte[] changed = (byte[])bytes.Clone();
            changed[random.Next(Math.Min(bytes.Length, 1200))] = (byte)random.Next(256);
            File.WriteAllBytes(path, changed);
            try
            {
                StateDict.Read(path).Dispose();
            }
            catch (InvalidDataException error)
            {
                Assert.Contains(path, error.Message, StringComparison.Ordinal);
            }
        }
        Assert.Equal(before, torch.live_tensors);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12, "begins at 4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[12,16]}}""", 16, "begins at 12")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 20, "need 8 bytes and it has 20")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,80]}}""", 80, "'a' of 8 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", 8, "no list of tensors")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}""", 0, "no list of tensors")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1000000000000],"data_offsets":[0,4000000000000]}}""", 8, "need 4000000000000 bytes")]
    [InlineData("""{"a":{"dtype":"F99","shape":[2],"data_offsets":[0,8]}}""", 8, "unknown type 'F99'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}""", 8, "'a' of 8 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "'a' is there twice")]
    [InlineData("""{"a":{"shape":[2],"data_offsets":[0,8]}}""", 8, "no list of tensors")]
    [InlineData("""{"a":[[[[[[1]]]]]]}""", 8, "no list of tensors")]
    [InlineData("""{"a":1""", 8, "no list of tensors")]
    public void A_hostile_safetensors_header_is_refused_before_anything_is_allocated(string header, int dataBytes, string reason)
    {
        string path = Path.Combine(folder, "hostile.safetensors");
        var bytes = new byte[8 + Encoding.UTF8.GetByteCount(header) + dataBytes];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, Encoding.UTF8.GetByteCount(header));
        Encoding.UTF8.GetBytes(header, bytes.AsSpan(8));
        File.WriteAllBytes(path, bytes);
        string message = Assert.Throws<InvalidDataException>(() => StateDict.Read(path)).Message;
        Assert.Contains(path, message, StringComparison.Ordinal);
        Assert.Contains(reason, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_view_that_claims_more_than_its_numbers_is_refused()
    {
        foreach ((int[] shape, int[] strides) in ((int[], int[])[])[([5], [1]), ([2, 2], [3, 1]), ([1_000_000_000, 1_000_000], [0, 0]), ([-1], [1])])
        {
            string path = Path.Combine(folder, "view.pth");
            using (ZipArchive zip = ZipFile.Open(path, ZipArchiveMode.Create))
            {
                Put(zip, "archive/data.pkl", Pickle(shape, strides));
                Put(zip, "archive/data/0", new byte[16]);
            }
            Assert.Contains(path, Assert.Throws<InvalidDataException>(() => StateDict.Read(path)).Message, StringComparison.Ordinal);
            File.Delete(path);
        }
    }

    [Fact]
    public void Other_files_are_refused_and_missing_ones_are_missing()
    {
        string path = Path.Combine(folder, "text.pth");
        File.WriteAllText(path, "this is no file of weights");
        Assert.Contains("holds no weights", Assert.Throws<InvalidDataException>(() => StateDict.Read(path)).Message, StringComparison.Ordinal);
        using (ZipArchive zip = ZipFile.Open(Path.Combine(folder, "a.zip"), ZipArchiveMode.Create))
        {
            Put(zip, "readme.txt", [1]);
        }
        Assert.Contains("without data.pkl", Assert.Throws<InvalidDataException>(() => StateDict.Read(Path.Combine(folder, "a.zip"))).Message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => StateDict.Read(Path.Combine(folder, "none")));
    }

    [Fact]
    public void Saving_replaces_the_file_at_once_or_leaves_it_as_it_was()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        string path = Path.Combine(folder, "w.safetensors");
        using (var first = new StateDict { { "a", torch.ones([2]) } })
        {
            first.Save(path);
        }
        byte[] before = File.ReadAllBytes(path);
        Assert.Equal(0, before.Length % 8);
        using (var broken = new StateDict { { "a", torch.zeros([2]) } })
        {
            broken["a"].Dispose();
            Assert.Throws<ObjectDisposedException>(() => broken.Save(path));
        }
        Assert.Equal(before, File.ReadAllBytes(path));
        using (var second = new StateDict { { "b", torch.zeros([3, 2]).t() } })
        {
            second.Save(path);
        }
        using StateDict read = StateDict.Read(path);
        Assert.Equal([2L, 3], read["b"].shape);
        Assert.Single(Directory.GetFiles(folder));
    }

    private static nn.Sequential Tiny() => new(
        new nn.Conv2d(3, 4, 3, bias: false), new nn.BatchNorm2d(4), new nn.ReLU(), new nn.AdaptiveAvgPool2d(1), new nn.Flatten(), new nn.Linear(4, 5));

    private static void CheckKinds(StateDict state)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor values = Formula.Of(51, [6, 4]);
        Assert.Equal(12, state.Count);
        Assert.Equal(values.data<float>(), state["f32"].data<float>());
        Assert.Equal(values.to(torch.float64).data<double>(), state["f64"].data<double>());
        Assert.Equal(values.to(torch.float16).data<ushort>(), state["f16"].data<ushort>());
        Assert.Equal(values.to(torch.bfloat16).data<ushort>(), state["bf16"].data<ushort>());
        Assert.Equal((values * 100).to(torch.int64).data<long>(), state["i64"].data<long>());
        Assert.Equal((values * 100).to(torch.int32).data<int>(), state["i32"].data<int>());
        Assert.Equal(((values + 1) * 100).to(torch.uint8).data<byte>(), state["u8"].data<byte>());
        Assert.Equal((values > 0).data<bool>(), state["bool"].data<bool>());
        Assert.Equal(values.t().data<float>(), state["transposed"].data<float>());
        Assert.Equal(values.narrow(0, 2, 3).narrow(1, 1, 2).data<float>(), state["sliced"].data<float>());
        Assert.Equal([], state["scalar"].shape);
        Assert.Equal(3.5, state["scalar"].ToDouble());
        Assert.Equal([0L, 3], state["empty"].shape);
    }

    private static void Put(ZipArchive zip, string name, byte[] content)
    {
        using Stream stream = zip.CreateEntry(name, CompressionLevel.NoCompression).Open();
        stream.Write(content);
    }

    // {"w": _rebuild_tensor_v2(FloatStorage "0" of 4 numbers, 0, shape, strides, False, OrderedDict())}
    private static byte[] Pickle(int[] shape, int[] strides)
    {
        var bytes = new List<byte> { 0x80, 2, (byte)'}' };
        void Text(string text) => bytes.AddRange([(byte)'X', .. BitConverter.GetBytes(text.Length), .. Encoding.ASCII.GetBytes(text)]);
        void Name(string module, string name) => bytes.AddRange(Encoding.ASCII.GetBytes($"c{module}\n{name}\n"));
        void Tuple(int[] numbers)
        {
            bytes.Add((byte)'(');
            foreach (int number in numbers)
            {
                bytes.AddRange([(byte)'J', .. BitConverter.GetBytes(number)]);
            }
            bytes.Add((byte)'t');
        }
        Text("w");
        Name("torch._utils", "_rebuild_tensor_v2");
        bytes.AddRange("(("u8);
        Text("storage");
        Name("torch", "FloatStorage");
        Text("0");
        Text("cpu");
        bytes.AddRange([(byte)'K', 4, (byte)'t', (byte)'Q', (byte)'K', 0]);
        Tuple(shape);
        Tuple(strides);
        bytes.Add(0x89);
        Name("collections", "OrderedDict");
        bytes.AddRange(")RtRs."u8);
        return [.. bytes];
    }
}
