using System.Globalization;
using System.Numerics;

namespace SignData.Vision.Synthesis;

/// <summary>What moves when in one clip: the hand rises, holds, moves on, holds again and falls, before a camera that is held or stands.</summary>
internal sealed class Take
{
    // A signer is filmed on that many occasions, each with its room, light and sleeve.
    private const int Sessions = 3;

    private readonly Signer signer;
    private readonly Handshape shape;
    private readonly View[] stops = new View[6];
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
        Room = Dice.Of(seed, "room " + Session);
        // No two occasions of a signer are in the same kind of place.
        Place = Dice.Of(seed, "places " + signer.Name).Below(Synthesis.Room.Kinds.Length) + (3 * session);
        Sleeve = Colour.Hue(occasion.Unit(), occasion.Between(0.1f, 0.8f), occasion.Between(0.04f, 0.5f));
        Shutter = Dice.Between(0.55f, 0.9f);
        shape = Loosen(Handshapes.Of(letter), Dice);

        float total = (float)seconds, quick = MathF.Min(0.28f, 0.15f * total), move = MathF.Min(0.2f, 0.11f * total);
        float middle = total * Dice.Between(0.44f, 0.56f);
        times = [0, quick, middle - (move / 2), middle + (move / 2), total - quick, total];
        View first = Somewhere(Dice), second = Somewhere(Dice);
        float aside = (second.X >= first.X ? 1 : -1) * 0.055f;
        first = first with { X = first.X - aside };
        second = second with { X = second.X + aside, Y = second.Y + (0.03f * Dice.Normal()) };
        stops[1] = first;
        stops[2] = Nearby(first, Dice);
        stops[3] = second;
        stops[4] = Nearby(second, Dice);
        stops[0] = first with { Y = first.Y + Dice.Between(0.36f, 0.46f), X = first.X + (0.05f * Dice.Normal()), Roll = first.Roll + Dice.Between(-14, 14) };
        stops[5] = stops[4] with { Y = stops[4].Y + Dice.Between(0.40f, 0.5f), X = stops[4].X + (0.05f * Dice.Normal()), Roll = stops[4].Roll + Dice.Between(-14, 14) };
        for (int i = 0; i < wobble.Length; i++)
        {
            wobble[i] = Dice.Unit();
        }
    }

    /// <summary>The occasion: the same name has the same room, kind of light and sleeve.</summary>
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
    public string PhaseAt(float time) => Stretch(time) switch { 0 => "rise", 1 => "hold", 2 => "move", 3 => Settled(time) ? "still" : "hold", _ => "fall" };

    /// <summary>The hand's pose: it forms on the way up.</summary>
    public Handshape PoseAt(float time)
    {
        float forming = time < times[1] ? 0.4f * (1 - (time / times[1])) : 0;
        return forming > 0 ? Handshape.Lerp(shape, Handshapes.Relaxed, forming * forming) : shape;
    }

    /// <summary>Where the hand is for a camera that stands.</summary>
    public View HandAt(float time)
    {
        int i = Stretch(time);
        float t = Math.Clamp((time - times[i]) / (times[i + 1] - times[i]), 0, 1);
        float eased = i switch
        {
            0 => 1 - ((1 - t) * (1 - t)),
            2 => t * t * (3 - (2 * t)),
            // The second hold settles, and then nothing moves but the camera.
            3 => Smooth(MathF.Min(1, t / 0.55f)),
            4 => t * t,
            _ => Smooth(t),
        };
        return View.Lerp(stops[i], stops[i + 1], eased);
    }

    /// <summary>How the camera has moved: shift as a fraction of the picture's height, zoom, and roll in degrees.</summary>
    public (Vector2 Shift, float Zoom, float Roll) CameraAt(float time)
    {
        float Sway(int i, float hertz) => MathF.Sin(2 * MathF.PI * ((hertz * time) + wobble[i]));
        float shake = signer.Shake;
        Vector2 drift = new Vector2(wobble[6] - 0.5f, wobble[7] - 0.5f) * (0.06f * time / times[5]);
        Vector2 tremble = new(
            (0.006f * Sway(0, 0.9f)) + (0.0016f * Sway(1, 3.1f)),
            (0.006f * Sway(2, 0.8f)) + (0.0016f * Sway(3, 3.7f)));
        float zoom = 1 + ((wobble[8] - 0.5f) * 0.08f * time / times[5]);
        return (drift + (shake * tremble), zoom, shake * ((0.7f * Sway(4, 0.7f)) + (0.12f * Sway(5, 2.9f))));
    }

    private int Stretch(float time)
    {
        int i = 0;
        while (i < 4 && time >= times[i + 1])
        {
            i++;
        }
        return i;
    }

    private bool Settled(float time) => (time - times[3]) / (times[4] - times[3]) >= 0.55f;

    private static View Somewhere(Dice dice) => new(
        0.5f + (0.035f * dice.Normal()), 0.52f + (0.03f * dice.Normal()), dice.Between(0.62f, 0.80f),
        dice.Between(-18, 18), dice.Between(-13, 13), dice.Between(-13, 13));

    private static View Nearby(View view, Dice dice) => view with
    {
        X = view.X + dice.Between(-0.045f, 0.045f),
        Y = view.Y + dice.Between(-0.045f, 0.045f),
        Fill = view.Fill * dice.Between(0.9f, 1.1f),
        Yaw = view.Yaw + dice.Between(-14, 14),
        Pitch = view.Pitch + dice.Between(-11, 11),
        Roll = view.Roll + dice.Between(-10, 10),
    };

    private static Light Vary(Light light, Dice dice) => light with
    {
        Direction = Vector3.Normalize(light.Direction) + new Vector3(0.18f * dice.Normal(), 0.15f * dice.Normal(), 0),
        Key = light.Key * dice.Between(0.85f, 1.12f),
    };

    /// <summary>No two people, and no person twice, hold a letter quite alike.</summary>
    private static Handshape Loosen(Handshape shape, Dice dice) => shape with
    {
        Fingers = [.. shape.Fingers.Select(f => new Finger(
            f.Knuckle + (3.5f * dice.Normal()), f.Spread + (1.2f * dice.Normal()), f.Middle + (4 * dice.Normal()), f.Tip + (3 * dice.Normal())))],
        Thumb = new Thumb(shape.Thumb.Knuckle + Jitter(dice), shape.Thumb.Middle + Jitter(dice), shape.Thumb.Tip + Jitter(dice)),
    };

    private static Vector3 Jitter(Dice dice) => new(0.2f * dice.Normal(), 0.2f * dice.Normal(), 0.15f * dice.Normal());

    private static float Smooth(float t) => t * t * (3 - (2 * t));
}
