using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using SignData.Dataset.Augmenting.Mixing;
using SignData.Dataset.Augmenting.Steps;
using SignData.Vision.Retouching;

namespace SignData.Dataset.Augmenting;

/// <summary>
/// What a recipe may hold, as a JSON schema (draft 7) that is made of the steps' records: a new record is in it by being there.
/// recipes/augment/schema.json is a copy for editors.
/// </summary>
public static class RecipeSchema
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private static readonly Dictionary<string, Type> StepTypes = Derived(typeof(AugmentStep)), MixTypes = Derived(typeof(MixStep));

    /// <summary>The schema.</summary>
    public static JsonObject Schema { get; } = Whole();

    /// <summary>The steps that a recipe may name.</summary>
    public static IReadOnlyDictionary<string, Type> Steps => StepTypes;

    /// <summary>What may be done to batches.</summary>
    public static IReadOnlyDictionary<string, Type> Mixes => MixTypes;

    /// <summary>The schema as the file has it.</summary>
    public static string Text => Schema.ToJsonString(Indented) + "\n";

    /// <summary>A step's parameters, its own first.</summary>
    internal static IEnumerable<PropertyInfo> Parameters(Type step) =>
        step.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.SetMethod is not null).OrderBy(p => p.Name == "P").ThenBy(p => p.MetadataToken);

    private static Dictionary<string, Type> Derived(Type of) => of.Assembly.GetTypes().Where(t => t.IsSubclassOf(of)).OrderBy(t => t.Name, StringComparer.Ordinal).ToDictionary(t => AugmentStep.Kebab(t.Name));

    private static JsonObject Whole() => new()
    {
        ["$schema"] = "http://json-schema.org/draft-07/schema#",
        ["title"] = "key",
        ["type"] = "object",
        ["additionalProperties"] = false,
        ["properties"] = new JsonObject
        {
            ["border"] = Words(Enum.GetNames<Border>()),
            ["steps"] = Reference("steps"),
            ["mix"] = new JsonObject { ["type"] = "array", ["items"] = OneKey("mix", MixTypes) },
            ["growth"] = Number("number", 0, 1),
            ["milder"] = new JsonObject
            {
                ["title"] = "key of milder",
                ["type"] = "object",
                ["additionalProperties"] = false,
                ["required"] = new JsonArray("recipe"),
                ["properties"] = new JsonObject { ["recipe"] = Words([.. Recipe.Names]), ["share"] = Number("number", 0, 1) },
            },
        },
        ["definitions"] = new JsonObject { ["steps"] = new JsonObject { ["type"] = "array", ["items"] = OneKey("step", StepTypes) } },
    };

    // `- flip` or `- flip: { p: 0.5 }`.
    private static JsonObject OneKey(string what, Dictionary<string, Type> types) => new()
    {
        ["title"] = what,
        ["anyOf"] = new JsonArray(
            new JsonObject { ["title"] = what, ["type"] = "string", ["enum"] = new JsonArray([.. types.Keys.Select(k => JsonValue.Create(k))]) },
            new JsonObject
            {
                ["title"] = what,
                ["type"] = "object",
                ["minProperties"] = 1,
                ["maxProperties"] = 1,
                ["additionalProperties"] = false,
                ["properties"] = new JsonObject(types.Select(t => KeyValuePair.Create<string, JsonNode?>(t.Key, OfStep(t.Key, t.Value)))),
            }),
    };

    private static JsonObject OfStep(string name, Type type) => new()
    {
        ["title"] = "parameter of " + name,
        ["type"] = "object",
        ["additionalProperties"] = false,
        ["properties"] = new JsonObject(Parameters(type).Select(p => KeyValuePair.Create<string, JsonNode?>(AugmentStep.Kebab(p.Name), OfParameter(p)))),
    };

    private static JsonObject OfParameter(PropertyInfo parameter)
    {
        WithinAttribute? within = parameter.GetCustomAttribute<WithinAttribute>();
        JsonObject Bounded(string type) => Number(type, within!.Low, within.High);
        return parameter.PropertyType switch
        {
            var t when t == typeof(float) => Bounded("number"),
            var t when t == typeof(int) => Bounded("integer"),
            var t when t == typeof(bool) => new JsonObject { ["type"] = "boolean" },
            var t when t == typeof(Interval) => new JsonObject
            {
                ["anyOf"] = new JsonArray(Bounded("number"), new JsonObject { ["type"] = "array", ["minItems"] = 2, ["maxItems"] = 2, ["items"] = Bounded("number") }),
            },
            var t when t == typeof(Tone) => new JsonObject { ["type"] = "string", ["pattern"] = "^#[0-9a-fA-F]{6}$" },
            var t when t.IsEnum => Words(Enum.GetNames(t)),
            var t when t == typeof(IReadOnlyList<AugmentStep>) => Reference("steps"),
            var t => throw new NotSupportedException($"A recipe cannot give a {t.Name}: {parameter.DeclaringType}.{parameter.Name}."),
        };
    }

    private static JsonObject Number(string type, double low, double high) => new() { ["type"] = type, ["minimum"] = low, ["maximum"] = high };

    private static JsonObject Words(string[] words) => new() { ["type"] = "string", ["enum"] = new JsonArray([.. words.Select(w => JsonValue.Create(AugmentStep.Kebab(w)))]) };

    private static JsonObject Reference(string name) => new() { ["$ref"] = "#/definitions/" + name };
}
