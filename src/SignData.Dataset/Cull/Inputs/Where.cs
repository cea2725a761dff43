using System.Globalization;
using System.Text.RegularExpressions;
using SignData.Core;

namespace SignData.Dataset;

/// <summary>
/// A condition on frames, such as <c>signer &lt;&gt; 's2' and (sharpness &gt; 0.4 or label in ('A', 'B'))</c>: columns, numbers, texts in single quotes;
/// = &lt;&gt; &lt; &lt;= &gt; &gt;=, between, in, like, is null, not, and, or, with SQL's meaning. It is parsed here into a predicate and reaches no database:
/// there is nothing that it could call or change. What is unknown of a frame (null) makes a comparison neither true nor false.
/// </summary>
public sealed class Where
{
    private const int Longest = 4096, Deepest = 64;

    private static readonly Dictionary<string, Func<Item, string?>> Texts = new(StringComparer.OrdinalIgnoreCase)
    {
        ["label"] = item => item.Label, ["file"] = item => item.Name, ["folder"] = item => Path.GetFileName(item.Folder), ["kind"] = item => item.Source.Kind,
        ["source"] = item => Path.GetFileName(item.Source.Path), ["signer"] = item => item.Source.Signer, ["session"] = item => item.Source.Session,
        ["lighting"] = item => item.Source.Lighting, ["device"] = item => item.Source.Device,
    };

    private static readonly Dictionary<string, Func<Item, double?>> Numbers = new(StringComparer.OrdinalIgnoreCase)
    {
        ["position"] = item => item.Position, ["time"] = item => item.Time, ["width"] = item => item.Width, ["height"] = item => item.Height, ["bytes"] = item => item.Bytes,
        ["sharpness"] = item => item.Sharpness, ["brightness"] = item => item.Brightness, ["contrast"] = item => item.Contrast, ["entropy"] = item => item.Entropy,
        ["shadows"] = item => item.Shadows, ["highlights"] = item => item.Highlights, ["colour"] = item => item.Colour,
    };

    private readonly List<(string Text, char Kind)> tokens = [];
    private readonly Func<Item, bool?> holds;
    private int at, depth;

    private Where(string text)
    {
        Text = text;
        Tokenize();
        holds = Or();
        if (at < tokens.Count)
        {
            throw Wrong($"'{tokens[at].Text}' is one too many");
        }
    }

    /// <summary>The columns that a condition may name.</summary>
    public static IReadOnlyList<string> Columns { get; } = [.. Texts.Keys.Concat(Numbers.Keys)];

    /// <summary>As it was given.</summary>
    public string Text { get; }

