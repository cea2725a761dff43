using System.CommandLine;
using System.Globalization;

namespace SignData.Augment;

/// <summary>Options that are whole numbers within bounds.</summary>
internal static class Number
{
    public static Option<int> Within(string name, string description, int value, int least, int most) => new(name)
    {
        Description = description,
        DefaultValueFactory = _ => value,
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (!int.TryParse(text, CultureInfo.InvariantCulture, out int given) || given < least || given > most)
            {
                result.AddError($"{name} is '{text}'; give {least} to {most}.");
            }
            return given;
        },
    };
}
