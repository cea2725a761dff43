using SignData.Torch;
using SignData.Training.Architectures;

namespace SignData.Training;

/// <summary>A network's parameters for an optimizer: each stage with its own learning rate, and weight decay where it belongs.</summary>
internal static class LayerGroups
{
    /// <summary>Groups: two for each stage of the body and for the head, those that decay and those that do not.</summary>
    /// <param name="network">The network.</param>
    /// <param name="weightDecay">Pulls weights towards zero; scales, shifts and biases have no business there.</param>
    /// <param name="bodyRate">The first stage's learning rate as a share of the head's; those between lie on a geometric row.</param>
    public static IReadOnlyList<optim.ParamGroup> Of(Network network, double weightDecay, double bodyRate)
    {
        nn.Module[] stages = [.. network.Stages.Where(stage => stage.parameters().Any())], ends = network.Head.Box is { } box ? [network.Head.Trained, box] : [network.Head.Trained];
        return
        [
            .. stages.Concat(ends).Index().SelectMany(part => part.Item.parameters()
                .GroupBy(parameter => parameter.ndim > 1)
                .Select(group => new optim.ParamGroup(group, Math.Pow(bodyRate, 1 - (Math.Min(1, (double)part.Index / stages.Length))), group.Key ? weightDecay : 0))),
        ];
    }

    /// <summary>Lets the body learn, or the head alone. Running averages of batch normalisations go on either way.</summary>
    /// <param name="network">The network.</param>
    /// <param name="frozen">Whether the body stays as it is.</param>
    public static void Freeze(Network network, bool frozen)
    {
        foreach (Tensor parameter in network.Stages.SelectMany(stage => stage.parameters()))
        {
            parameter.requires_grad = !frozen;
            if (frozen)
            {
                parameter.grad = null;
            }
        }
    }
}
