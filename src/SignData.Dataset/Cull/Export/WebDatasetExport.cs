using System.Formats.Tar;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace SignData.Dataset;

/// <summary>
/// <c>split-000000.tar</c>, ...: of each sample the picture, its class number (<c>.cls</c>, see <c>classes.txt</c>) and what is known of it
/// (<c>.json</c>). Samples are shuffled, since tars are read in sequence; a frame of several copies comes as often.
/// </summary>
internal static class WebDatasetExport
{
    private const int MostSamples = 10_000;

    public static void Write(string folder, IEnumerable<ExportedFrame> frames, long shardBytes)
    {
        var all = frames.SelectMany(frame => Enumerable.Range(0, frame.Row.Copies).Select(copy => (frame, copy))).ToList();
        var classes = all.Select(sample => sample.frame.Row.Label).Distinct().Order(StringComparer.Ordinal).ToList();
        var numbers = classes.Index().ToDictionary(label => label.Item, label => label.Index);
        File.WriteAllText(Path.Combine(folder, "classes.txt"), string.Concat(classes.Select(label => label.ReplaceLineEndings(" ") + "\n")));
        foreach (var split in all.GroupBy(sample => sample.frame.Split).OrderBy(split => split.Key, StringComparer.Ordinal))
        {
            TarWriter? tar = null;
            try
            {
                var (shard, samples, bytes) = (0, 0, 0L);
                foreach (var (key, (frame, _)) in split.OrderBy(sample => Item.Draw(sample.copy, sample.frame.Row.Path)).ThenBy(sample => sample.frame.Row.Path, StringComparer.Ordinal).Index())
                {
                    var notes = Notes(frame);
                    var size = Padded(new FileInfo(frame.File).Length) + Padded(notes.Length) + Padded(8);
                    if (tar is null || samples == MostSamples || bytes + size > shardBytes)
                    {
                        tar?.Dispose();
                        tar = new TarWriter(File.Create(Path.Combine(folder, $"{split.Key}-{shard++:000000}.tar")), TarEntryFormat.Ustar);
                        (samples, bytes) = (0, 0);
                    }
                    using (var picture = File.OpenRead(frame.File))
                    {
                        Add(tar, $"{key:000000000}.{frame.Extension}", picture);
                    }
                    Add(tar, $"{key:000000000}.cls", new MemoryStream(Encoding.UTF8.GetBytes(numbers[frame.Row.Label].ToString(CultureInfo.InvariantCulture))));
                    Add(tar, $"{key:000000000}.json", new MemoryStream(notes));
                    (samples, bytes) = (samples + 1, bytes + size);
                }
            }
            finally
            {
                tar?.Dispose();
            }
        }
    }

    private static byte[] Notes(ExportedFrame frame) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        path = frame.Row.Path,
        label = frame.Row.Label,
        signer = frame.Source.Signer,
        session = frame.Source.Session,
        lighting = frame.Source.Lighting,
        source = frame.Source.Path,
        time = frame.Row.Time,
        width = frame.Row.Width,
        height = frame.Row.Height,
        sha256 = frame.Row.Sha256,
    });

    /// <summary>What a file takes in a tar: its header, and its content in blocks of 512.</summary>
    private static long Padded(long length) => 512 + ((length + 511) / 512 * 512);

    private static void Add(TarWriter tar, string name, Stream content) => tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name)
    {
        DataStream = content,
        ModificationTime = DateTimeOffset.UnixEpoch,
        Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead,
    });
}
