using System.Collections.Concurrent;
using SignData.Core;
using SignData.Vision.Synthesis;

namespace SignData.Capture;

/// <summary>Pictures of the letters that are handshapes, by the synthetic hand, each drawn beside the session when it is first wanted.</summary>
internal sealed class Handshapes
{
    private static readonly SynthesisOptions Small = new() { Width = 160, Height = 120, Seconds = 2, Threads = 1 };

    private readonly ConcurrentDictionary<char, Lazy<Task<Image>>> pictures = new();

    /// <summary>Whether a label is a handshape.</summary>
    public static bool Has(string label) => label.Length == 1 && Small.Letters.Contains(char.ToUpperInvariant(label[0]));

    /// <summary>The picture of a label; null while it is being drawn, and for labels that are no handshape.</summary>
    public Image? Of(string label) => Has(label) && Drawing(label) is { IsCompletedSuccessfully: true } drawn ? drawn.Result : null;

    /// <summary>The picture of a label when it is drawn; null for labels that are no handshape.</summary>
    public async Task<Image?> Drawn(string label) => Has(label) ? await Drawing(label) : null;

    private Task<Image> Drawing(string label) =>
        pictures.GetOrAdd(char.ToUpperInvariant(label[0]), letter => new Lazy<Task<Image>>(() => Task.Run(() => Draw(letter)))).Value;

    private static Image Draw(char letter)
    {
        var clip = new Clip(Small.Signers[0], letter, 1, Small);
        var picture = new Image(Small.Width, Small.Height);
        clip.Draw(clip.FrameCount / 4, picture);
        return picture;
    }
}
