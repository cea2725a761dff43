using System.Globalization;
using System.Numerics;
using SignData.Core;

namespace SignData.Vision.Synthesis;

/// <summary>One synthetic clip: draws its frames in order. A thread of its own may draw each clip; the pictures are the same.</summary>
public sealed class Clip
{
    /// <summary>How often the hand holds still, each time seen from elsewhere.</summary>
    public const int Holds = 3;

    // The exposures of one frame lie at most so many pixels apart, unless that were too many.
    private const float Apart = 1.4f;
    private const int MostExposures = 32;

    private readonly Take take;
    private readonly Signer signer;
    private readonly Skin skin;
    private readonly Room room;
    private readonly HandLayer layer;
    private readonly Vector4[] light;
    private readonly Vector4 gain;
    private readonly float softness;
    private readonly sbyte[] grain = new sbyte[1 << 14];

    /// <summary>A clip that is not drawn yet.</summary>
    /// <param name="signer">Who signs.</param>
    /// <param name="letter">One of <see cref="Hand.Letters"/>.</param>
    /// <param name="number">Which of the clips of this letter, from 1.</param>
    /// <param name="options">Size, length and seed.</param>
    public Clip(Signer signer, char letter, int number, SynthesisOptions options)
    {
        ArgumentNullException.ThrowIfNull(signer);
        ArgumentNullException.ThrowIfNull(options);
        this.signer = signer;
        take = new Take(signer, letter, number, options.Seed, options.Seconds);
        skin = new Skin(signer, take.Sleeve);
        room = Room.Paint(take.Place, take.Room, take.Light, options.Width, options.Height);
        layer = new HandLayer(options.Width, options.Height);
        light = new Vector4[options.Width * options.Height];
        FrameCount = options.FrameCount;
        // A camera meters: it opens up for dark skin, but only half the way.
        float opened = Math.Clamp(MathF.Pow(0.40f / MathF.Max(Vector3.Dot(signer.Skin, new Vector3(0.2f, 0.7f, 0.1f)), 0.01f), 0.42f), 0.85f, 2.3f);
        // It balances white as well, and not all the way either.
        Vector3 white = take.Light.Key + take.Light.Above;
        white /= (white.X + white.Y + white.Z) / 3;
        gain = new Vector4(opened * Vector3.Lerp(Vector3.One, Vector3.One / white, 0.55f), 1);
        (softness, float noise) = signer.Device switch { "webcam" => (0.16f, 2.6f), "tablet" => (0.10f, 1.8f), _ => (0.06f, 1.2f) };
        for (int i = 0; i < grain.Length; i++)
        {
            grain[i] = (sbyte)Math.Clamp(MathF.Round(noise * take.Dice.Normal()), -100, 100);
        }
        Truth = new ClipTruth
        {
            Version = ClipTruth.CurrentVersion,
            Signer = signer.Name,
            Session = take.Session,
            Lighting = take.Light.Name,
            Device = signer.Device,
            Letter = letter.ToString(),
            Clip = number,
            Seed = options.Seed,
            Width = options.Width,
            Height = options.Height,
            Fps = options.FramesPerSecond,
            Seconds = options.Seconds,
            Background = room.Kind,
            SkinTone = signer.Tone,
            LeftHanded = signer.LeftHanded,
        };
    }

    /// <summary>What is true of the clip, without its frames.</summary>
    public ClipTruth Truth { get; }

    /// <summary>How many frames there are.</summary>
    public int FrameCount { get; }

    /// <summary>The frame in the middle of each hold, in chance order: at most <see cref="Holds"/>, fewer of a clip with hardly a frame for each.</summary>
    public IReadOnlyList<int> Rests()
    {
        List<List<int>> holds = [];
        bool held = false;
        for (int i = 0; i < FrameCount; i++)
        {
            bool holding = take.PhaseAt((float)((i + 0.5) / Truth.Fps)) is "hold" or "still";
            if (holding && !held)
            {
                holds.Add([]);
            }
            if (holding)
            {
                holds[^1].Add(i);
            }
            held = holding;
        }
        Dice dice = Dice.Of(Truth.Seed, string.Create(CultureInfo.InvariantCulture, $"rests {signer.Name} {Truth.Letter} {Truth.Clip}"));
        return [.. holds.Select(hold => hold[hold.Count / 2]).OrderBy(_ => dice.Next())];
    }

