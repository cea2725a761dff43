using SignData.Torch;
using static SignData.Torch.nn;

namespace SignData.Training.Architectures;

/// <summary>
/// Where the hand is, by votes: each place of the feature maps says where it thinks that the hand is, seen from there, how large it is, and how much that shall count
/// (a softmax over all places). What lies elsewhere in the picture, a face or another arm, is outvoted; in a mean over all places it would pull the box towards itself.
/// </summary>
internal sealed class HandVotes : Module
{
    private const int Hidden = 64, Votes = 4;

    private readonly Sequential places;

    /// <summary>An output.</summary>
    /// <param name="channels">Feature maps that come in.</param>
    public HandVotes(int channels) =>
        places = register_module("places", new Sequential(new Linear(channels, Hidden), new ReLU(inplace: true), new Linear(Hidden, Votes)));

    /// <summary>N x channels x h x w to N x 3: the hand's middle from the picture's, across and down in sides, and the logarithm of the longer side of its box.</summary>
    /// <param name="input">Feature maps.</param>
    public override Tensor forward(Tensor input)
    {
        long height = input.shape[2], width = input.shape[3];
        Tensor votes = places.forward(input.permute(0, 2, 3, 1)).to(ScalarType.Float32).flatten(1, 2);
        Tensor weights = votes.narrow(2, 0, 1).softmax(1);
        return ((votes.narrow(2, 1, Votes - 1) + Middles(height, width).to(input.device)) * weights).sum([1]);
    }

    // 1 x places x 3: where each place is, from the picture's middle, and 0.
    private static Tensor Middles(long height, long width)
    {
        float[] middles = new float[3 * height * width];
        for (long i = 0; i < height * width; i++)
        {
            (middles[3 * i], middles[(3 * i) + 1]) = ((((i % width) + 0.5f) / width) - 0.5f, (((i / width) + 0.5f) / height) - 0.5f);
        }
        return torch.from_array(middles, 1, height * width, 3);
    }
}
