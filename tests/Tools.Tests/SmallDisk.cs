using System.Diagnostics;

namespace SignData.Tools.Tests;

/// <summary>A disk in memory that is soon full, mounted in a folder until it is disposed.</summary>
public sealed class SmallDisk : IDisposable
{
    private readonly string folder;

    /// <summary>Mounts it.</summary>
    /// <param name="folder">Made if needed.</param>
    /// <param name="size">As mount takes it: 160k.</param>
    public SmallDisk(string folder, string size)
    {
        this.folder = Directory.CreateDirectory(folder).FullName;
        Assert.True(Mount("-t", "tmpfs", "-o", $"size={size}", "tmpfs", folder));
    }

    /// <summary>Whether this user may mount one here; a container may forbid it to root.</summary>
    public static bool CanBeMounted { get; } = Try();

    /// <summary>Gives it another size.</summary>
    public void Resize(string size) => Assert.True(Mount("-o", $"remount,size={size}", folder));

    /// <inheritdoc/>
    public void Dispose() => Run("umount", folder);

    private static bool Try()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return false;
        }
        var folder = Directory.CreateTempSubdirectory("signdata-disk-").FullName;
        var mounted = Mount("-t", "tmpfs", "-o", "size=64k", "tmpfs", folder);
        if (mounted)
        {
            Run("umount", folder);
        }
        Directory.Delete(folder);
        return mounted;
    }

    private static bool Mount(params string[] arguments) => Run("mount", arguments);

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}

/// <summary>A test that needs a <see cref="SmallDisk"/>; where none can be mounted it is skipped and says so.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SmallDiskFactAttribute : FactAttribute
{
    /// <summary>The test is run if it can be.</summary>
    public SmallDiskFactAttribute() => Skip = SmallDisk.CanBeMounted ? null : "needs to mount a small disk: run it as root, where mount is allowed";
}
