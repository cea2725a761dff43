using System.Globalization;
using System.Numerics;

namespace SignData.Vision.Synthesis;

/// <summary>
/// The 24 static letters of the American manual alphabet (J and Z are movements), as a right-handed signer shows them to a viewer.
/// Angles, aims and directions were set by hand and judged by eye; see <see cref="Handshape"/> for their meaning.
/// </summary>
internal static class Handshapes
{
    private static readonly Finger
        Fist = new(85, 0, 100, 65),
        Draped = new(66, 0, 84, 42),
        Crouched = new(54, 0, 114, 56);

    // Straight fingers side by side lean together: index to little.
    private static readonly Finger[] Flat = [new(3, -2, 4, 2), new(3, -0.5f, 4, 2), new(3, 1, 4, 2), new(3, 4, 4, 2)];

    private static readonly Vector3 ToTheSide = new(1, 0, 0.05f), Downward = new(0.30f, -0.95f, 0.1f);
    private static readonly Vector3 HalfSide = new(0.74f, 0, 0.67f), QuarterSide = new(0.45f, 0, 0.9f), ToSigner = new(0, 0.42f, -0.91f), Profile = new(0.96f, 0, 0.28f);
    private static readonly Vector3 FromElbow = new(-0.85f, -0.5f, -0.15f), FromBehind = new(-0.55f, -0.45f, -0.7f);

    // Thumbs that several letters share.
    private static readonly Thumb
        Beside = new(new(4.1f, 5.4f, 1.2f), new(4.6f, 8.4f, 2.1f), new(4.5f, 10.6f, 2.5f)),
        StandingOff = new(new(4.9f, 5.0f, 1.0f), new(6.6f, 7.6f, 1.2f), new(7.7f, 9.6f, 1.2f)),
        OverFist = new(new(3.8f, 4.8f, 3.2f), new(2.5f, 6.5f, 5.7f), new(0.2f, 6.9f, 6.1f)),
        OverRing = new(new(3.7f, 4.7f, 3.0f), new(2.3f, 6.4f, 5.0f), new(-0.1f, 7.0f, 5.8f)),
        OnLittle = new(new(3.2f, 4.5f, 3.2f), new(1.0f, 6.3f, 4.8f), new(-1.2f, 7.0f, 5.2f)),
        AcrossPalm = new(new(3.4f, 4.9f, 2.4f), new(1.5f, 6.9f, 3.1f), new(-0.7f, 7.5f, 2.7f)),
        Outward = new(new(5.2f, 4.6f, 0.8f), new(8.0f, 5.8f, 0.8f), new(10.2f, 6.3f, 0.6f)),
        OnMiddle = new(new(3.7f, 5.2f, 2.0f), new(2.6f, 8.1f, 2.9f), new(1.7f, 10.1f, 3.5f)),
        Pinching = new(new(4.2f, 4.2f, 3.4f), new(4.2f, 6.0f, 6.0f), new(3.2f, 8.1f, 6.9f)),
        Parallel = new(new(4.6f, 5.2f, 1.6f), new(5.3f, 8.2f, 2.4f), new(5.2f, 10.4f, 2.5f));

