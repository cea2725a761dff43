using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using SignData.Dataset;
using SignData.Vision;

namespace SignData.Tools.Tests;

/// <summary>The page of capture --web: what it records, and what its server refuses.</summary>
public sealed class CaptureWebTests : IDisposable
{
    private const string Token = "0123456789abcdef";

    private readonly Executable here = new();
    private readonly int port = FreePort();

    public void Dispose() => here.Dispose();

    private StartedTool Serve(params string[] more)
    {
        var tool = here.Start("capture", ["set", "--web", "--port", $"{port}", "--token", Token, "--session", "test", "--json", .. more]);
        SpinWait.SpinUntil(() => tool.Ended || Listens(), TimeSpan.FromMinutes(1));
        return tool;
    }

    private bool Listens()
    {
        try
        {
            using var client = new TcpClient();
            client.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            Thread.Sleep(50);
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task<ClientWebSocket> Open(string token = Token)
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{port}/session?token={token}"), default);
        return socket;
    }

    private static Task Say(ClientWebSocket socket, object message) =>
        socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(message, JsonSerializerOptions.Web), WebSocketMessageType.Text, true, default);

    private static Task Show(ClientWebSocket socket, double milliseconds, byte[] jpeg)
    {
        var message = new byte[12 + jpeg.Length];
        BinaryPrimitives.WriteDoubleLittleEndian(message, milliseconds);
        jpeg.CopyTo(message, 12);
        return socket.SendAsync(message, WebSocketMessageType.Binary, true, default);
    }

    /// <summary>The next message; null when the server closes.</summary>
    private static async Task<JsonElement?> Hear(ClientWebSocket socket)
    {
        var buffer = new byte[1 << 20];
        var got = await socket.ReceiveAsync(buffer, default);
        return got.MessageType == WebSocketMessageType.Close ? null : JsonDocument.Parse(buffer.AsMemory(0, got.Count)).RootElement;
    }

    private static async Task<WebSocketCloseStatus?> HearClose(ClientWebSocket socket)
    {
        while (await Hear(socket) is not null)
        {
        }
        return socket.CloseStatus;
    }

    private static byte[] Picture(int number) => ImageFile.EncodeJpeg(Pictures.Of(number, 240), 90);

    [Fact]
    public async Task Frames_and_keys_of_a_page_are_recorded_by_their_times()
    {
        using var tool = Serve("--no-judge");
        using (var socket = await Open())
        {
            Assert.Equal(29, (await Hear(socket))!.Value.GetProperty("keys").GetArrayLength());
            await Say(socket, new { camera = "front" });
            await Say(socket, new { key = "a", down = true, time = 1095.0 });
            // The key came up before frame 16 was filmed, and is told of late, as in life.
            for (var i = 0; i < 30; i++)
            {
                if (i == 16)
                {
                    await Say(socket, new { key = "a", down = false, time = 1510.0 });
                }
                await Show(socket, 1000 + (i * 1000 / 30.0), Picture(i));
            }
            // A second page has to wait; one that comes after this is gone goes on.
            using var second = await Open();
            Assert.Equal(WebSocketCloseStatus.PolicyViolation, await HearClose(second));
        }
        using (var socket = await Open())
        {
            await Say(socket, new { key = "Tab", down = true, time = 5.0 });
            await Say(socket, new { key = "b", down = true, time = 10.0 });
            for (var i = 0; i < 12; i++)
            {
                await Show(socket, 20 + (i * 1000 / 30.0), Picture(i));
            }
            await Say(socket, new { end = true });
            Assert.Equal(WebSocketCloseStatus.NormalClosure, await HearClose(socket));
        }
        var json = tool.Wait().Succeeds().Json;

        using var manifest = Manifest.Open(here.At("set"));
        var rows = manifest.Select().OrderBy(row => row.Time).ToList();
        Assert.Equal(Enumerable.Range(3, 13), rows.Where(row => row.Label == "A").Select(row => row.Position!.Value));
        Assert.Equal(12, rows.Count(row => row.Label == "B"));
        Assert.Equal(25, json.GetProperty("kept").GetInt32());
        Assert.Equal(["light 1", "light 2"], manifest.Sources().Select(source => source.Lighting));
        Assert.All(manifest.Sources(), source => Assert.Equal("front", source.Device));
        Assert.All(rows, row => Assert.Equal((240, 240), (row.Width, row.Height)));
    }

