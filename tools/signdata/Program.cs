using System.Diagnostics;
using System.Runtime.InteropServices;

// The front: `signdata explode ...` runs the executable `explode` beside it, as git does with its own.
string here = AppContext.BaseDirectory;
(string Name, string What)[] tools =
[
    ("synth", "clips of a synthetic signing hand, with the truth beside them"),
    ("capture", "a camera's frames, labelled by the keys that you hold while you sign"),
    ("explode", "videos into sharp, distinct, labelled frames"),
    ("cull", "datasets into one balanced, leak-free sub-dataset"),
    ("augment", "pictures varied as training varies them: shown, measured, or as a dataset"),
    ("train", "a classifier from a manifest"),
    ("weights", "published weights to start a training from"),
    ("eval", "honest figures, predictions and a report"),
];

if (args.Length == 0 || args[0] is "-h" or "--help" or "help")
{
    Console.WriteLine("signdata TOOL [arguments]: from sign videos to an evaluated classifier.\n");
    foreach ((string name, string what) in tools)
    {
        Console.WriteLine($"  {name,-8} {what}");
    }
    Console.WriteLine("\n'signdata TOOL --help' tells a tool's options.");
    return args.Length == 0 ? 2 : 0;
}
if (args[0] is "--version")
{
    Console.WriteLine(System.Reflection.Assembly.GetExecutingAssembly().GetName().Version?.ToString(3));
    return 0;
}
if (tools.All(t => t.Name != args[0]))
{
    Console.Error.WriteLine($"signdata: no tool '{args[0]}'; there are {string.Join(", ", tools.Select(t => t.Name))}.");
    return 2;
}

// The signals of a terminal reach the tool too: it decides, the front waits and hands its exit code on.
using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, c => c.Cancel = true);
using Process tool = new() { StartInfo = new ProcessStartInfo(Path.Combine(here, args[0]), args[1..]) };
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, c =>
{
    c.Cancel = true;
    using Process? kill = Process.Start("kill", ["-TERM", $"{tool.Id}"]);
});
tool.Start();
tool.WaitForExit();
return tool.ExitCode;
