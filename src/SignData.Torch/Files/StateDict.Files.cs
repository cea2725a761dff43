using System.Buffers.Binary;

namespace SignData.Torch;

public sealed partial class StateDict
{
    /// <summary>
    /// Reads the weights in a file: .safetensors, or what torch.save wrote (a zip, or the form before PyTorch 1.6). The content tells which.
    /// Nothing in the file is run; what a pickle asks for beyond tensors and plain values is refused.
    /// </summary>
    /// <param name="path">The file. Of a checkpoint with several parts, the part named state_dict, model or the like is taken.</param>
    /// <exception cref="InvalidDataException">The file is damaged, of another kind, or asks for code; one line that names it.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static StateDict Read(string path)
    {
        using FileStream file = File.OpenRead(path);
        Span<byte> start = stackalloc byte[10];
        int read = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        file.Position = 0;
        if (read < start.Length)
        {
            throw Damaged(path, $"it has only {read} bytes");
        }
        if (start[0] == 'P' && start[1] == 'K')
        {
            try
            {
                return PthFile.ReadZip(file, path);
            }
            catch (InvalidDataException error) when (!error.Message.StartsWith($"'{path}'", StringComparison.Ordinal))
            {
                throw Damaged(path, "it is a zip that is cut off or damaged");
            }
        }
        if (start[0] == Unpickler.Protocol && start[1] <= 5)
        {
            return PthFile.ReadLegacy(file, path);
        }
        if (start[8] == '{' && BinaryPrimitives.ReadUInt64LittleEndian(start) <= SafetensorsFile.MaxHeader)
        {
            return SafetensorsFile.Read(file, path);
        }
        throw new InvalidDataException($"'{path}' holds no weights: it is neither .safetensors nor a .pth of torch.save.");
    }

    /// <summary>Writes a .safetensors file with the metadata: whole or not at all, under its name only once it is safely on the disk.</summary>
    /// <param name="path">The file; one that exists is replaced.</param>
    public void Save(string path) => SafetensorsFile.Write(this, path);

    internal static InvalidDataException Damaged(string path, string reason) =>
        new($"'{path}' is no sound file of weights: {new string([.. reason.Take(300).Where(letter => !char.IsControl(letter))])}; fetch or save it again.");
}
