using System.Numerics;

namespace SignData.Vision.Synthesis;

/// <summary>
/// What is behind the hand: a painted wall or room, larger than the picture so that the camera can move, in linear light.
/// Everything is drawn out of focus, as behind a hand near the camera.
/// </summary>
internal sealed class Room
{
    /// <summary>The room's size against the picture's.</summary>
    public const float Overscan = 1.5f;

    /// <summary>Every kind of place.</summary>
    public static readonly string[] Kinds = ["gradient", "plaster", "fabric", "bookshelf", "window", "clutter", "panels", "blinds"];

    private readonly Dice dice;

    // The pixel of a picture of 320 x 240: patterns keep their size in the picture.
    private readonly float unit;

    private Room(Dice dice, string kind, int width, int height)
    {
        (this.dice, Kind, Width, Height) = (dice, kind, width, height);
        Light = new Vector4[width * height];
        unit = height / (240 * Overscan);
    }

    /// <summary>What kind of place it is.</summary>
    public string Kind { get; }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>The painting, Height x Width; W is 1.</summary>
    public Vector4[] Light { get; }

    /// <summary>The room of that name.</summary>
    /// <param name="place">Which of <see cref="Kinds"/>, round and round.</param>
    /// <param name="dice">Where its choices come from.</param>
    /// <param name="light">What it is lit by.</param>
    /// <param name="width">The picture's columns.</param>
    /// <param name="height">The picture's rows.</param>
    public static Room Paint(int place, Dice dice, Light light, int width, int height)
    {
        Room room = new(dice, Kinds[place % Kinds.Length], (int)(width * Overscan), (int)(height * Overscan));
        Vector3 wall = room.Tint(0.25f, 0.10f, 0.75f);
        room.Rectangle(0, 0, room.Width, room.Height, wall);
        switch (room.Kind)
        {
            case "plaster":
                room.Grain(14, 0.10f);
                room.Grain(4, 0.08f);
                break;
            case "fabric":
                room.Stripes(dice.Between(5, 12), dice.Between(0.6f, 0.85f), upright: true);
                room.Stripes(dice.Between(5, 12), dice.Between(0.6f, 0.85f), upright: false);
                room.Grain(3, 0.08f);
                break;
            case "bookshelf":
                room.Bookshelf();
                break;
            case "window":
                room.Furniture(3);
                room.Window();
                break;
            case "clutter":
                room.Furniture(26);
                room.Grain(9, 0.08f);
                break;
            case "panels":
                room.Stripes(dice.Between(30, 70), dice.Between(0.7f, 0.9f), upright: true);
                room.Floor();
                room.Furniture(4);
                break;
            case "blinds":
                room.Stripes(dice.Between(9, 18), dice.Between(0.4f, 0.7f), upright: false);
                break;
            default:
                break;
        }
        int focus = Math.Max(1, (int)(room.unit * dice.Between(1.5f, 4)));
        room.Defocus(focus);
        room.Defocus(focus);
        room.LightUp(light);
        return room;
    }

    private Vector3 Tint(float saturation, float low, float high) =>
        Colour.Hue(dice.Unit(), saturation * dice.Unit(), dice.Between(low, high));

    private void Rectangle(float left, float top, float width, float height, Vector3 colour)
    {
        Vector4 full = new(colour, 1);
        for (int y = Math.Max(0, (int)top); y < Math.Min(Height, (int)(top + height)); y++)
        {
            int from = Math.Clamp((int)left, 0, Width), to = Math.Clamp((int)(left + width), from, Width);
            Light.AsSpan(y * Width + from, to - from).Fill(full);
        }
    }

    private void Disc(float x, float y, float radius, Vector3 colour)
    {
        for (int row = Math.Max(0, (int)(y - radius)); row < Math.Min(Height, (int)(y + radius)); row++)
        {
            float half = MathF.Sqrt(MathF.Max(0, (radius * radius) - ((row - y) * (row - y))));
            Rectangle(x - half, row, 2 * half, 1, colour);
        }
    }

    private void Furniture(int count)
    {
        for (int i = 0; i < count; i++)
        {
            float w = Width * dice.Between(0.05f, 0.28f), h = Height * dice.Between(0.05f, 0.4f);
            float x = (Width * dice.Unit()) - (w / 2), y = (Height * dice.Unit()) - (h / 2);
            Vector3 colour = Tint(0.6f, 0.04f, 0.7f);
            if (dice.Below(3) == 0)
            {
                Disc(x + (w / 2), y + (h / 2), w / 2, colour);
            }
            else
            {
                Rectangle(x, y, w, h, colour * 0.7f);
                Rectangle(x + (w * 0.06f), y + (h * 0.06f), w * 0.88f, h * 0.88f, colour);
            }
        }
    }

