using System.Globalization;
using System.Numerics;
using System.Reflection;
using SignData.Core;
using SignData.Dataset.Augmenting.Mixing;
using SignData.Dataset.Augmenting.Steps;
using SignData.Vision.Retouching;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace SignData.Dataset.Augmenting;

/// <summary>Recipes in YAML, checked against <see cref="RecipeSchema"/> before anything is made of them.</summary>
internal static class RecipeFile
{
    private const int MaxBytes = 1 << 20, MaxDepth = 8;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InputException">It is missing, too large or not well formed.</exception>
    public static Recipe Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new InputException($"No augmentation recipe is named '{path}', nor is there such a file; choose among {string.Join(", ", Recipe.Names)}, or name a YAML file.");
        }
        if (new FileInfo(path).Length > MaxBytes)
        {
            throw new InputException($"The augmentation recipe '{path}' is larger than 1 MiB; name a YAML file of steps.");
        }
        return Parse(File.ReadAllText(path), path);
    }

    /// <summary>Reads a text.</summary>
    /// <param name="text">YAML.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <exception cref="InputException">It is not well formed.</exception>
    public static Recipe Parse(string text, string name)
    {
        YamlStream yaml = [];
        try
        {
            yaml.Load(new StringReader(text));
        }
        catch (Exception e) when (e is YamlException or ArgumentException)
        {
            long line = e is YamlException { Start.Line: var at } ? at : 1;
            throw Wrong(name, line, $"is no YAML ({Files.Printable(e.Message.TrimEnd('.'))})", e);
        }
        if (yaml.Documents.Count != 1 || yaml.Documents[0].RootNode is not YamlMappingNode root)
        {
            throw Wrong(name, 1, "is no mapping; write 'steps:' and below it a list of steps");
        }
        if (Depth(root) > MaxDepth)
        {
            throw Wrong(name, 1, $"is nested deeper than {MaxDepth}");
        }
        if (SchemaCheck.Find(root, RecipeSchema.Schema, RecipeSchema.Schema, "") is { } wrong)
        {
            throw Wrong(name, wrong.Line, wrong.Message);
        }
        YamlNode? Of(string key) => root.Children.TryGetValue(new YamlScalarNode(key), out YamlNode? node) ? node : null;
        if (Of("steps") is YamlSequenceNode list && CropTooLarge(list) is { } crop)
        {
            throw Wrong(name, crop.Line, crop.Message);
        }
        YamlMappingNode? milder = Of("milder") as YamlMappingNode;
        string? milderName = milder?.Children[new YamlScalarNode("recipe")].ToString();
        if (milderName == name)
        {
            throw Wrong(name, milder!.Start.Line, "is milder than itself; name another recipe");
        }
        return new Recipe
        {
            Name = name,
            Text = text,
            Border = Of("border") is { } border ? Enum.Parse<Border>(border.ToString(), ignoreCase: true) : Border.Edge,
            Steps = Of("steps") is YamlSequenceNode steps ? Steps(steps) : [],
            Mix = Of("mix") is YamlSequenceNode mix ? [.. mix.Select(m => (MixStep)Made(m, RecipeSchema.Mixes))] : [],
            Growth = Of("growth") is { } growth ? Number(growth) : 0,
            Milder = milderName is null ? null : Recipe.Named(milderName),
            MilderShare = milder is not null && milder.Children.TryGetValue(new YamlScalarNode("share"), out YamlNode? share) ? Number(share) : 0,
        };
    }

    private static AugmentStep[] Steps(YamlSequenceNode list) => [.. list.Select(s => (AugmentStep)Made(s, RecipeSchema.Steps))];

    private static object Made(YamlNode node, IReadOnlyDictionary<string, Type> types)
    {
        (string name, YamlNode? values) = NameOf(node);
        Type type = types[name];
        object step = Activator.CreateInstance(type)!;
        foreach (PropertyInfo parameter in RecipeSchema.Parameters(type))
        {
            if (values is YamlMappingNode mapping && mapping.Children.TryGetValue(new YamlScalarNode(AugmentStep.Kebab(parameter.Name)), out YamlNode? value))
            {
                parameter.SetValue(step, Value(value, parameter.PropertyType));
            }
        }
        return step;
    }

    private static (string Name, YamlNode? Values) NameOf(YamlNode node) =>
        node is YamlMappingNode mapping ? (mapping.Children[0].Key.ToString(), mapping.Children[0].Value) : (node.ToString(), null);

    private static object Value(YamlNode node, Type type) => type switch
    {
        _ when type == typeof(float) => Number(node),
        _ when type == typeof(int) => (int)Number(node),
        _ when type == typeof(bool) => node.ToString() == "true",
        _ when type == typeof(Interval) => node is YamlSequenceNode pair ? new Interval(Number(pair[0]), Number(pair[1])) : new Interval(Number(node), Number(node)),
        _ when type == typeof(Tone) => Tone.Parse(node.ToString()),
        _ when type.IsEnum => Enum.Parse(type, node.ToString(), ignoreCase: true),
        _ => node is YamlSequenceNode list ? Steps(list) : [],
    };

    private static float Number(YamlNode node) => float.Parse(node.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture);

    // A crop speaks of pixels, which a resize before it has to give, and enough of them: then no picture can be too small for it.
    private static (long Line, string Message)? CropTooLarge(YamlSequenceNode list)
    {
        Vector2? pixels = null;
        foreach (YamlNode node in list)
        {
            object step = Made(node, RecipeSchema.Steps);
            switch (step)
            {
                case Resize resize:
                    pixels = resize.P >= 1 ? new(resize.Width, resize.Height) : null;
                    break;
                case Pad pad when pixels is { } inner:
                    pixels = inner * (1 + (pad.P >= 1 ? 2 * pad.By.Low : 0));
                    break;
                case Crop when pixels is null:
                    return (node.Start.Line, "crop gives pixels, but nothing before it says how many there are; put a 'resize' before it, or take 'random-resized-crop' or 'zoom'");
                case Crop crop when crop.Width > pixels.Value.X + 0.5f || crop.Height > pixels.Value.Y + 0.5f:
                    return (node.Start.Line, string.Create(CultureInfo.InvariantCulture, $"crop cuts {crop.Width} x {crop.Height} pixels out of {pixels.Value.X:0} x {pixels.Value.Y:0}; make it smaller, or the resize before it larger"));
                case Crop crop:
                    pixels = new(crop.Width, crop.Height);
                    break;
                case Zoom or RandomResizedCrop or PlaceHand:
                    pixels = null;
                    break;
                case OneOf when NameOf(node).Values is YamlMappingNode choice && choice.Children.TryGetValue(new YamlScalarNode("steps"), out YamlNode? inner) && inner is YamlSequenceNode options:
                    if (options.Select(o => CropTooLarge(new YamlSequenceNode(o))).FirstOrDefault(w => w is not null) is { } wrong)
                    {
                        return wrong;
                    }
                    break;
            }
        }
        return null;
    }

    private static int Depth(YamlNode node) => node switch
    {
        YamlMappingNode mapping => 1 + mapping.Children.Select(c => Depth(c.Value)).DefaultIfEmpty(0).Max(),
        YamlSequenceNode list => 1 + list.Select(Depth).DefaultIfEmpty(0).Max(),
        _ => 0,
    };

    private static InputException Wrong(string name, long line, string message, Exception? inner = null)
    {
        string text = $"The augmentation recipe '{Files.Printable(name)}', line {line}: {message}.";
        return inner is null ? new InputException(text) : new InputException(text, inner);
    }
}
