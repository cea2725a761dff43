using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace SignData.Architecture.Tests;

/// <summary>The one rule of the house: tools -> Training -> {Dataset -> Vision -> Core, Torch}, and what each may do.</summary>
public sealed partial class LayeringTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["SignData.Core"] = [],
        ["SignData.Vision"] = ["SignData.Core"],
        ["SignData.Dataset"] = ["SignData.Vision"],
        ["SignData.Torch"] = [],
        ["SignData.Training"] = ["SignData.Dataset", "SignData.Torch"],
    };

    public static TheoryData<string> Libraries => [.. Allowed.Keys];

    [Theory, MemberData(nameof(Libraries))]
    public void A_library_references_only_what_lies_below_it(string library)
    {
        XDocument project = XDocument.Load(Repository.Path("src", library, library + ".csproj"));
        IEnumerable<string> references = project.Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value));
        Assert.Equal(Allowed[library].Order(), references.Order());
        if (library is "SignData.Core" or "SignData.Torch")
        {
            Assert.Empty(project.Descendants("PackageReference"));
        }
    }

    [Fact]
    public void Every_library_is_under_the_rule() =>
        Assert.Equal(Allowed.Keys.Order(), Directory.GetDirectories(Repository.Path("src"), "SignData.*").Select(d => Path.GetFileName(d)!).Order());

    [Fact]
    public void Only_Vision_and_Torch_call_native_code() =>
        Assert.All(Sources("src").Where(f => NativeCall().IsMatch(f.Text)), f => Assert.Matches("SignData.(Vision|Torch)/", f.Path));

    [Fact]
    public void Sql_stands_only_in_the_files_of_the_manifest() =>
        Assert.All(Sources("src", "tools").Where(f => Sql().IsMatch(f.Text)), f => Assert.Matches("SignData.Dataset/(Manifest|Sqlite)", f.Path));

    [Fact]
    public void Only_tools_speak_to_the_console_and_choose_exit_codes() =>
        Assert.DoesNotContain(Sources("src"), f => ConsoleOrExit().IsMatch(f.Text));

    [Fact]
    public void A_tool_is_thin() =>
        Assert.All(Directory.GetFiles(Repository.Path("tools"), "Program.cs", SearchOption.AllDirectories), f => Assert.InRange(File.ReadAllLines(f).Length, 1, 100));

    private static IEnumerable<(string Path, string Text)> Sources(params string[] folders) =>
        from folder in folders
        from file in Directory.EnumerateFiles(Repository.Path(folder), "*.cs", SearchOption.AllDirectories)
        where !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal)
        select (file, File.ReadAllText(file));

    [GeneratedRegex(@"\[(LibraryImport|DllImport)")]
    private static partial Regex NativeCall();

    [GeneratedRegex(@"\b(SELECT .* FROM|INSERT (OR \w+ )?INTO|UPDATE \w+ SET|DELETE FROM|CREATE TABLE)\b")]
    private static partial Regex Sql();

    [GeneratedRegex(@"\bConsole\.|\bEnvironment\.Exit")]
    private static partial Regex ConsoleOrExit();
}
