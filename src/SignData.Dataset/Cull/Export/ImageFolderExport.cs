namespace SignData.Dataset;

/// <summary><c>split/label/picture</c>; a frame of several copies lies there as often, since nothing else would tell.</summary>
internal static class ImageFolderExport
{
    public static void Write(string folder, IEnumerable<ExportedFrame> frames)
    {
        var (labels, taken) = (new Dictionary<string, string>(), new HashSet<string>(StringComparer.OrdinalIgnoreCase));
        foreach (var frame in frames)
        {
            if (!labels.TryGetValue(frame.Row.Label, out var label))
            {
                // Two labels are never one folder, not even where case does not count.
                labels[frame.Row.Label] = label = Free(FrameStore.FolderOf(frame.Row.Label), "", labels.Values.ToHashSet(StringComparer.OrdinalIgnoreCase));
            }
            var place = Path.Combine(folder, frame.Split, label);
            Directory.CreateDirectory(place);
            for (var copy = 0; copy < frame.Row.Copies; copy++)
            {
                var path = Free(Path.Combine(place, Files.NameOf(Path.GetFileNameWithoutExtension(frame.File))), "." + frame.Extension, taken);
                taken.Add(path);
                File.Copy(frame.File, path);
            }
        }
    }

    private static string Free(string name, string ending, HashSet<string> taken)
    {
        var free = name + ending;
        for (var i = 2; taken.Contains(free); i++)
        {
            free = $"{name}-{i}{ending}";
        }
        return free;
    }
}
