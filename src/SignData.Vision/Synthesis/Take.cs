using System.Globalization;
using System.Numerics;

namespace SignData.Vision.Synthesis;

/// <summary>What moves when in one clip: the hand rises, holds, moves on twice, settles and falls, before a camera that is held or stands.</summary>
internal sealed class Take
{
    // A signer is filmed on that many occasions, each with its kind of place, light and sleeve.
    private const int Sessions = 3;

    // The part of the last hold after which nothing moves.
    private const float Settling = 0.5f;

    private readonly Signer signer;
    private readonly Handshape shape;
    private readonly View[] stops = new View[8];
    private readonly float[] times;
    private readonly float[] wobble = new float[9];

    /// <summary>Plans a clip.</summary>
    /// <param name="signer">Who signs.</param>
    /// <param name="letter">What.</param>
    /// <param name="clip">Which of the clips of that letter, from 1.</param>
    /// <param name="seed">Another seed gives other rooms, lights and movements.</param>
    /// <param name="seconds">How long.</param>
    public Take(Signer signer, char letter, int clip, ulong seed, double seconds)
    {
        this.signer = signer;
        int order = Handshapes.Letters.ToList().IndexOf(letter);
        // Sessions go round the letters, from another start for each clip, so that no room belongs to a letter.
        int session = (int)((ulong)((order * 2) + clip) + (seed % Sessions)) % Sessions;
        Session = string.Create(CultureInfo.InvariantCulture, $"{signer.Name}-{(char)('a' + session)}");
        Dice = Dice.Of(seed, string.Create(CultureInfo.InvariantCulture, $"clip {signer.Name} {letter} {clip}"));
        Dice occasion = Dice.Of(seed, "session " + Session);
        Light = Vary(Light.All[(occasion.Below(Light.All.Count) + session) % Light.All.Count], Dice);
        Room = Dice.Of(seed, string.Create(CultureInfo.InvariantCulture, $"room {Session} {letter} {clip}"));
        // No two occasions of a signer are in the same kind of place.
        Place = Dice.Of(seed, "places " + signer.Name).Below(Synthesis.Room.Kinds.Length) + (3 * session);
        Sleeve = Colour.Hue(occasion.Unit(), occasion.Between(0.1f, 0.8f), occasion.Between(0.04f, 0.5f));
        Shutter = Dice.Between(0.55f, 0.9f);
        shape = Handshapes.Loosen(Handshapes.Of(letter, signer), 1, Dice);

        times = Schedule((float)seconds, Dice);
        View[] holds = Views(Dice);
        for (int i = 0; i < holds.Length; i++)
        {
            stops[1 + (2 * i)] = holds[i];
            stops[2 + (2 * i)] = Nearby(holds[i], Dice);
        }
        stops[0] = Below(stops[1], Dice);
        stops[7] = Below(stops[6], Dice);
        for (int i = 0; i < wobble.Length; i++)
        {
            wobble[i] = Dice.Unit();
        }
    }

    /// <summary>The occasion: the same name has the same kind of place, kind of light and sleeve.</summary>
    public string Session { get; }

    /// <summary>What shines.</summary>
    public Light Light { get; }

    /// <summary>Where the room's choices come from.</summary>
    public Dice Room { get; }

    /// <summary>Which kind of room, round the list of them.</summary>
    public int Place { get; }

    /// <summary>Where further choices of the clip come from.</summary>
    public Dice Dice { get; }

    /// <summary>The sleeve's linear colour.</summary>
    public Vector3 Sleeve { get; }

    /// <summary>How much of a frame's time the shutter is open.</summary>
    public float Shutter { get; }

    /// <summary>What goes on: rise, hold, move, still or fall.</summary>
    public string PhaseAt(float time) => Stretch(time) switch
    {
        0 => "rise",
        1 or 3 => "hold",
        2 or 4 => "move",
        5 => Settled(time) ? "still" : "hold",
        _ => "fall",
    };

    /// <summary>The hand's pose: it forms on the way up.</summary>
    public Handshape PoseAt(float time)
    {
        float forming = time < times[1] ? 0.4f * (1 - (time / times[1])) : 0;
        return forming > 0 ? Handshape.Lerp(shape, Handshapes.Relaxed with { Pointing = shape.Pointing, Facing = shape.Facing, Forearm = shape.Forearm }, forming * forming) : shape;
    }

