using SignData.Core;
using SignData.Torch;

namespace SignData.Training;

/// <summary>The device that a user's word means.</summary>
public static class Devices
{
    /// <summary>Chooses a device.</summary>
    /// <param name="name">auto (a GPU where there is one), cpu, cuda or cuda:N.</param>
    /// <exception cref="InputException">The word means nothing, or there is no such device.</exception>
    public static Device Choose(string name)
    {
        bool cuda = torch.cuda_is_available();
        if (name == "auto")
        {
            return new Device(cuda ? "cuda" : "cpu");
        }
        bool isCuda = name == "cuda" || (name?.StartsWith("cuda:", StringComparison.Ordinal) == true && uint.TryParse(name.AsSpan(5), out _));
        if (name != "cpu" && !isCuda)
        {
            throw new InputException($"'{name}' is no device; choose auto, cpu, cuda or cuda:0.");
        }
        if (isCuda && !cuda)
        {
            throw new InputException($"--device {name}, but this libtorch sees no GPU; use --device cpu, or build with make native LIBTORCH=... against a libtorch with CUDA.");
        }
        return new Device(name!);
    }
}