    private void Bookshelf()
    {
        float board = Height / dice.Between(3.2f, 5), thick = Height * 0.02f;
        Vector3 wood = new Vector3(0.34f, 0.20f, 0.10f) * dice.Between(0.5f, 1.6f);
        Rectangle(0, 0, Width, Height, wood * 0.35f);
        for (float y = dice.Between(-0.5f, 0) * board; y < Height; y += board)
        {
            for (float x = -5; x < Width;)
            {
                float w = Width * dice.Between(0.012f, 0.045f), h = board * dice.Between(0.55f, 0.92f);
                Rectangle(x, y + board - h, w, h, Tint(0.8f, 0.03f, 0.55f));
                x += w + (dice.Below(6) == 0 ? w : 1);
            }
            Rectangle(0, y + board - thick, Width, thick, wood);
        }
    }

    private void Window()
    {
        float w = Width * dice.Between(0.3f, 0.5f), h = Height * dice.Between(0.5f, 0.8f);
        float x = (Width - w) * dice.Unit(), y = (Height - h) * dice.Unit() * 0.6f;
        Rectangle(x - 8, y - 8, w + 16, h + 16, new Vector3(0.6f));
        Vector3 sky = new Vector3(0.75f, 0.88f, 1.0f) * dice.Between(0.7f, 1.2f);
        Rectangle(x, y, w, h * 0.6f, sky);
        Rectangle(x, y + (h * 0.6f), w, h * 0.4f, new Vector3(0.12f, 0.22f, 0.08f) * dice.Between(0.7f, 1.8f));
        Rectangle(x + (w / 2) - 3, y, 6, h, new Vector3(0.55f));
        Rectangle(x, y + (h * 0.45f), w, 5, new Vector3(0.55f));
    }

    private void Floor()
    {
        float y = Height * dice.Between(0.6f, 0.8f);
        Rectangle(0, y, Width, Height, new Vector3(0.32f, 0.22f, 0.14f) * dice.Between(0.5f, 1.6f));
        Rectangle(0, y - (Height * 0.03f), Width, Height * 0.03f, new Vector3(0.6f));
    }

    private void Stripes(float period, float depth, bool upright)
    {
        float phase = dice.Unit();
        for (int y = 0; y < Height; y++)
        {
            for (int x = 0; x < Width; x++)
            {
                float at = ((upright ? x : y) / (period * unit)) + phase;
                Light[(y * Width) + x] *= at - MathF.Floor(at) < 0.5f ? 1 : depth;
            }
        }
    }

    /// <summary>Smooth noise with features of about that many pixels of a small picture.</summary>
    private void Grain(int pixels, float depth)
    {
        int size = Math.Max(1, (int)(pixels * unit));
        int across = (Width / size) + 2, down = (Height / size) + 2;
        float[] knots = new float[across * down];
        for (int i = 0; i < knots.Length; i++)
        {
            knots[i] = 1 + (depth * dice.Normal());
        }
        for (int y = 0; y < Height; y++)
        {
            int j = y / size;
            float fy = (float)(y % size) / size;
            for (int x = 0; x < Width; x++)
            {
                int i = (j * across) + (x / size);
                float fx = (float)(x % size) / size;
                float top = knots[i] + ((knots[i + 1] - knots[i]) * fx);
                float bottom = knots[i + across] + ((knots[i + across + 1] - knots[i + across]) * fx);
                Light[(y * Width) + x] *= MathF.Max(0, top + ((bottom - top) * fy));
            }
        }
    }

    /// <summary>A running mean along rows, then along columns.</summary>
    private void Defocus(int radius)
    {
        Vector4[] line = new Vector4[Math.Max(Width, Height)];
        for (int y = 0; y < Height; y++)
        {
            Mean(y * Width, 1, Width, radius, line);
        }
        for (int x = 0; x < Width; x++)
        {
            Mean(x, Width, Height, radius, line);
        }
    }

    private void Mean(int start, int step, int count, int radius, Vector4[] line)
    {
        Vector4 sum = Vector4.Zero;
        for (int i = 0; i < count; i++)
        {
            line[i] = Light[start + (i * step)];
        }
        for (int i = -radius; i <= radius; i++)
        {
            sum += line[Math.Clamp(i, 0, count - 1)];
        }
        for (int i = 0; i < count; i++)
        {
            Light[start + (i * step)] = sum / ((2 * radius) + 1);
            sum += line[Math.Min(i + radius + 1, count - 1)] - line[Math.Max(i - radius, 0)];
        }
    }

    /// <summary>The light falls off across the room, away from where it comes from.</summary>
    private void LightUp(Light light)
    {
        Vector3 toLight = Vector3.Normalize(light.Direction);
        float fall = dice.Between(0.15f, 0.45f);
        Vector3 even = light.Key * 0.55f + ((light.Above + light.Below) * 0.5f);
        for (int y = 0; y < Height; y++)
        {
            for (int x = 0; x < Width; x++)
            {
                float side = (((float)x / Width) - 0.5f) * toLight.X, up = (0.5f - ((float)y / Height)) * toLight.Y;
                Vector4 here = Light[(y * Width) + x] * new Vector4(even * (1 + (2 * fall * (side + up))), 1);
                Light[(y * Width) + x] = here with { W = 1 };
            }
        }
    }
}