    /// <summary>A condition.</summary>
    /// <param name="text">At most 4096 characters.</param>
    /// <exception cref="InputException">It is no condition, or names a column that does not exist.</exception>
    public static Where Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length <= Longest ? new Where(text) : throw new InputException($"--where has {text.Length} characters, at most {Longest} are read: shorten it.");
    }

    /// <summary>Whether a frame meets it.</summary>
    internal bool Holds(Item item) => holds(item) == true;

    private Func<Item, bool?> Or()
    {
        if (++depth > Deepest)
        {
            throw Wrong($"it is nested more than {Deepest} deep");
        }
        var left = And();
        while (Take("or"))
        {
            var (a, b) = (left, And());
            left = item => a(item) | b(item);
        }
        depth--;
        return left;
    }

    private Func<Item, bool?> And()
    {
        var left = Not();
        while (Take("and"))
        {
            var (a, b) = (left, Not());
            left = item => a(item) & b(item);
        }
        return left;
    }

    private Func<Item, bool?> Not()
    {
        var negated = false;
        while (Take("not"))
        {
            negated = !negated;
        }
        Func<Item, bool?> inner;
        if (Take("("))
        {
            inner = Or();
            Expect(")");
        }
        else
        {
            inner = Comparison();
        }
        return negated ? Negated(inner) : inner;
    }

    private Func<Item, bool?> Comparison()
    {
        var (name, kind) = Next("a column");
        if (kind != 'w')
        {
            throw Wrong($"a column is needed where '{name}' is");
        }
        if (at < tokens.Count && tokens[at].Text == "(")
        {
            throw Wrong($"'{name}(' calls a function: there are none");
        }
        if (Texts.TryGetValue(name, out var text))
        {
            return Compared(text, TextValue, (a, b) => string.CompareOrdinal(a, b));
        }
        return Numbers.TryGetValue(name, out var number)
            ? Compared(item => number(item) is { } value ? (double?)value : null, NumberValue, (a, b) => a!.Value.CompareTo(b!.Value))
            : throw Wrong($"there is no column '{name}', only {string.Join(", ", Columns)}");
    }

    private Func<Item, bool?> Compared<T>(Func<Item, T?> column, Func<T> value, Func<T, T, int> compare)
    {
        if (Take("is"))
        {
            var isNot = Take("not");
            Expect("null");
            return item => column(item) is null != isNot;
        }
        var negated = Take("not");
        var test = Test(column, value, compare, negated);
        return negated ? Negated(test) : test;
    }

    private Func<Item, bool?> Test<T>(Func<Item, T?> column, Func<T> value, Func<T, T, int> compare, bool negated)
    {
        Func<Item, bool?> Each(Func<T, bool> holds) => item => column(item) is { } own ? holds(own) : null;
        if (Take("in"))
        {
            Expect("(");
            var values = new List<T> { value() };
            while (Take(","))
            {
                values.Add(value());
            }
            Expect(")");
            return Each(own => values.Exists(one => compare(own, one) == 0));
        }
        if (Take("between"))
        {
            var low = value();
            Expect("and");
            var high = value();
            return Each(own => compare(own, low) >= 0 && compare(own, high) <= 0);
        }
        if (typeof(T) == typeof(string) && Take("like"))
        {
            var like = new Regex("^" + Regex.Escape(TextValue()).Replace("%", ".*", StringComparison.Ordinal).Replace('_', '.') + "$", RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
            return Each(own => like.IsMatch((string)(object)own!));
        }
        var (sign, kind) = Next("a comparison");
        if (negated || kind != 'o')
        {
            throw Wrong($"=, <>, <, <=, >, >=, between, in, like or is null is needed where '{sign}' is");
        }
        var other = value();
        return sign switch
        {
            "=" or "==" => Each(own => compare(own, other) == 0),
            "<>" or "!=" => Each(own => compare(own, other) != 0),
            "<" => Each(own => compare(own, other) < 0),
            "<=" => Each(own => compare(own, other) <= 0),
            ">" => Each(own => compare(own, other) > 0),
            _ => Each(own => compare(own, other) >= 0),
        };
    }

    private static Func<Item, bool?> Negated(Func<Item, bool?> inner) => item => !inner(item);

    private string TextValue() => Next("a text in single quotes") is (var text, 's') ? text : throw Wrong($"a text in single quotes is needed where '{tokens[at - 1].Text}' is");

    private double? NumberValue() => Next("a number") is (var text, 'n') && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
        ? value : throw Wrong($"a number is needed where '{tokens[at - 1].Text}' is");

    private bool Take(string text)
    {
        if (at < tokens.Count && tokens[at].Kind != 's' && tokens[at].Text.Equals(text, StringComparison.OrdinalIgnoreCase))
        {
            at++;
            return true;
        }
        return false;
    }

    private void Expect(string text)
    {
        if (!Take(text))
        {
            throw Wrong(at < tokens.Count ? $"'{text}' is needed where '{tokens[at].Text}' is" : $"'{text}' is missing at its end");
        }
    }

    private (string Text, char Kind) Next(string what) => at < tokens.Count ? tokens[at++] : throw Wrong($"{what} is missing at its end");

    /// <summary>Words, numbers, texts and signs; anything else is refused.</summary>
    private void Tokenize()
    {
        for (var i = 0; i < Text.Length;)
        {
            var (start, c) = (i, Text[i]);
            if (char.IsWhiteSpace(c))
            {
                i++;
            }
            else if (char.IsAsciiLetter(c))
            {
                i = End(i, next => char.IsAsciiLetterOrDigit(next) || next == '_');
                tokens.Add((Text[start..i], 'w'));
            }
            else if (char.IsAsciiDigit(c) || c == '.' || (c is '-' or '+' && i + 1 < Text.Length && (char.IsAsciiDigit(Text[i + 1]) || Text[i + 1] == '.')))
            {
                i = End(i + 1, next => char.IsAsciiLetterOrDigit(next) || next == '.');
                tokens.Add((Text[start..i], 'n'));
            }
            else if (c == '\'')
            {
                var text = new System.Text.StringBuilder();
                for (i++; i < Text.Length && (Text[i] != '\'' || (i + 1 < Text.Length && Text[i + 1] == '\'')); i++)
                {
                    text.Append(Text[i]);
                    i += Text[i] == '\'' ? 1 : 0;
                }
                if (i++ >= Text.Length)
                {
                    throw Wrong("a quote is not closed");
                }
                tokens.Add((text.ToString(), 's'));
            }
            else if (c is '(' or ')' or ',')
            {
                i++;
                tokens.Add(($"{c}", 'p'));
            }
            else if ("=<>!".Contains(c, StringComparison.Ordinal))
            {
                i = End(i + 1, next => next is '=' or '>');
                var sign = Text[start..i];
                tokens.Add(sign is "=" or "==" or "<>" or "!=" or "<" or "<=" or ">" or ">=" ? (sign, 'o') : throw Wrong($"'{sign}' is no comparison"));
            }
            else
            {
                throw Wrong($"'{c}' at {i + 1} has no place in a condition");
            }
        }

        int End(int from, Func<char, bool> within)
        {
            while (from < Text.Length && within(Text[from]))
            {
                from++;
            }
            return from;
        }
    }

    private InputException Wrong(string what) => new($"--where \"{Files.Printable(Text)}\": {Files.Printable(what)}; write such as \"signer <> 's2' and sharpness > 0.4\".");
}