    /// <summary>Where the hand is for a camera that stands.</summary>
    public View HandAt(float time)
    {
        int i = Stretch(time);
        float t = Math.Clamp((time - times[i]) / (times[i + 1] - times[i]), 0, 1);
        float eased = i switch
        {
            0 => 1 - ((1 - t) * (1 - t)),
            // The last hold settles, and then nothing moves but the camera.
            5 => Smooth(MathF.Min(1, t / Settling)),
            6 => t * t,
            2 or 4 => Smooth(t),
            _ => t,
        };
        return View.Lerp(stops[i], stops[i + 1], eased);
    }

    /// <summary>How the camera has moved: shift as a fraction of the picture's height, zoom, and roll in degrees.</summary>
    public (Vector2 Shift, float Zoom, float Roll) CameraAt(float time)
    {
        float Sway(int i, float hertz) => MathF.Sin(2 * MathF.PI * ((hertz * time) + wobble[i]));
        float shake = signer.Shake;
        Vector2 drift = new Vector2(wobble[6] - 0.5f, wobble[7] - 0.5f) * (0.06f * time / times[^1]);
        Vector2 tremble = new(
            (0.006f * Sway(0, 0.9f)) + (0.0016f * Sway(1, 3.1f)),
            (0.006f * Sway(2, 0.8f)) + (0.0016f * Sway(3, 3.7f)));
        float zoom = 1 + ((wobble[8] - 0.5f) * 0.08f * time / times[^1]);
        return (drift + (shake * tremble), zoom, shake * ((0.7f * Sway(4, 0.7f)) + (0.12f * Sway(5, 2.9f))));
    }

    private int Stretch(float time)
    {
        int i = 0;
        while (i < 6 && time >= times[i + 1])
        {
            i++;
        }
        return i;
    }

    private bool Settled(float time) => (time - times[5]) / (times[6] - times[5]) >= Settling;

    /// <summary>When each stretch begins, and the end.</summary>
    private static float[] Schedule(float total, Dice dice)
    {
        float quick = MathF.Min(0.26f, 0.14f * total), move = MathF.Min(0.16f, 0.1f * total);
        float hold = (total - (2 * quick) - (2 * move)) / 3, first = hold * dice.Between(0.85f, 1.1f), second = hold * dice.Between(0.8f, 1.05f);
        float a = quick + first, b = a + move + second;
        return [0, quick, a, a + move, b, b + move, total - quick, total];
    }

    /// <summary>Three views, each from another third of every angle's range, to the left and right by turns.</summary>
    private static View[] Views(Dice dice)
    {
        float[] yaws = Thirds(16, dice), pitches = Thirds(12, dice), rolls = Thirds(12, dice), fills = Thirds(0.08f, dice);
        float side = dice.Below(2) == 0 ? -0.06f : 0.06f;
        return [.. Enumerable.Range(0, 3).Select(i => new View(
            0.5f + (i == 1 ? side : -side) + (0.015f * dice.Normal()), 0.52f + (0.03f * dice.Normal()), 0.77f + fills[i], yaws[i], pitches[i], rolls[i]))];
    }

    private static float[] Thirds(float reach, Dice dice)
    {
        int first = dice.Below(3), way = 1 + dice.Below(2);
        return [.. Enumerable.Range(0, 3).Select(i => reach * (((first + (i * way)) % 3) + dice.Unit() - 1.5f) / 1.5f)];
    }

    private static View Below(View view, Dice dice) => view with
    {
        X = view.X + (0.05f * dice.Normal()),
        Y = view.Y + dice.Between(0.36f, 0.46f),
        Roll = view.Roll + dice.Between(-14, 14),
    };

    private static View Nearby(View view, Dice dice) => view with
    {
        X = view.X + dice.Between(-0.02f, 0.02f),
        Y = view.Y + dice.Between(-0.02f, 0.02f),
        Fill = view.Fill * dice.Between(0.95f, 1.05f),
        Yaw = view.Yaw + dice.Between(-7, 7),
        Pitch = view.Pitch + dice.Between(-6, 6),
        Roll = view.Roll + dice.Between(-5, 5),
    };

    private static Light Vary(Light light, Dice dice) => light with
    {
        Direction = Vector3.Normalize(light.Direction) + new Vector3(0.18f * dice.Normal(), 0.15f * dice.Normal(), 0),
        Key = light.Key * dice.Between(0.85f, 1.12f),
    };

    private static float Smooth(float t) => t * t * (3 - (2 * t));
}
