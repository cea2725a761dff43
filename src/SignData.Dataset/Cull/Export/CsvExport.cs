using System.Globalization;
using System.Text;
using SignData.Core;

namespace SignData.Dataset;

/// <summary>One table, a row a kept frame, by RFC 4180 in UTF-8. Paths are relative to the table.</summary>
internal static class CsvExport
{
    private const string Header = "path,label,split,signer,session,lighting,source,time,width,height,sharpness,copies,sha256";

    public static void Write(string target, Manifest manifest)
    {
        if (Directory.Exists(target) || (File.Exists(target) && File.ReadLines(target).FirstOrDefault() != Header))
        {
            throw new InputException($"'{target}' is there and no export of cull: move it away or choose another output.");
        }
        var sources = manifest.Sources().ToDictionary(source => source.Id);
        var part = target + Files.Unfinished;
        try
        {
            using (var table = new StreamWriter(part, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" })
            {
                table.WriteLine(Header);
                manifest.Read(row =>
                {
                    if (row.Culled is null)
                    {
                        var source = sources[row.SourceId];
                        table.WriteLine(string.Join(',', new object?[]
                        {
                            row.Path, row.Label, row.Split, source.Signer, source.Session, source.Lighting, source.Path, row.Time, row.Width, row.Height, row.Sharpness, row.Copies, row.Sha256,
                        }.Select(Cell)));
                    }
                });
            }
            File.Move(part, target, overwrite: true);
        }
        finally
        {
            File.Delete(part);
        }
    }

    private static string Cell(object? value)
    {
        var text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        return text.AsSpan().IndexOfAny(",\"\n\r") >= 0 ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
