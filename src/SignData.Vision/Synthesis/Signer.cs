using System.Numerics;
using System.Text.RegularExpressions;
using SignData.Core;

namespace SignData.Vision.Synthesis;

/// <summary>A synthetic person: skin, proportions, the hand that signs, and the device that films.</summary>
public sealed partial record Signer
{
    /// <summary>The highest number that a signer may have.</summary>
    public const int Max = 99;

    /// <summary>
    /// The ten tones of the Monk Skin Tone scale, lightest first, as sRGB (Ellis Monk, 2023, "The Monk Skin Tone Scale",
    /// skintone.google, CC BY 4.0).
    /// </summary>
    private static readonly int[] Monk = [0xf6ede4, 0xf3e7db, 0xf7ead0, 0xeadaba, 0xd7bd96, 0xa07e56, 0x825c43, 0x604134, 0x3a312a, 0x292420];

    /// <summary>The first signers' tones: as far apart as few signers allow.</summary>
    private static readonly int[] FirstTones = [4, 8, 2, 6, 10, 5, 9, 3, 7, 1];

    private Signer() { }

    /// <summary>s1, s2 and so on.</summary>
    public required string Name { get; init; }

    /// <summary>Tone on the Monk scale: 1 is the lightest, 10 the darkest.</summary>
    public required int Tone { get; init; }

    /// <summary>Whether the left hand signs; the picture is the mirror image of the right hand's.</summary>
    public required bool LeftHanded { get; init; }

    /// <summary>The palm's width against the reference hand's, about 1.</summary>
    public required float PalmWidth { get; init; }

    /// <summary>The palm's length against the reference hand's, about 1.</summary>
    public required float PalmLength { get; init; }

    /// <summary>The fingers' length against the reference hand's, about 1.</summary>
    public required float FingerLength { get; init; }

    /// <summary>The fingers' thickness against the reference hand's, about 1.</summary>
    public required float Thickness { get; init; }

    /// <summary>What films this signer.</summary>
    public required string Device { get; init; }

    /// <summary>How unsteadily the device is held: 0 on a tripod, 1 in a free hand.</summary>
    public required float Shake { get; init; }

    /// <summary>The skin's linear reflectance on the back of the hand.</summary>
    internal Vector3 Skin => Colour.FromSrgb(Monk[Tone - 1]);

    /// <summary>The signer of that name; the same name is the same person in every run.</summary>
    /// <param name="name">s1 to s99.</param>
    /// <exception cref="InputException">It is no such name.</exception>
    public static Signer Of(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!Pattern().IsMatch(name))
        {
            throw new InputException($"No synthetic signer is called '{name}'; name s1 to s{Max}, or give their number.");
        }
        int number = int.Parse(name[1..], System.Globalization.CultureInfo.InvariantCulture);
        Dice dice = Dice.Of(1, "signer " + name);
        return new Signer
        {
            Name = name,
            Tone = number <= FirstTones.Length ? FirstTones[number - 1] : 1 + dice.Below(Monk.Length),
            LeftHanded = number % 4 == 3,
            PalmWidth = dice.Between(0.92f, 1.1f),
            PalmLength = dice.Between(0.94f, 1.08f),
            FingerLength = dice.Between(0.92f, 1.1f),
            Thickness = dice.Between(0.9f, 1.1f),
            Device = (number % 3) switch { 0 => "webcam", 1 => "phone", _ => "tablet" },
            Shake = (number % 3) switch { 0 => 0.15f, 1 => 0.8f, _ => 0.45f },
        };
    }

    /// <summary>The signers s1 to sN.</summary>
    /// <param name="count">1 to <see cref="Max"/>.</param>
    public static IReadOnlyList<Signer> First(int count) =>
        [.. Enumerable.Range(1, count).Select(n => Of(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"s{n}")))];

    [GeneratedRegex("^s[1-9][0-9]?$")]
    private static partial Regex Pattern();
}