    private static readonly Dictionary<char, Handshape> Table = new()
    {
        // Fist, the thumb upright at its side.
        ['A'] = Pose(Fist, Fist, Fist, Fist, Beside),
        // Flat hand, the thumb across the palm.
        ['B'] = Pose(Flat[0], Flat[1], Flat[2], Flat[3], AcrossPalm),
        // Fingers and thumb curved around a cup, seen half from the side.
        ['C'] = Pose(new(34, 0, 44, 28), new(34, 0, 44, 28), new(34, 0, 44, 28), new(36, 0, 46, 28),
            new(new(3.2f, 3.4f, 4.3f), new(3.0f, 4.2f, 7.4f), new(2.6f, 5.8f, 9.2f))) with
        { Facing = HalfSide },
        // Index up, the others meet the thumb.
        ['D'] = Pose(Flat[0], new(62, 2, 72, 34), new(66, 2, 76, 38), new(70, 4, 80, 40),
            new(new(3.4f, 4.4f, 3.7f), new(2.8f, 5.8f, 6.4f), new(1.2f, 7.6f, 7.1f))) with
        { Facing = QuarterSide },
        // Fingertips down on the thumb.
        ['E'] = Pose(Crouched, Crouched, Crouched, Crouched, new(new(3.8f, 4.9f, 2.6f), new(2.6f, 6.6f, 4.2f), new(0.2f, 6.8f, 4.2f))),
        // Index and thumb make a ring, the others up and apart.
        ['F'] = Pose(new(48, 6, 66, 36), new(10, 3, 6, 3), new(6, -9, 5, 3), new(2, -20, 5, 3), Pinching) with { Facing = QuarterSide },
        // Index and thumb point sideways, parallel.
        ['G'] = Pose(new(8, 6, 4, 2), Fist, Fist, Fist, Parallel) with { Pointing = ToTheSide, Facing = ToSigner, Forearm = FromElbow },
        // Index and middle point sideways.
        ['H'] = Pose(new(6, -2, 4, 2), new(6, 2, 4, 2), Fist, Fist,
            new(new(3.6f, 5.0f, 2.8f), new(2.4f, 7.2f, 4.6f), new(0.4f, 7.6f, 5.6f))) with
        { Pointing = ToTheSide, Facing = ToSigner, Forearm = FromElbow },
        // Little finger up.
        ['I'] = Pose(Fist, Fist, Fist, new(2, -6, 4, 2), OverFist),
        // Index up, middle forward, the thumb between them.
        ['K'] = Pose(new(2, 6, 4, 2), new(38, -6, 6, 4), Fist, Fist, OnMiddle) with { Facing = new(-0.42f, 0, 0.9f) },
        // Index up, thumb out.
        ['L'] = Pose(new(2, -2, 4, 2), Fist, Fist, Fist, Outward),
        // The thumb under three fingers.
        ['M'] = Pose(Draped, Draped, Draped, Fist, new(new(3.2f, 4.7f, 2.6f), new(0.4f, 6.2f, 3.3f), new(-2.1f, 7.4f, 4.4f))),
        // The thumb under two fingers.
        ['N'] = Pose(Draped, Draped, Fist, Fist, new(new(3.2f, 4.8f, 2.6f), new(1.3f, 6.8f, 3.8f), new(-0.4f, 8.1f, 5.2f))),
        // All fingertips meet the thumb's, seen half from the side.
        ['O'] = Pose(new(54, 0, 62, 38), new(55, 0, 62, 38), new(56, 1, 64, 38), new(58, 3, 66, 38),
            new(new(3.2f, 4.0f, 4.1f), new(2.9f, 5.8f, 6.8f), new(2.3f, 8.2f, 7.0f))) with
        { Facing = HalfSide },
        // K, hanging.
        ['P'] = Pose(new(2, 6, 4, 2), new(48, -4, 6, 4), Fist, Fist, OnMiddle) with
        { Pointing = new(0.72f, -0.30f, 0.62f), Facing = new(0, -1, 0), Forearm = new(-0.9f, -0.25f, -0.4f) },
        // G, hanging.
        ['Q'] = Pose(new(14, 4, 8, 4), Fist, Fist, Fist, new(new(4.6f, 5.2f, 1.8f), new(5.4f, 8.2f, 3.0f), new(5.0f, 10.4f, 3.6f))) with
        { Pointing = Downward, Facing = new(0.55f, 0.15f, -0.82f), Forearm = FromBehind },
        // Index and middle crossed.
        ['R'] = Pose(new(15, -10, 6, 3), new(-5, 13, 6, 3), Fist, Fist, OverRing),
        // Fist, the thumb in front.
        ['S'] = Pose(Fist, Fist, Fist, Fist, OverFist),
        // The thumb between index and middle.
        ['T'] = Pose(new(66, 4, 88, 42), Fist, Fist, Fist, new(new(3.3f, 5.0f, 2.6f), new(2.0f, 7.4f, 4.2f), new(1.4f, 9.4f, 5.3f))),
        // Index and middle up together.
        ['U'] = Pose(new(2, -2, 4, 2), new(2, 2, 4, 2), Fist, Fist, OverRing),
        // Index and middle up and apart.
        ['V'] = Pose(new(2, 12, 4, 2), new(2, -9, 4, 2), Fist, Fist, OverRing),
        // Three fingers up and apart.
        ['W'] = Pose(new(2, 13, 4, 2), new(2, 0, 4, 2), new(2, -13, 4, 2), new(70, 6, 92, 50), OnLittle),
        // Index hooked.
        ['X'] = Pose(new(4, 2, 84, 62), Fist, Fist, Fist, OverFist) with { Facing = new(0.6f, 0, 0.8f) },
        // Thumb and little finger out.
        ['Y'] = Pose(Fist, Fist, Fist, new(4, -26, 4, 2), new(new(5.0f, 4.7f, 0.9f), new(7.4f, 6.8f, 0.9f), new(9.2f, 8.2f, 0.7f))),
    };

