using System.Text.RegularExpressions;

namespace SignData.Tools.Tests;

public sealed partial class ReadmeTests : IDisposable
{
    private readonly Executable tools = new();

    public static TheoryData<string> Commands =>
    [
        .. Directory.EnumerateFiles(Path.Combine(Executable.Root, "docs"), "*.md").Prepend(Path.Combine(Executable.Root, "README.md"))
            .SelectMany(File.ReadLines).Select(line => line.Split('#')[0].Trim()).Where(line => line.StartsWith("bin/", StringComparison.Ordinal)).Distinct(),
    ];

    public void Dispose() => tools.Dispose();

    [Theory, MemberData(nameof(Commands))]
    public void A_command_in_the_documents_names_a_tool_and_options_that_exist(string command)
    {
        string[] words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string[] verb = words is [_, "check" or "diff", ..] ? [words[1]] : [];
        string help = tools.Run(words[0]["bin/".Length..], [.. verb, "--help"]).Succeeds().Out;
        Assert.All(words.Where(w => Option().IsMatch(w)), option => Assert.Matches($@"(^|[\s,]){Regex.Escape(option)}\b", help));
    }

    [Theory, InlineData("capture"), InlineData("synth"), InlineData("explode"), InlineData("cull"), InlineData("augment"), InlineData("train"), InlineData("weights"), InlineData("eval")]
    public void Every_tool_has_its_section_and_tells_of_itself_through_the_front(string tool)
    {
        Assert.Contains($"### {tool}:", File.ReadAllText(Path.Combine(Executable.Root, "README.md")), StringComparison.Ordinal);
        Assert.Contains(tool, tools.Run("signdata", "--help").Succeeds().Out, StringComparison.Ordinal);
        Assert.Equal(tools.Run(tool, "--help").Succeeds().Out, tools.Run("signdata", tool, "--help").Succeeds().Out);
        Assert.Equal(2, tools.Run("signdata", tool, "--no-such-option").Code);
    }

    [Theory, InlineData("capture"), InlineData("explode"), InlineData("cull"), InlineData("augment"), InlineData("synth")]
    public void A_tool_that_does_not_train_loads_no_libtorch(string tool) =>
        Assert.DoesNotContain("SignData.Torch", File.ReadAllText(Path.Combine(Executable.Root, "bin", tool + ".deps.json")), StringComparison.Ordinal);

    [Fact]
    public void The_front_names_its_tools_when_asked_for_one_that_is_not_there()
    {
        ToolEnd end = tools.Run("signdata", "explod");
        Assert.Equal(2, end.Code);
        Assert.Contains("explode", end.Error, StringComparison.Ordinal);
    }

    [GeneratedRegex("^--?[a-z]")]
    private static partial Regex Option();
}
