using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace SignData.Dataset.Augmenting;

/// <summary>Holds YAML against a JSON schema: the parts of draft 7 that recipes use. The first thing that is wrong is told, with its line.</summary>
internal static class SchemaCheck
{
    /// <summary>What is wrong.</summary>
    /// <param name="node">A document or a part of one.</param>
    /// <param name="schema">What it must be.</param>
    /// <param name="root">Where references point.</param>
    /// <param name="path">Where the node stands, in words.</param>
    /// <returns>Null when nothing is.</returns>
    public static (long Line, string Message)? Find(YamlNode node, JsonNode schema, JsonNode root, string path)
    {
        if (schema["$ref"] is { } reference)
        {
            return Find(node, root["definitions"]![reference.GetValue<string>().Split('/')[^1]]!, root, path);
        }
        if (schema["anyOf"] is JsonArray choices)
        {
            // The alternative of the node's own kind is the one that was meant.
            return Find(node, choices.FirstOrDefault(c => IsOfKind(node, c!)) ?? choices[0]!, root, path);
        }
        return schema["type"]?.GetValue<string>() switch
        {
            "object" => InMapping(node, schema, root, path),
            "array" => InSequence(node, schema, root, path),
            _ => InScalar(node, schema, path),
        };
    }

    private static bool IsOfKind(YamlNode node, JsonNode schema) => schema["type"]?.GetValue<string>() switch
    {
        "object" => node is YamlMappingNode,
        "array" => node is YamlSequenceNode,
        _ => node is YamlScalarNode,
    };

    private static (long, string)? InMapping(YamlNode node, JsonNode schema, JsonNode root, string path)
    {
        if (node is YamlScalarNode { Value: "" or null })
        {
            return Missing(schema, []) is { } needed ? (node.Start.Line, $"{path} lacks '{needed}'") : null;
        }
        string what = schema["title"]?.GetValue<string>() ?? "key";
        JsonObject known = schema["properties"]!.AsObject();
        if (node is not YamlMappingNode mapping)
        {
            return (node.Start.Line, $"{path} is '{Shown(node)}'; give {what}s by name, such as '{known.First().Key}: ...'");
        }
        if (schema["maxProperties"] is not null && mapping.Children.Count != 1)
        {
            return (node.Start.Line, $"{path} has {mapping.Children.Count} names; begin each {what} with a '-' of its own");
        }
        foreach ((YamlNode key, YamlNode value) in mapping.Children)
        {
            string name = Shown(key);
            if (known[name] is not { } inner)
            {
                return (key.Start.Line, $"'{name}' is no {what}; there {(known.Count == 1 ? "is" : "are")} {string.Join(", ", known.Select(k => k.Key))}");
            }
            if (Find(value, inner, root, what is "step" or "mix" || path.Length == 0 ? name : $"{path}.{name}") is { } wrong)
            {
                return wrong;
            }
        }
        return Missing(schema, [.. mapping.Children.Keys.Select(Shown)]) is { } missing ? (node.Start.Line, $"{path} lacks '{missing}'") : null;
    }

    private static string? Missing(JsonNode schema, string[] present) =>
        (schema["required"] as JsonArray)?.Select(r => r!.GetValue<string>()).FirstOrDefault(r => !present.Contains(r));

    private static (long, string)? InSequence(YamlNode node, JsonNode schema, JsonNode root, string path)
    {
        if (node is YamlScalarNode { Value: "" or null })
        {
            return null;
        }
        if (node is not YamlSequenceNode list)
        {
            return (node.Start.Line, $"{path} is '{Shown(node)}'; give a list, each line with a '-'");
        }
        if (schema["minItems"]?.GetValue<int>() is { } count && list.Children.Count != count)
        {
            return (node.Start.Line, $"{path} has {list.Children.Count} values; give one, or [low, high]");
        }
        if (list.Select(item => Find(item, schema["items"]!, root, path)).FirstOrDefault(w => w is not null) is { } wrong)
        {
            return wrong;
        }
        // The only lists of numbers are intervals.
        return schema["minItems"] is not null && Value(list[0]) > Value(list[1]) ? (node.Start.Line, $"{path} goes from {Shown(list[0])} down to {Shown(list[1])}; give the lower value first") : null;
    }

    private static (long, string)? InScalar(YamlNode node, JsonNode schema, string path)
    {
        string text = Shown(node), type = schema["type"]!.GetValue<string>();
        if (schema["enum"] is JsonArray words)
        {
            string[] known = [.. words.Select(w => w!.GetValue<string>())];
            return known.Contains(text) ? null : (node.Start.Line, schema["title"]?.GetValue<string>() is { } what
                ? $"'{text}' is no {what}; there are {string.Join(", ", known)}" : $"{path} is '{text}'; give {string.Join(", ", known)}");
        }
        if (type == "boolean")
        {
            return text is "true" or "false" ? null : (node.Start.Line, $"{path} is '{text}'; give true or false");
        }
        if (schema["pattern"] is { } pattern)
        {
            return Regex.IsMatch(text, pattern.GetValue<string>()) ? null : (node.Start.Line, $"{path} is '{text}'; give a colour such as '#6a5737', in quotes");
        }
        double low = schema["minimum"]!.GetValue<double>(), high = schema["maximum"]!.GetValue<double>();
        bool fits = node is YamlScalarNode && Value(node) is { } value && value >= low && value <= high && (type != "integer" || value == Math.Floor(value));
        return fits ? null : (node.Start.Line, string.Create(CultureInfo.InvariantCulture, $"{path} is '{text}'; give a {(type == "integer" ? "whole number" : "number")} from {low} to {high}"));
    }

    private static double? Value(YamlNode node) => double.TryParse(Shown(node), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null;

    private static string Shown(YamlNode node) => node is YamlScalarNode scalar ? Files.Printable(scalar.Value ?? "") : node is YamlMappingNode ? "a mapping" : "a list";
}