    /// <summary>How else people hold a letter: a signer's own way lies between the table's and one of these.</summary>
    private static readonly Dictionary<char, Handshape[]> Ways = new()
    {
        ['A'] = [Table['A'] with { Thumb = StandingOff }, Table['A'] with { Thumb = new(new(3.9f, 5.1f, 2.2f), new(3.8f, 7.9f, 4.0f), new(3.0f, 9.6f, 4.6f)) }],
        ['B'] =
        [
            Bent('B', new(3, 4, 4, 2), new(3, 1, 4, 2), new(3, -3, 4, 2), new(3, -7, 4, 2)),
            Table['B'] with { Thumb = new(new(3.9f, 5.2f, 1.8f), new(3.6f, 7.8f, 2.6f), new(2.4f, 9.4f, 2.8f)) },
        ],
        ['C'] =
        [
            Table['C'] with { Facing = Profile },
            Bent('C', new(22, 0, 34, 24), new(22, 0, 34, 24), new(22, 0, 34, 24), new(24, 0, 36, 24)) with { Facing = Profile },
        ],
        ['D'] =
        [
            Bent('D', Flat[0], new(78, 2, 92, 50), new(80, 2, 94, 52), new(82, 2, 96, 54)) with { Thumb = OverRing, Facing = Vector3.UnitZ },
            Bent('D', Flat[0], new(48, 2, 66, 34), new(52, 2, 70, 38), new(56, 4, 74, 40)) with { Facing = Profile },
        ],
        ['E'] =
        [
            Bent('E', new(22, 2, 104, 66), new(22, 0, 104, 66), new(22, -2, 104, 66), new(22, -4, 104, 66)) with
            { Thumb = new(new(4.4f, 5.0f, 1.6f), new(5.2f, 7.6f, 2.4f), new(4.8f, 9.6f, 2.8f)) },
            Bent('E', new(34, 0, 108, 62), new(34, 0, 108, 62), new(34, 0, 108, 62), new(34, 0, 108, 62)),
        ],
        ['F'] =
        [
            Bent('F', new(48, 6, 66, 36), new(10, -1, 6, 3), new(8, 0, 5, 3), new(6, 3, 5, 3)),
            Bent('F', new(56, 4, 40, 20), new(10, 3, 6, 3), new(6, -4, 5, 3), new(2, -10, 5, 3)) with { Facing = new(0.8f, 0, 0.6f) },
        ],
        ['G'] =
        [
            Table['G'] with { Facing = new(0, 0.1f, 1), Forearm = new(-0.85f, -0.5f, 0.05f), Thumb = new(new(5.0f, 5.0f, 1.8f), new(6.2f, 7.8f, 2.6f), new(6.2f, 10.2f, 2.4f)) },
            Bent('G', new(24, 6, 18, 8), Fist, Fist, Fist),
        ],
        ['H'] = [Table['H'] with { Facing = new(0, 0.1f, 1), Forearm = new(-0.85f, -0.5f, 0.05f) }, Table['H'] with { Thumb = Parallel }],
        ['I'] = [Table['I'] with { Thumb = StandingOff }, Table['I'] with { Thumb = Beside }, Bent('I', Fist, Fist, Fist, new(6, -16, 10, 6))],
        ['K'] = [Table['K'] with { Facing = new(0.5f, 0, 0.87f) }, Bent('K', new(2, 8, 4, 2), new(16, -8, 6, 4), Fist, Fist)],
        ['L'] =
        [
            Table['L'] with { Thumb = new(new(4.9f, 5.2f, 0.8f), new(7.0f, 7.4f, 0.8f), new(8.6f, 9.2f, 0.6f)) },
            Table['L'] with { Facing = QuarterSide },
        ],
        ['M'] =
        [
            Bent('M', new(82, 0, 48, 24), new(82, 0, 48, 24), new(82, 0, 48, 24), Fist),
            Table['M'] with { Thumb = new(new(3.2f, 4.6f, 2.8f), new(0.9f, 5.8f, 3.6f), new(-1.2f, 6.4f, 4.2f)), Facing = QuarterSide },
        ],
        ['N'] =
        [
            Bent('N', new(82, 0, 48, 24), new(82, 0, 48, 24), Fist, Fist),
            Table['N'] with { Thumb = new(new(3.2f, 4.7f, 2.8f), new(1.8f, 6.2f, 4.0f), new(0.4f, 7.0f, 5.0f)), Facing = QuarterSide },
        ],
        ['O'] = [Table['O'] with { Facing = Profile }, Bent('O', new(44, 0, 66, 30), new(45, 0, 66, 30), new(46, 1, 68, 30), new(48, 3, 70, 30)) with { Facing = Profile }],
        ['P'] =
        [
            Table['P'] with { Pointing = new(0.88f, -0.12f, 0.3f), Facing = new(0.15f, -0.8f, -0.5f), Forearm = new(-0.9f, -0.35f, -0.2f) },
            Table['P'] with { Pointing = new(0.45f, -0.75f, 0.45f), Facing = new(0.1f, -0.6f, -0.75f), Forearm = new(-0.8f, -0.1f, -0.5f) },
        ],
        ['Q'] =
        [
            Table['Q'] with { Pointing = new(0.55f, -0.82f, 0.1f), Facing = new(0.2f, 0.2f, -0.95f), Forearm = new(-0.8f, -0.1f, -0.5f) },
            Table['Q'] with { Pointing = new(0.15f, -1, 0.1f), Facing = new(0.85f, 0.15f, -0.5f) },
        ],
        ['R'] = [Bent('R', new(10, -6, 6, 3), new(-3, 9, 6, 3), Fist, Fist), Table['R'] with { Thumb = OnLittle, Facing = QuarterSide }],
        ['S'] =
        [
            Table['S'] with { Thumb = new(new(3.6f, 4.5f, 3.4f), new(2.2f, 5.6f, 5.9f), new(-0.4f, 5.6f, 6.1f)) },
            Table['S'] with { Thumb = new(new(3.8f, 5.0f, 3.2f), new(2.7f, 7.4f, 5.6f), new(0.6f, 8.4f, 6.0f)), Facing = QuarterSide },
        ],
        ['T'] = [Table['T'] with { Facing = HalfSide }, Table['T'] with { Thumb = new(new(3.4f, 5.2f, 2.4f), new(2.2f, 8.0f, 3.6f), new(1.8f, 10.4f, 4.2f)) }],
        ['U'] = [Table['U'] with { Thumb = OnLittle }, Table['U'] with { Facing = QuarterSide }],
        ['V'] = [Bent('V', new(2, 8, 4, 2), new(2, -5, 4, 2), Fist, Fist), Bent('V', new(2, 16, 4, 2), new(2, -12, 4, 2), Fist, Fist) with { Thumb = OnLittle }],
        ['W'] = [Bent('W', new(2, 8, 4, 2), new(2, 0, 4, 2), new(2, -8, 4, 2), new(70, 6, 92, 50)), Bent('W', new(2, 18, 4, 2), new(2, 0, 4, 2), new(2, -18, 4, 2), new(64, 4, 84, 46))],
        ['X'] = [Table['X'] with { Facing = Vector3.UnitZ }, Bent('X', new(18, 2, 72, 52), Fist, Fist, Fist) with { Facing = Profile }],
        ['Y'] =
        [
            Table['Y'] with { Thumb = new(new(4.8f, 4.9f, 0.9f), new(6.6f, 7.6f, 1.0f), new(7.8f, 9.6f, 1.0f)) },
            Bent('Y', Fist, Fist, Fist, new(4, -12, 4, 2)) with { Facing = QuarterSide },
        ],
    };