    /// <summary>Draws one frame.</summary>
    /// <param name="index">0 to <see cref="FrameCount"/> - 1.</param>
    /// <param name="picture">RGB of the clip's size, overwritten.</param>
    /// <param name="mask">Grey of the clip's size or null: 255 where the hand is at the middle of the exposure.</param>
    public FrameTruth Draw(int index, Image picture, Image? mask = null)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, FrameCount);
        float frame = (float)(1 / Truth.Fps), middle = (index + 0.5f) * frame, open = take.Shutter * frame;
        View view = Seen(middle);
        Placement placement = Hand.Draw(layer, take.PoseAt(middle), signer, view, take.Light, skin);
        Vector2 path = Middle(Seen(middle + (open / 2))) - Middle(Seen(middle - (open / 2)));
        int exposures = Math.Clamp((int)MathF.Ceiling(path.Length() / Apart), 1, MostExposures);
        Array.Clear(light);
        for (int i = 0; i < exposures; i++)
        {
            Expose(middle + (open * (((i + 0.5f) / exposures) - 0.5f)), view, 1f / exposures);
        }
        Surround(middle);
        Develop(picture, index);
        if (mask is not null)
        {
            CopyMask(mask);
        }
        Box box = Hand.BoxOf(layer);
        return new FrameTruth(index, Math.Round(index / Truth.Fps, 6), take.PhaseAt(middle), Round(placement.Centre.X), Round(placement.Centre.Y),
            Round(placement.Scale), Round(view.Yaw), Round(view.Pitch), Round(view.Roll), Round(path.Length()), [box.Left, box.Top, box.Width, box.Height]);
    }

    private static double Round(float value) => Math.Round(value, 3);

    private Vector2 Middle(View view) => new(view.X * Truth.Width, view.Y * Truth.Height);

    /// <summary>The hand as the camera, which moves too, sees it.</summary>
    private View Seen(float time)
    {
        View hand = take.HandAt(time);
        (Vector2 shift, float zoom, float roll) = take.CameraAt(time);
        Vector2 centre = new(Truth.Width / 2f, Truth.Height / 2f);
        Vector2 at = centre + (zoom * Turn(Middle(hand) - centre, roll)) + (shift * Truth.Height);
        return hand with { X = at.X / Truth.Width, Y = at.Y / Truth.Height, Fill = hand.Fill * zoom, Roll = hand.Roll + roll };
    }

    /// <summary>Counter-clockwise in a picture whose rows go down.</summary>
    private static Vector2 Turn(Vector2 v, float degrees)
    {
        (float sin, float cos) = MathF.SinCos(degrees * MathF.PI / 180);
        return new Vector2((v.X * cos) + (v.Y * sin), (v.Y * cos) - (v.X * sin));
    }

    /// <summary>Adds the hand of one moment: it was drawn for the middle of the exposure, and is moved, turned and scaled to where it is now.</summary>
    private void Expose(float time, View drawn, float weight)
    {
        View now = Seen(time);
        float ratio = drawn.Fill / now.Fill;
        Vector2 right = Turn(Vector2.UnitX, drawn.Roll - now.Roll) * ratio, down = Turn(Vector2.UnitY, drawn.Roll - now.Roll) * ratio;
        Vector2 corner = Middle(drawn) + new Vector2(layer.Margin) + (right * (0.5f - Middle(now).X)) + (down * (0.5f - Middle(now).Y));
        // What moved less than the margin is at most that far from where it was drawn.
        int left = Math.Max(0, layer.Drawn.Left - (2 * layer.Margin)), end = Math.Min(Truth.Width, layer.Drawn.Left + layer.Drawn.Width);
        int top = Math.Max(0, layer.Drawn.Top - (2 * layer.Margin)), bottom = Math.Min(Truth.Height, layer.Drawn.Top + layer.Drawn.Height);
        for (int y = top; y < bottom; y++)
        {
            Vector2 at = corner + (down * y) + (right * left);
            for (int x = left; x < end; x++)
            {
                light[(y * Truth.Width) + x] += weight * Sample(layer.Light, layer.Stride, layer.Rows, at, clear: true);
                at += right;
            }
        }
    }

    /// <summary>
    /// Puts the room behind the hand, where the camera looks at that time: while the shutter is open the camera moves by less
    /// than a pixel, the hand by many.
    /// </summary>
    private void Surround(float time)
    {
        (Vector2 shift, float zoom, float roll) = take.CameraAt(time);
        // What is far moves less than the hand does.
        Vector2 centre = new(Truth.Width / 2f, Truth.Height / 2f), away = new(room.Width / 2f, room.Height / 2f);
        Vector2 right = Turn(Vector2.UnitX, -roll) / zoom, down = Turn(Vector2.UnitY, -roll) / zoom;
        Vector2 corner = away + (right * (0.5f - centre.X)) + (down * (0.5f - centre.Y)) - (0.6f * Truth.Height * shift);
        for (int y = 0; y < Truth.Height; y++)
        {
            Vector2 at = corner + (down * y);
            Span<Vector4> row = light.AsSpan(y * Truth.Width, Truth.Width);
            for (int x = 0; x < row.Length; x++)
            {
                Vector4 hand = row[x];
                row[x] = gain * (hand.W < 0.999f ? hand + ((1 - hand.W) * Sample(room.Light, room.Width, room.Height, at, clear: false)) : hand);
                at += right;
            }
        }
    }

    /// <summary>Bilinear; beyond the edge nothing, or the edge.</summary>
    private static Vector4 Sample(Vector4[] from, int width, int height, Vector2 at, bool clear)
    {
        float x = at.X - 0.5f, y = at.Y - 0.5f;
        int left = (int)MathF.Floor(x), top = (int)MathF.Floor(y);
        if (left < 0 || top < 0 || left >= width - 1 || top >= height - 1)
        {
            if (clear)
            {
                return Vector4.Zero;
            }
            (x, y) = (Math.Clamp(x, 0, width - 1.001f), Math.Clamp(y, 0, height - 1.001f));
            (left, top) = ((int)x, (int)y);
        }
        float fx = x - left, fy = y - top;
        int i = (top * width) + left;
        Vector4 upper = from[i] + ((from[i + 1] - from[i]) * fx);
        Vector4 lower = from[i + width] + ((from[i + width + 1] - from[i + width]) * fx);
        return upper + ((lower - upper) * fy);
    }

    /// <summary>Lens, sensor and encoding: a little softness, noise, sRGB.</summary>
    private void Develop(Image picture, int index)
    {
        int width = Truth.Width, height = Truth.Height;
        float side = softness, middle = 1 - (4 * softness);
        Dice start = Dice.Of(Truth.Seed, "noise " + index);
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<Vector4> here = light.AsSpan(y * width, width);
            ReadOnlySpan<Vector4> above = light.AsSpan(Math.Max(y - 1, 0) * width, width), below = light.AsSpan(Math.Min(y + 1, height - 1) * width, width);
            Span<byte> row = picture.Row(y);
            ulong dots = start.Next();
            for (int x = 0; x < here.Length; x++)
            {
                Vector4 seen = (here[x] * middle) + ((here[Math.Max(x - 1, 0)] + here[Math.Min(x + 1, here.Length - 1)] + above[x] + below[x]) * side);
                int at = (int)(dots + ((ulong)x * 3)) & (grain.Length - 1);
                row[3 * x] = (byte)Math.Clamp(Colour.ToSrgb(seen.X) + grain[at], 0, 255);
                row[(3 * x) + 1] = (byte)Math.Clamp(Colour.ToSrgb(seen.Y) + grain[(at + 1) & (grain.Length - 1)], 0, 255);
                row[(3 * x) + 2] = (byte)Math.Clamp(Colour.ToSrgb(seen.Z) + grain[(at + 2) & (grain.Length - 1)], 0, 255);
            }
        }
    }

    private void CopyMask(Image mask)
    {
        for (int y = 0; y < mask.Height; y++)
        {
            Span<byte> row = mask.Row(y);
            for (int x = 0; x < row.Length; x++)
            {
                row[x] = layer.IsHand[((y + layer.Margin) * layer.Stride) + layer.Margin + x] ? (byte)255 : (byte)0;
            }
        }
    }
}
