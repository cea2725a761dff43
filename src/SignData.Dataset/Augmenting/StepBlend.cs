using System.Reflection;

namespace SignData.Dataset.Augmenting;

/// <summary>Steps on the way from a milder recipe's to a stronger one's.</summary>
internal static class StepBlend
{
    /// <summary>The stronger recipe's steps, each between the milder one's step of that kind and itself; a step that the milder one lacks comes with a chance that grows.</summary>
    /// <param name="from">The milder ones.</param>
    /// <param name="to">The stronger ones.</param>
    /// <param name="part">How far, 0..1.</param>
    public static IReadOnlyList<AugmentStep> Between(IReadOnlyList<AugmentStep> from, IReadOnlyList<AugmentStep> to, float part)
    {
        List<AugmentStep> left = [.. from];
        return [.. to.Select(step =>
        {
            AugmentStep? milder = left.FirstOrDefault(s => s.GetType() == step.GetType());
            return milder is not null && left.Remove(milder) ? Between(milder, step, part) : step with { P = step.P * part };
        })];
    }

    private static AugmentStep Between(AugmentStep from, AugmentStep to, float part)
    {
        AugmentStep between = to with { };
        foreach (PropertyInfo property in RecipeSchema.Parameters(to.GetType()))
        {
            object? value = (property.GetValue(from), property.GetValue(to)) switch
            {
                (float a, float b) => a + (part * (b - a)),
                (Interval a, Interval b) => Interval.Blend(a, b, part),
                (_, var own) => own,
            };
            property.SetValue(between, value);
        }
        return between;
    }
}
