using System.Globalization;
using SignData.Benchmarks.Culling;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
switch (args)
{
    case ["alter", var folder, var copies]:
        AlteredCopies.Write(folder, copies);
        return 0;
    case ["compare", var folder, var copies, var peers]:
        AlteredCopies.Compare(folder, copies, peers);
        return 0;
    case ["groups", .. var counts]:
        foreach (var count in counts)
        {
            Rows.Group(int.Parse(count, CultureInfo.InvariantCulture));
        }
        return 0;
    case ["rows", var count, var folder]:
        Rows.Write(int.Parse(count, CultureInfo.InvariantCulture), folder);
        return 0;
    default:
        Console.Error.WriteLine("Culling alter FOLDER COPIES | compare FOLDER COPIES PEERS | groups COUNT... | rows COUNT FOLDER");
        return 2;
}
