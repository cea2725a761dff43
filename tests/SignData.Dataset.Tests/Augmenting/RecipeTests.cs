using SignData.Core;
using SignData.Dataset.Augmenting;
using SignData.Dataset.Augmenting.Steps;

namespace SignData.Dataset.Tests.Augmenting;

public sealed class RecipeTests
{
    public static TheoryData<string> Names => [.. Recipe.Names];

    private static InputException Refused(string text) => Assert.Throws<InputException>(() => RecipeFile.Parse(text, "mine.yaml"));

    [Theory, MemberData(nameof(Names))]
    public void A_recipe_is_known_by_name_and_the_file_beside_the_schema_is_the_same(string name)
    {
        Recipe recipe = Recipe.Named(name);
        Assert.Equal(name == "none", recipe.Steps.Count == 0);
        Assert.Equal(recipe.Text, File.ReadAllText(Root("recipes", "augment", name + ".yaml")));
    }

    [Fact]
    public void The_schema_in_the_repository_is_that_of_the_steps() => Assert.Equal(RecipeSchema.Text, File.ReadAllText(Root("recipes", "augment", "schema.json")));

    [Fact]
    public void A_recipe_says_what_it_says()
    {
        Recipe recipe = RecipeFile.Parse("border: black\nsteps:\n  - flip\n  - rotate: { degrees: 4, p: 0.3 }\n  - one-of:\n      steps:\n        - jpeg: { quality: [20, 30] }\n        - clahe: { tiles: 3 }\n  - box-dropout: { tone: '#102030' }\nmix:\n  - mix-up: { alpha: 0.2 }\n", "mine.yaml");
        Assert.Equal(Vision.Retouching.Border.Black, recipe.Border);
        Assert.Equal(
        [
            new Flip(), new Rotate { Degrees = 4, P = 0.3f },
            new OneOf { Steps = [new Jpeg { Quality = new(20, 30) }, new Clahe { Tiles = 3 }] },
            new BoxDropout { Tone = new(16, 32, 48) },
        ], recipe.Steps);
        Assert.Equal(0.2f, Assert.Single(recipe.Mix).Alpha);
    }

    [Theory]
    [InlineData("steps:\n  - flip\n  - rotat: { degrees: 3 }\n", "line 3", "'rotat' is no step")]
    [InlineData("steps:\n  - rotate: { degrees: 3 }\n  - rotat\n", "line 3", "'rotat' is no step")]
    [InlineData("steps:\n  - rotate:\n      degree: 3\n", "line 3", "'degree' is no parameter of rotate; there are degrees, p")]
    [InlineData("steps:\n  - rotate:\n      degrees: 400\n", "line 3", "rotate.degrees is '400'; give a number from -180 to 180")]
    [InlineData("steps:\n  - rotate: { degrees: [-20, 400] }\n", "line 2", "400")]
    [InlineData("steps:\n  - rotate: { degrees: [20, -20] }\n", "line 2", "lower value first")]
    [InlineData("steps:\n  - rotate: { degrees: [20] }\n", "line 2", "[low, high]")]
    [InlineData("steps:\n  - rotate: { degrees: far }\n", "line 2", "'far'")]
    [InlineData("steps:\n  - flip: { p: 1.5 }\n", "line 2", "flip.p is '1.5'; give a number from 0 to 1")]
    [InlineData("steps:\n  - grid: { cells: 2.5 }\n", "line 2", "whole number")]
    [InlineData("steps:\n  - crop: { centre: maybe }\n", "line 2", "true or false")]
    [InlineData("steps:\n  - coloured-light: { lamp: moon }\n", "line 2", "tungsten")]
    [InlineData("steps:\n  - box-dropout: { tone: brown }\n", "line 2", "#6a5737")]
    [InlineData("steps:\n  - random-resized-crop: { scale: [0.5, 1.2] }\n", "line 2", "1.2")]
    [InlineData("steps:\n  - resize: { width: 64, height: 64 }\n  - flip\n  - crop: { width: 65, height: 10 }\n", "line 4", "65 x 10 pixels out of 64 x 64")]
    [InlineData("steps:\n  - crop: { width: 64, height: 64 }\n", "line 2", "put a 'resize' before it")]
    [InlineData("steps:\n  - one-of:\n      steps:\n        - flip\n        - wobble\n", "line 5", "'wobble' is no step")]
    [InlineData("steps:\n  - flip:\n    rotate:\n", "line 2", "a '-' of its own")]
    [InlineData("step:\n  - flip\n", "line 1", "'step' is no key; there are border, steps")]
    [InlineData("steps: 3\n", "line 1", "give a list")]
    [InlineData("border: round\n", "line 1", "edge, reflect, black")]
    [InlineData("mix:\n  - cut-mix: { alpha: 0 }\n", "line 2", "cut-mix.alpha")]
    [InlineData("milder: { share: 0.5 }\n", "line 1", "lacks 'recipe'")]
    [InlineData("- flip\n", "line 1", "no mapping")]
    [InlineData("steps: [\n", "line 2", "no YAML")]
    [InlineData("", "line 1", "no mapping")]
    public void What_is_wrong_is_told_with_its_line(string text, string line, string words)
    {
        string message = Refused(text).Message;
        Assert.Contains("'mine.yaml', " + line + ":", message, StringComparison.Ordinal);
        Assert.Contains(words, message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_name_is_refused_with_the_known_ones()
    {
        InputException e = Assert.Throws<InputException>(() => Recipe.Named("heavy"));
        Assert.Contains("none, light, standard", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Strong_changes_grow_from_the_milder_ones_over_their_part_of_a_run()
    {
        Recipe strong = Recipe.Named("strong"), standard = Recipe.Named("standard"), begin = strong.After(0), half = strong.After(strong.Growth / 2);
        Assert.Equal(standard.Steps, begin.Steps);
        Zoom Of(Recipe recipe) => recipe.Steps.OfType<Zoom>().Single();
        Assert.Equal((Of(standard).Scale.High + Of(strong).Scale.High) / 2, Of(half).Scale.High, 1e-5f);
        Assert.Equal(strong.Steps.OfType<Lift>().Single().By.High / 2, half.Steps.OfType<Lift>().Single().By.High, 1e-5f);
        Assert.Equal(0.5f, (Drawn.Recipe(new Invert()) with { Milder = standard, Growth = 1 }).After(0.5f).Steps.Single().P, 1e-5f);
        Assert.Same(strong, strong.After(strong.Growth));
        Recipe light = Recipe.Named("light");
        Assert.Same(light, light.After(0));
    }

    [Fact]
    public void A_share_of_the_pictures_is_varied_by_the_milder_recipe()
    {
        Image picture = Drawn.Waves(8);
        Recipe mixed = Drawn.Recipe(new Invert()) with { Milder = Recipe.Named("none"), MilderShare = 0.3f };
        Assert.InRange(Enumerable.Range(0, 4000).Count(i => Drawn.By(mixed, picture, 8, i).SequenceEqual(picture.Pixels)), 1100, 1300);
    }

    private static string Root(params string[] parts)
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "SignData.sln")))
        {
            folder = folder.Parent;
        }
        return Path.Combine([folder!.FullName, .. parts]);
    }
}