    [Fact]
    public async Task What_is_no_session_of_ours_is_refused_and_the_session_goes_on()
    {
        using var tool = Serve();
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        Assert.Equal(HttpStatusCode.Forbidden, (await http.GetAsync("/")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await http.GetAsync("/?token=0123456789abcdee")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync($"/etc/passwd?token={Token}")).StatusCode);
        Assert.Contains("<title>SignData capture", await http.GetStringAsync($"/?token={Token}"), StringComparison.Ordinal);
        Assert.Equal((160, 120), ImageFile.Decode(await http.GetByteArrayAsync($"/hand/L?token={Token}"), "hand") is var hand ? (hand.Width, hand.Height) : default);
        await Assert.ThrowsAsync<WebSocketException>(() => Open("0123456789abcdee"));

        await Refused(WebSocketCloseStatus.InvalidPayloadData, socket => Show(socket, 1, Encoding.ASCII.GetBytes("This is no picture.")));
        await Refused(WebSocketCloseStatus.InvalidPayloadData, socket => Show(socket, 1, Picture(0)[..2000]));
        await Refused(WebSocketCloseStatus.InvalidPayloadData, socket => Show(socket, double.NaN, Picture(0)));
        await Refused(WebSocketCloseStatus.InvalidPayloadData, socket => socket.SendAsync("{"u8.ToArray(), WebSocketMessageType.Text, true, default));
        await Refused(WebSocketCloseStatus.MessageTooBig, socket => socket.SendAsync(new byte[20 << 20], WebSocketMessageType.Binary, true, default));
        await Refused(WebSocketCloseStatus.MessageTooBig, socket => socket.SendAsync(new byte[1 << 20], WebSocketMessageType.Text, true, default));

        // Two hundred that say nothing take no session away.
        using var socket = await Open();
        var crowd = new List<TcpClient>();
        for (var i = 0; i < 200; i++)
        {
            crowd.Add(new TcpClient());
            await crowd[^1].ConnectAsync(IPAddress.Loopback, port);
        }
        await Say(socket, new { key = "a", down = true, time = 0.0 });
        for (var i = 0; i < 10; i++)
        {
            await Show(socket, 10 + (i * 33), Picture(i));
        }
        await Say(socket, new { end = true });
        Assert.Equal(WebSocketCloseStatus.NormalClosure, await HearClose(socket));
        crowd.ForEach(client => client.Dispose());
        Assert.True(tool.Wait().Succeeds().Json.GetProperty("frames").GetInt32() is 9 or 10);

        async Task Refused(WebSocketCloseStatus status, Func<ClientWebSocket, Task> send)
        {
            using var socket = await Open();
            try
            {
                await send(socket);
            }
            catch (WebSocketException)
            {
                // The server hangs up while it is being sent.
            }
            try
            {
                Assert.Equal(status, await HearClose(socket));
            }
            catch (WebSocketException)
            {
                // Likewise.
            }
        }
    }

    [Theory]
    [InlineData("beyond this machine", "--listen", "0.0.0.0")]
    [InlineData("is no address", "--listen", "elsewhere")]
    [InlineData("is no address", "--listen", "300.1.1.1")]
    [InlineData("no PEM file", "--listen", "0.0.0.0", "--certificate", "none.pem")]
    [InlineData("16 or more", "--token", "short")]
    public void Careless_addresses_are_refused(string words, params string[] arguments) =>
        here.Run("capture", ["set", "--web", "--port", "0", .. arguments]).FailsInOneLine(words);

