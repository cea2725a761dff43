using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using SignData.Core;

namespace SignData.Training.Weights;

/// <summary>A folder of published weights: fetched once, checked, and continued where a broken transfer ended.</summary>
/// <param name="folder">Made when the first file is fetched.</param>
public sealed class WeightCache(string folder)
{
    private const long MaxBytes = 1L << 31;
    private const int Attempts = 5, Block = 1 << 17;
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    /// <summary><c>SIGNDATA_CACHE</c>, else <c>signdata/weights</c> in <c>XDG_CACHE_HOME</c> or <c>~/.cache</c>.</summary>
    public static string DefaultFolder => Environment.GetEnvironmentVariable("SIGNDATA_CACHE") is { Length: > 0 } chosen ? chosen : Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache ? cache : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
        "signdata", "weights");

    /// <summary>The file that a user means: one that exists, or published weights that have been fetched.</summary>
    /// <param name="fileOrName">A path, or one of <see cref="KnownWeights.All"/>'s names.</param>
    /// <exception cref="InputException">There is neither.</exception>
    public static string Locate(string fileOrName)
    {
        if (File.Exists(fileOrName))
        {
            return fileOrName;
        }
        if (KnownWeights.All.FirstOrDefault(known => known.Name == fileOrName) is not { } named)
        {
            throw new InputException($"No weights at '{fileOrName}'; name a .safetensors or .pth file, or published weights that `weights` lists.");
        }
        return new WeightCache(DefaultFolder).Find(named)
            ?? throw new InputException($"The weights '{fileOrName}' are not on this machine yet; fetch them with `weights {fileOrName}`.");
    }

    /// <summary>The file, if it is here; null if it is not.</summary>
    /// <param name="known">Which.</param>
    public string? Find(KnownWeights known)
    {
        ArgumentNullException.ThrowIfNull(known);
        string path = Path.Combine(folder, known.File);
        return File.Exists(path) ? path : null;
    }

    /// <summary>Fetches weights that are not here yet. What a broken transfer left is continued.</summary>
    /// <param name="known">Which.</param>
    /// <param name="mirror">A folder on the web that holds the file, in place of the publisher's; or null.</param>
    /// <param name="progress">Where progress is shown, in MiB, or null.</param>
    /// <param name="cancelled">Ends the transfer; what has arrived stays for the next time.</param>
    /// <returns>The file.</returns>
    /// <exception cref="InputException">The server has no such file, cannot be reached, or gave another file.</exception>
    public string Fetch(KnownWeights known, Uri? mirror = null, IProgress<Progress>? progress = null, CancellationToken cancelled = default)
    {
        ArgumentNullException.ThrowIfNull(known);
        string path = Path.Combine(folder, known.File), part = path + ".part";
        if (File.Exists(path) && IsSound(path, known))
        {
            return path;
        }
        Uri url = mirror is null ? known.Url : new Uri(mirror.AbsoluteUri.TrimEnd('/') + "/" + known.File);
        Directory.CreateDirectory(folder);
        using (FileStream file = Open(part, known))
        {
            bool continued = file.Length > 0;
            Transfer(url, file, known, progress, cancelled);
            if (!IsSound(file, known) && continued)
            {
                // The beginning may be another file's: once more from nothing.
                file.SetLength(0);
                Transfer(url, file, known, progress, cancelled);
            }
            if (!IsSound(file, known))
            {
                string hash = Hash(file);
                file.SetLength(0);
                throw new InputException($"'{url}' is not the published file: its SHA-256 begins with {hash[..8]} and not {known.Sha256Prefix}. Nothing was kept; try again, or another --mirror.");
            }
            file.Flush(flushToDisk: true);
        }
        File.Move(part, path, overwrite: true);
        return path;
    }

    private static FileStream Open(string part, KnownWeights known)
    {
        try
        {
            return new FileStream(part, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (File.Exists(part))
        {
            throw new InputException($"'{part}' is in use: another process is fetching {known.Name}. Wait for it.", e);
        }
    }

    // Goes on from what the file has. A server that breaks off is asked again as long as something arrives.
    private static void Transfer(Uri url, FileStream file, KnownWeights known, IProgress<Progress>? progress, CancellationToken cancelled)
    {
        using HttpClient client = new(new SocketsHttpHandler { ConnectTimeout = Silence }) { Timeout = Timeout.InfiniteTimeSpan };
        for (int failed = 0; ;)
        {
            long before = file.Length;
            try
            {
                if (Ask(client, url, file, known, progress, cancelled))
                {
                    return;
                }
            }
            catch (Exception e) when (e is HttpRequestException or HttpIOException or TimeoutException || e is IOException { InnerException: System.Net.Sockets.SocketException })
            {
                failed = file.Length > before ? 0 : failed + 1;
                if (failed == Attempts || e is HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError })
                {
                    throw new InputException($"'{url}' cannot be fetched: {e.Message} {file.Length} bytes are kept; run it again to go on, or give a --mirror.", e);
                }
            }
        }
    }

    // One request; false where the server must be asked for the whole.
    private static bool Ask(HttpClient client, Uri url, FileStream file, KnownWeights known, IProgress<Progress>? progress, CancellationToken cancelled)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
        using HttpRequestMessage request = new(HttpMethod.Get, url);
        file.Position = file.Length;
        if (file.Length > 0)
        {
            request.Headers.Range = new RangeHeaderValue(file.Length, null);
        }
        using HttpResponseMessage response = Patiently(token => client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token), patience, cancelled);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable && file.Length > 0)
        {
            // Either everything is here, which the hash will tell, or what is here is not its beginning.
            bool complete = response.Content.Headers.ContentRange?.Length == file.Length;
            file.SetLength(complete ? file.Length : 0);
            return complete;
        }
        if (!response.IsSuccessStatusCode)
        {
            throw new InputException($"'{url}' answers {(int)response.StatusCode} {response.ReasonPhrase}; give a --mirror that has {known.File}, or put the file into the cache by hand.");
        }
        if (response.StatusCode != HttpStatusCode.PartialContent || response.Content.Headers.ContentRange?.From != file.Length)
        {
            file.SetLength(0);
        }
        long total = file.Length + (response.Content.Headers.ContentLength ?? 0);
        using Stream content = response.Content.ReadAsStream(cancelled);
        byte[] block = new byte[Block];
        for (int read; (read = Patiently(token => content.ReadAsync(block, token).AsTask(), patience, cancelled)) > 0;)
        {
            file.Write(block, 0, read);
            if (Math.Max(file.Length, total) > MaxBytes)
            {
                throw new InputException($"'{url}' is larger than {MaxBytes >> 20} MiB, which no weights here are; give another --mirror.");
            }
            // In whole MiB, the last one begun or not.
            progress?.Report(new Progress($"Fetching {known.Name} (MiB)", file.Length == total ? MiB(total) : file.Length >> 20, MiB(Math.Max(total, file.Length))));
        }
        return true;
    }

    private static long MiB(long bytes) => (bytes + (1 << 20) - 1) >> 20;

    private static T Patiently<T>(Func<CancellationToken, Task<T>> wait, CancellationTokenSource patience, CancellationToken cancelled)
    {
        patience.CancelAfter(Silence);
        try
        {
            return wait(patience.Token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException e) when (!cancelled.IsCancellationRequested)
        {
            throw new TimeoutException($"Nothing arrived for {Silence.TotalSeconds:0} s.", e);
        }
    }

    private static bool IsSound(string path, KnownWeights known)
    {
        using FileStream file = File.OpenRead(path);
        return IsSound(file, known);
    }

    private static bool IsSound(FileStream file, KnownWeights known) => Hash(file).StartsWith(known.Sha256Prefix, StringComparison.Ordinal);

    private static string Hash(FileStream file)
    {
        file.Position = 0;
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}
