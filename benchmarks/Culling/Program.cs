using System.Globalization;
using SignData.Benchmarks.Culling;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
switch (args)
{
    case ["altered", var folder]:
        AlteredCopies.Compare(folder);
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
        Console.Error.WriteLine("Culling altered FOLDER | groups COUNT... | rows COUNT FOLDER");
        return 2;
}
