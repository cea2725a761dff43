using System.CommandLine;
using System.Globalization;
using SignData.Core;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace SignData.Cli;

/// <summary>Fills what the command line leaves open from <c>SIGNDATA_*</c> variables, then from a recipe file.</summary>
/// <param name="options">The tool's own options.</param>
internal sealed class Settings(Option[] options)
{
    private const int MaxRecipeBytes = 1 << 20;

    /// <summary>The arguments with the values that the environment and the recipe add.</summary>
    public string[] Fill(ParseResult typed, string[] args, Option<string?>? recipe)
    {
        List<string> filled = [];
        string? file = recipe is null ? null : typed.GetResult(recipe) is { Implicit: false } ? typed.GetValue(recipe) : Variable("--recipe");
        Dictionary<string, List<string>> values = file is null ? [] : Recipe(file);
        foreach (Option option in options.Where(o => typed.GetResult(o) is null or { Implicit: true }))
        {
            IEnumerable<string>? found = Variable(option.Name) is { } variable
                ? (option.AllowMultipleArgumentsPerToken ? variable.Split(',') : [variable])
                : values.GetValueOrDefault(option.Name);
            foreach (string value in found ?? [])
            {
                filled.Add($"{option.Name}={value}");
            }
        }
        // What was typed may end in "-- operand": what is added goes before it.
        return [.. filled, .. args];
    }

    /// <summary>Each option's value in the end, by its name without dashes, for the record that lies beside a result.</summary>
    public IReadOnlyDictionary<string, string> Resolved(ParseResult parsed)
    {
        SortedDictionary<string, string> resolved = new(StringComparer.Ordinal);
        foreach (Option option in options)
        {
            object? value = parsed.GetResult(option)?.GetValueOrDefault<object?>();
            if (value is not null)
            {
                resolved[option.Name[2..]] = value is System.Collections.IEnumerable many and not string
                    ? string.Join(',', many.Cast<object>())
                    : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
            }
        }
        return resolved;
    }

    private static string? Variable(string option) =>
        Environment.GetEnvironmentVariable("SIGNDATA_" + option[2..].Replace('-', '_').ToUpperInvariant()) is { Length: > 0 } value ? value : null;

    private Dictionary<string, List<string>> Recipe(string file)
    {
        if (!File.Exists(file))
        {
            throw new InputException($"No recipe at '{file}'; name a YAML file of option values.");
        }
        if (new FileInfo(file).Length > MaxRecipeBytes)
        {
            throw new InputException($"The recipe '{file}' is larger than 1 MiB; name a YAML file of option values.");
        }
        YamlStream yaml = [];
        try
        {
            using StreamReader reader = new(file);
            yaml.Load(reader);
        }
        catch (YamlException e)
        {
            throw new InputException($"The recipe '{file}' is no YAML at line {e.Start.Line}: {e.Message} Mend that line.", e);
        }
        if (yaml.Documents.Count != 1 || yaml.Documents[0].RootNode is not YamlMappingNode mapping)
        {
            throw new InputException($"The recipe '{file}' is no mapping of option names to values; write lines such as 'epochs: 12'.");
        }
        Dictionary<string, List<string>> values = [];
        foreach ((YamlNode key, YamlNode value) in mapping.Children)
        {
            string name = "--" + key;
            if (options.All(o => o.Name != name))
            {
                throw new InputException($"The recipe '{file}' sets '{key}' at line {key.Start.Line}, which is no option here; see --help.");
            }
            values[name] = value is YamlSequenceNode list ? [.. list.Children.Select(c => c.ToString())] : [value.ToString()];
        }
        return values;
    }
}
