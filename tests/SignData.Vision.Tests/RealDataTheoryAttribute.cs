using System.Runtime.CompilerServices;

namespace SignData.Vision.Tests;

/// <summary>A theory on real frames: runs where the data lies (SIGNDATA_TEST_DATA, else shared/data beside the repository), is skipped elsewhere and says so.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RealDataTheoryAttribute : TheoryAttribute
{
    public RealDataTheoryAttribute()
    {
        if (Folder is null)
        {
            Skip = "no real data: set SIGNDATA_TEST_DATA to a folder that holds asl_phone and asl_webcam";
        }
    }

    public static string? Folder { get; } = Find();

    private static string? Find([CallerFilePath] string source = "")
    {
        var beside = Path.Combine(Path.GetDirectoryName(source)!, "../../../shared/data");
        var folder = Environment.GetEnvironmentVariable("SIGNDATA_TEST_DATA") ?? Path.GetFullPath(beside);
        return Directory.Exists(Path.Combine(folder, "asl_phone")) && Directory.Exists(Path.Combine(folder, "asl_webcam")) ? folder : null;
    }
}
