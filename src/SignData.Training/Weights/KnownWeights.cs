using System.Text.RegularExpressions;
using SignData.Core;

namespace SignData.Training.Weights;

/// <summary>Weights that torchvision or timm publish for an architecture here, trained on ImageNet's 1,000 classes.</summary>
/// <param name="Name">As the user writes it: the architecture's name, with a suffix where there are several.</param>
/// <param name="Architecture">The architecture that they belong to.</param>
/// <param name="Publisher">torchvision or timm, or the server of an address.</param>
/// <param name="Url">Where the file is.</param>
public sealed partial record KnownWeights(string Name, string Architecture, string Publisher, Uri Url)
{
    private const string TorchVision = "https://download.pytorch.org/models/", Timm = "https://github.com/rwightman/pytorch-image-models/releases/download/v0.1-weights/";

    /// <summary>The file's name, which ends in the beginning of its SHA-256.</summary>
    public string File => Path.GetFileName(Url.AbsolutePath);

    /// <summary>
    /// The first hexadecimal digits of the file's SHA-256, 8 or more. Publishers name files after them (torch.hub and timm's clean_checkpoint.py do)
    /// and publish no more.
    /// </summary>
    public string Sha256Prefix => HashedName().Match(File).Groups[1].Value;

    /// <summary>All that are known.</summary>
    public static IReadOnlyList<KnownWeights> All { get; } =
    [
        Of("resnet18", "resnet18-f37072fd"), Of("resnet34", "resnet34-b627a593"),
        Of("resnet50", "resnet50-0676ba61"), Of("resnet50", "resnet50-11ad3fa6", "-v2"),
        Of("resnet101", "resnet101-63fe2227"), Of("resnet101", "resnet101-cd907fc2", "-v2"),
        Of("densenet121", "densenet121-a639ec97"),
        Of("mobilenet_v3_small", "mobilenet_v3_small-047dcff4"),
        Of("mobilenet_v3_large", "mobilenet_v3_large-8738ca79"), Of("mobilenet_v3_large", "mobilenet_v3_large-5c1a4163", "-v2"),
        Of("efficientnet_b0", "efficientnet_b0_rwightman-7f5810bc"),
        Of("efficientnet_b1", "efficientnet_b1_rwightman-bac287d4"), Of("efficientnet_b1", "efficientnet_b1-c27df63c", "-v2"),
        Of("efficientnet_b2", "efficientnet_b2_rwightman-c35c1473"), Of("efficientnet_b3", "efficientnet_b3_rwightman-b3899882"),
        Of("efficientnet_b4", "efficientnet_b4_rwightman-23ab8bcd"),
        Of("squeezenet1_1", "squeezenet1_1-b8a52dc0"),
        Of("tf_efficientnet_b0", "tf_efficientnet_b0_aa-827b6e33"), Of("tf_efficientnet_b0", "tf_efficientnet_b0_ns-c0e6a31c", "-ns"),
        Of("tf_efficientnet_b1", "tf_efficientnet_b1_aa-ea7a6ee0"), Of("tf_efficientnet_b1", "tf_efficientnet_b1_ns-99dd0c41", "-ns"),
        Of("tf_efficientnet_b2", "tf_efficientnet_b2_aa-60c94f97"), Of("tf_efficientnet_b2", "tf_efficientnet_b2_ns-00306e48", "-ns"),
        Of("tf_efficientnet_b3", "tf_efficientnet_b3_aa-84b4657e"), Of("tf_efficientnet_b3", "tf_efficientnet_b3_ns-9d44bf68", "-ns"),
        Of("tf_efficientnet_b4", "tf_efficientnet_b4_aa-818f208c"), Of("tf_efficientnet_b4", "tf_efficientnet_b4_ns-d6313a46", "-ns"),
        Of("efficientnet_lite0", "efficientnet_lite0_ra-37913777"),
        Of("tf_efficientnet_lite0", "tf_efficientnet_lite0-0aa007d2"), Of("tf_efficientnet_lite1", "tf_efficientnet_lite1-bde8b488"),
        Of("tf_efficientnet_lite2", "tf_efficientnet_lite2-dcccb7df"), Of("tf_efficientnet_lite3", "tf_efficientnet_lite3-b733e338"),
        Of("tf_efficientnet_lite4", "tf_efficientnet_lite4-741542c3"),
    ];

    /// <summary>Weights by their name, or by the address of a file that is named as publishers do: name-1a2b3c4d.pth.</summary>
    /// <param name="nameOrUrl">One of <see cref="All"/>'s names, or an address.</param>
    /// <exception cref="InputException">There are none of that name, or the address does not end in a hash.</exception>
    public static KnownWeights Named(string nameOrUrl)
    {
        if (All.FirstOrDefault(known => known.Name == nameOrUrl) is { } named)
        {
            return named;
        }
        if (!Uri.TryCreate(nameOrUrl, UriKind.Absolute, out Uri? url) || url.Scheme is not ("http" or "https"))
        {
            throw new InputException($"No published weights are named '{nameOrUrl}'; `weights` without a name lists them.");
        }
        string file = Path.GetFileName(url.AbsolutePath);
        return HashedName().IsMatch(file) ? new KnownWeights(file, "", url.Host, url)
            : throw new InputException($"'{nameOrUrl}' cannot be checked: let the file's name end in the first 8 digits of its SHA-256, such as name-1a2b3c4d.pth.");
    }

    [GeneratedRegex(@"^[\w.-]*-([0-9a-f]{8,64})\.(?:pth|pt|safetensors)$")]
    private static partial Regex HashedName();

    private static KnownWeights Of(string architecture, string file, string suffix = "")
    {
        bool timm = architecture.StartsWith("tf_", StringComparison.Ordinal) || architecture.Contains("lite", StringComparison.Ordinal);
        return new(architecture + suffix, architecture, timm ? "timm" : "torchvision", new Uri($"{(timm ? Timm : TorchVision)}{file}.pth"));
    }
}