    /// <summary>The letters in order.</summary>
    public static IReadOnlyList<char> Letters { get; } = [.. Table.Keys.Order()];

    /// <summary>A hand on its way to or from a sign: half open.</summary>
    public static Handshape Relaxed { get; } = Pose(new(22, 3, 28, 14), new(26, 0, 30, 16), new(30, -2, 32, 18), new(32, -5, 34, 18),
        new(new(4.4f, 5.0f, 2.0f), new(5.6f, 7.8f, 2.8f), new(5.9f, 9.8f, 3.2f)));

    /// <summary>The letter's pose as a signer holds it, always the same for the same name.</summary>
    /// <exception cref="ArgumentException">The letter is none of <see cref="Letters"/>.</exception>
    public static Handshape Of(char letter, Signer signer)
    {
        if (!Table.TryGetValue(letter, out Handshape? pose))
        {
            throw new ArgumentException($"'{letter}' is no static letter.", nameof(letter));
        }
        Dice habit = Dice.Of(1, string.Create(CultureInfo.InvariantCulture, $"habit {signer.Name} {letter}"));
        Handshape[] ways = Ways[letter];
        return Loosen(Handshape.Lerp(pose, ways[habit.Below(ways.Length)], habit.Unit()), 2, habit);
    }

    /// <summary>The pose nearly: no two people, and no person twice, hold a letter quite alike.</summary>
    /// <param name="shape">The pose.</param>
    /// <param name="by">1 for one person's next time: about 3 degrees a joint, 1 mm of the thumb.</param>
    /// <param name="dice">Where the choice comes from.</param>
    public static Handshape Loosen(Handshape shape, float by, Dice dice) => shape with
    {
        Fingers = [.. shape.Fingers.Select(f => new Finger(
            f.Knuckle + (2.5f * by * dice.Normal()), f.Spread + (1 * by * dice.Normal()), f.Middle + (3 * by * dice.Normal()), f.Tip + (2.5f * by * dice.Normal())))],
        Thumb = new Thumb(shape.Thumb.Knuckle + Jitter(by, dice), shape.Thumb.Middle + Jitter(by, dice), shape.Thumb.Tip + Jitter(by, dice)),
    };

    private static Vector3 Jitter(float by, Dice dice) => by * new Vector3(0.14f * dice.Normal(), 0.14f * dice.Normal(), 0.1f * dice.Normal());

    private static Handshape Bent(char letter, Finger index, Finger middle, Finger ring, Finger little) => Table[letter] with { Fingers = [index, middle, ring, little] };

    private static Handshape Pose(Finger index, Finger middle, Finger ring, Finger little, Thumb thumb) =>
        new() { Fingers = [index, middle, ring, little], Thumb = thumb };
}
