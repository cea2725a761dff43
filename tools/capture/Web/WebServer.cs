using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using SignData.Core;
using SignData.Vision;

namespace SignData.Capture.Web;

/// <summary>Where the page is served.</summary>
/// <param name="Listen">An address of this machine, or localhost.</param>
/// <param name="Port">0 for any that is free.</param>
/// <param name="Token">What the address of the page must hold; null for a random one.</param>
/// <param name="Certificate">A PEM file with certificate and key; null for plain http.</param>
/// <param name="Insecure">Whether plain http beyond this machine is wanted.</param>
internal sealed record WebAddress(string Listen, int Port, string? Token, string? Certificate, bool Insecure)
{
    private const int ShortestToken = 16;

    /// <summary>The address to bind.</summary>
    /// <exception cref="InputException">It is none, or a careless one.</exception>
    public IPAddress Checked()
    {
        var address = Listen == "localhost" ? IPAddress.Loopback
            : IPAddress.TryParse(Listen, out var parsed) ? parsed : throw new InputException($"--listen '{Listen}' is no address: give localhost, 0.0.0.0, or an address of this machine.");
        if (!IPAddress.IsLoopback(address) && Certificate is null && !Insecure)
        {
            throw new InputException($"--listen {Listen} is beyond this machine: add --certificate FILE (PEM, with its key), or --insecure where the way is safe otherwise, such as a tunnel.");
        }
        if (Token is { Length: < ShortestToken } || Token?.All(char.IsAsciiLetterOrDigit) == false)
        {
            throw new InputException($"--token is not of {ShortestToken} or more letters and digits: leave it out for a random one.");
        }
        return address;
    }
}

/// <summary>Serves the page, the handshapes and the session to whoever knows the token.</summary>
internal sealed class WebServer : IAsyncDisposable
{
    private const int MostConnections = 64;

    private readonly byte[] token;
    private readonly WebSession session;
    private readonly Handshapes handshapes;
    private readonly byte[] page;
    private readonly WebApplication app;

    private WebServer(WebAddress address, IPAddress bound, WebSession session, Handshapes handshapes)
    {
        (this.session, this.handshapes) = (session, handshapes);
        var secret = address.Token ?? RandomNumberGenerator.GetHexString(32, lowercase: true);
        token = Encoding.UTF8.GetBytes(secret);
        using var content = typeof(WebServer).Assembly.GetManifestResourceStream("page.html")!;
        page = new byte[content.Length];
        content.ReadExactly(page);

        var builder = WebApplication.CreateEmptyBuilder(new());
        var certificate = address.Certificate is { } file ? Read(file) : null;
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxConcurrentConnections = options.Limits.MaxConcurrentUpgradedConnections = MostConnections;
            options.Limits.MaxRequestBodySize = 0;
            options.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(5);
            options.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(10);
            options.Listen(bound, address.Port, listening =>
            {
                listening.Protocols = HttpProtocols.Http1;
                if (certificate is not null)
                {
                    listening.UseHttps(certificate);
                }
            });
        });
        app = builder.Build();
        app.UseWebSockets(new() { KeepAliveInterval = TimeSpan.FromSeconds(5), KeepAliveTimeout = TimeSpan.FromSeconds(10) });
        app.Run(Answer);
        Url = new UriBuilder(certificate is null ? "http" : "https", bound.Equals(IPAddress.Any) || bound.Equals(IPAddress.IPv6Any) ? Dns.GetHostName() : bound.ToString()) { Query = "token=" + secret }.Uri;
    }

    /// <summary>What to open in a browser.</summary>
    public Uri Url { get; private set; }

    /// <summary>Begins to serve.</summary>
    /// <exception cref="InputException">The address cannot be bound.</exception>
    public static async Task<WebServer> Start(WebAddress address, WebSession session, Handshapes handshapes)
    {
        var server = new WebServer(address, address.Checked(), session, handshapes);
        try
        {
            await server.app.StartAsync();
        }
        catch (IOException e)
        {
            throw new InputException($"The page cannot be served at {address.Listen} port {address.Port} ({e.Message.TrimEnd('.')}): choose another with --listen and --port.", e);
        }
        server.Url = new UriBuilder(server.Url) { Port = new Uri(server.app.Urls.First()).Port }.Uri;
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await app.StopAsync(soon.Token);
        await app.DisposeAsync();
    }

    private static X509Certificate2 Read(string file)
    {
        try
        {
            using var read = X509Certificate2.CreateFromPemFile(file, file);
            // What is made of PEM serves TLS once it has gone through PKCS #12.
            return X509CertificateLoader.LoadPkcs12(read.Export(X509ContentType.Pkcs12), null);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new InputException($"--certificate '{file}' is no PEM file with a certificate and its key ({e.Message.TrimEnd('.')}).", e);
        }
    }

    private async Task Answer(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.CacheControl = "no-store";
        headers.ContentSecurityPolicy = "default-src 'self' 'unsafe-inline' blob:; frame-ancestors 'none'";
        headers["Referrer-Policy"] = "no-referrer";
        headers.XContentTypeOptions = "nosniff";
        if (!CryptographicOperations.FixedTimeEquals(token, Encoding.UTF8.GetBytes((string?)context.Request.Query["token"] ?? "")))
        {
            await Refuse(context, 403, "The address of this page holds a token, which is wrong or missing: copy the whole address that capture prints.");
            return;
        }
        switch (context.Request.Path.Value)
        {
            case "/":
                context.Response.ContentType = "text/html; charset=utf-8";
                await context.Response.Body.WriteAsync(page);
                break;
            case "/session" when context.WebSockets.IsWebSocketRequest:
                using (var socket = await context.WebSockets.AcceptWebSocketAsync())
                {
                    await session.Serve(socket);
                }
                break;
            case { } path when path.StartsWith("/hand/", StringComparison.Ordinal) && await handshapes.Drawn(path["/hand/".Length..]) is { } hand:
                context.Response.ContentType = "image/jpeg";
                await context.Response.Body.WriteAsync(ImageFile.EncodeJpeg(hand, 90));
                break;
            default:
                await Refuse(context, 404, "There is nothing here.");
                break;
        }
    }

    private static Task Refuse(HttpContext context, int status, string text)
    {
        (context.Response.StatusCode, context.Response.ContentType) = (status, "text/plain; charset=utf-8");
        return context.Response.WriteAsync(text);
    }
}