    [Fact]
    public async Task A_port_in_use_is_told_and_Ctrl_C_saves()
    {
        using var tool = Serve("--no-judge");
        here.Run("capture", "other", "--web", "--port", $"{port}").FailsInOneLine($"port {port}");
        Assert.Equal(2, here.Run("capture", "set", "--web", "--camera", "1").Code);
        using var socket = await Open();
        await Say(socket, new { key = "a", down = true, time = 0.0 });
        for (var i = 0; i < 12; i++)
        {
            await Show(socket, 10 + (i * 33), Picture(i));
            await Hear(socket);
        }
        tool.Interrupt();
        Assert.Equal(130, tool.Wait().Code);
        using var manifest = Manifest.Open(here.At("set"));
        Assert.NotEmpty(manifest.Select());
    }

    [Fact]
    public async Task With_a_certificate_the_page_is_https()
    {
        string thumbprint;
        using (var key = RSA.Create(2048))
        {
            using var made = new CertificateRequest("CN=test", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
            File.WriteAllText(here.At("tls.pem"), made.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());
            thumbprint = made.Thumbprint;
        }
        using var tool = Serve("--listen", "0.0.0.0", "--certificate", "tls.pem");
        using var http = new HttpClient(new SocketsHttpHandler { SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == thumbprint } });
        Assert.Contains("SignData", await http.GetStringAsync($"https://127.0.0.1:{port}/?token={Token}"), StringComparison.Ordinal);
        tool.Interrupt();
        Assert.Equal(130, tool.Wait().Code);
    }

    [BrowserFact]
    public void In_a_real_browser_keys_held_down_record_every_frame_of_its_camera_once()
    {
        // Every frame shows its number: a bit a column, ten of them.
        Executable.RunOther("ffmpeg", "-v", "error", "-nostdin", "-f", "lavfi", "-i", "color=size=320x240:rate=30:duration=20,format=yuv420p,geq=lum='if(mod(floor(N/pow(2,floor(X/32))),2),225,30)':cb=128:cr=128", "-c:v", "mjpeg", "-q:v", "2", here.At("clip.mjpeg"));
        using var tool = Serve("--no-judge", "--save-script", "pressed.txt", "--size", "320x240");

        Executable.RunOther("node", Path.Combine(BrowserFactAttribute.Folder, "record.mjs"), $"http://127.0.0.1:{port}/?token={Token}", here.At("clip.mjpeg"), BrowserFactAttribute.Chromium!, here.At("page.png"), "a:1500", "Space:1000", "x:600", "Backspace:50", "Delete:700");
        var json = tool.Wait().Succeeds().Json;

        var pressed = File.ReadAllLines(here.At("pressed.txt")).Select(line => line.Split(' ')).Select(words => (Time: Number(words[0]), Key: words[1], Duration: Number(words[2]))).ToList();
        Assert.Equal(["a", "space", "x", "BackSpace", "Delete"], pressed.Select(stroke => stroke.Key));
        using var manifest = Manifest.Open(here.At("set"));
        var rows = manifest.Select().OrderBy(row => row.Position).ToList();
        Assert.Equal(["A", "space", "del"], rows.Select(row => row.Label).Distinct());
        Assert.Equal(json.GetProperty("kept").GetInt32(), rows.Count);
        foreach (var (stroke, burst) in pressed.Where(stroke => stroke.Key is not ("x" or "BackSpace")).Zip(rows.GroupBy(row => row.Burst)))
        {
            Assert.All(burst, row => Assert.InRange(row.Time!.Value, stroke.Time, stroke.Time + stroke.Duration));
            // What the page took, without a gap; what the camera showed, each once and in order (the clip begins anew after 600).
            Assert.Equal(Enumerable.Range(burst.First().Position!.Value, burst.Count()), burst.Select(row => row.Position!.Value));
            var shown = burst.Select(row => NumberOn(manifest.PathOf(row))).ToList();
            Assert.All(shown.Zip(shown.Skip(1)), pair => Assert.InRange((pair.Second - pair.First + 600) % 600, 1, 300));
        }

        static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
        static int NumberOn(string path) => ImageFile.Read(path) is var picture ? Enumerable.Range(0, 10).Sum(bit => picture.Row(120)[3 * ((32 * bit) + 16)] > 128 ? 1 << bit : 0) : 0;
    }
}
