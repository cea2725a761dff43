using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SignData.Tools.Tests;

/// <summary>A web server of one file on this machine, which breaks off, forgets ranges or gives another file when told to.</summary>
public sealed class FileServer : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly List<string> asked = [];

    public FileServer(byte[] content)
    {
        Content = content;
        listener.Start();
        new Thread(Serve) { IsBackground = true }.Start();
    }

    public byte[] Content { get; set; }

    /// <summary>Bytes of each answer after which the connection is cut; null sends all.</summary>
    public int? BreaksAfter { get; set; }

    /// <summary>Waits after so many bytes until the server ends.</summary>
    public int? HangsAfter { get; set; }

    public bool ForgetsRanges { get; set; }

    public int Status { get; set; } = 200;

    /// <summary>The Range header of each request; empty without one.</summary>
    public IReadOnlyList<string> Asked
    {
        get
        {
            lock (asked)
            {
                return [.. asked];
            }
        }
    }

    public string Address => $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/";

    public void Dispose() => listener.Stop();

    private void Serve()
    {
        try
        {
            while (true)
            {
                using TcpClient client = listener.AcceptTcpClient();
                try
                {
                    Answer(client.GetStream());
                }
                catch (IOException)
                {
                    // The tool was killed.
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Dispose.
        }
    }

    private void Answer(NetworkStream stream)
    {
        using StreamReader reader = new(stream, Encoding.ASCII, false, 1024, leaveOpen: true);
        string range = "";
        while (reader.ReadLine() is { Length: > 0 } line)
        {
            range = line.StartsWith("Range: ", StringComparison.OrdinalIgnoreCase) ? line["Range: ".Length..] : range;
        }
        lock (asked)
        {
            asked.Add(range);
        }
        int from = range.Length > 0 && !ForgetsRanges ? int.Parse(range["bytes=".Length..^1], System.Globalization.CultureInfo.InvariantCulture) : 0;
        if (Status != 200)
        {
            stream.Write(Encoding.ASCII.GetBytes($"HTTP/1.1 {Status} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
            return;
        }
        if (from > 0 && from >= Content.Length)
        {
            stream.Write(Encoding.ASCII.GetBytes($"HTTP/1.1 416 Range Not Satisfiable\r\nContent-Range: bytes */{Content.Length}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
            return;
        }
        string head = from > 0 ? $"HTTP/1.1 206 Partial Content\r\nContent-Range: bytes {from}-{Content.Length - 1}/{Content.Length}\r\n" : "HTTP/1.1 200 OK\r\n";
        stream.Write(Encoding.ASCII.GetBytes($"{head}Content-Length: {Content.Length - from}\r\nConnection: close\r\n\r\n"));
        int length = Math.Min(Content.Length - from, BreaksAfter ?? HangsAfter ?? int.MaxValue);
        stream.Write(Content, from, length);
        while (HangsAfter is not null && stream.Socket.Connected && !(stream.Socket.Poll(50_000, SelectMode.SelectRead) && stream.Socket.Available == 0))
        {
        }
    }
}
