using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using SignData.Core;

namespace SignData.Vision;

/// <summary>
/// A child process, signdata-decode, that decodes one video after the other into shared memory. Whatever a hostile file does, it does to the child:
/// then this decoder is broken, and the next video gets another. One video at a time; a decoder is free for the next when
/// the last frame that lies in its memory has been given back.
/// </summary>
internal sealed unsafe class Decoder : IDisposable
{
    private const string Program = "signdata-decode";
    private const int LongestText = 64 << 10;

    private static readonly ConcurrentBag<Decoder> Idle = [];

    private readonly Process process;
    private readonly SharedMemory memory;
    private readonly Stream requests, answers;
    private readonly Timer watchdog;
    private readonly Lock writing = new();
    private string lastLine = "";
    private int loans;
    private volatile bool broken, gaveUp;

    private Decoder()
    {
        var path = Path.Combine(AppContext.BaseDirectory, Program);
        if (!File.Exists(path))
        {
            throw new InputException($"The program {Program} is missing beside {AppContext.BaseDirectory}; build it with `make native`, then build again.");
        }
        memory = new SharedMemory();
        watchdog = new Timer(_ => { gaveUp = true; Break(); });
        try
        {
            process = Process.Start(new ProcessStartInfo(path, [memory.Path])
            {
                UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            })!;
        }
        catch (Win32Exception e)
        {
            memory.Dispose();
            throw new InputException($"The program {path} cannot be started ({e.Message}): build it with `make native`, then build again.", e);
        }
        process.ErrorDataReceived += (_, line) => lastLine = string.IsNullOrWhiteSpace(line.Data) ? lastLine : line.Data.Trim();
        process.BeginErrorReadLine();
        requests = process.StandardInput.BaseStream;
        answers = new BufferedStream(process.StandardOutput.BaseStream, 4_096);
        if (!Read(out _, out _))
        {
            process.WaitForExit();
            var reason = lastLine.Length > 0 ? lastLine : $"it ended with {process.ExitCode}";
            Dispose();
            throw new InputException($"The program {Program} does not run ({reason}): run scripts/bootstrap.sh, then make native.");
        }
    }

    /// <summary>How long the child may take over one frame before it is given up.</summary>
    internal static TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>The child, for tests.</summary>
    internal int ProcessId => process.Id;

    /// <summary>Starts decoders that are not needed yet: loading libav takes a tenth of a second.</summary>
    /// <param name="count">So many.</param>
    public static void Prepare(int count) => Parallel.For(Idle.Count, count, _ =>
    {
        try
        {
            new Decoder { loans = 1 }.Return();
        }
        catch (InputException)
        {
            // Whoever needs one will be told.
        }
    });

    /// <summary>Takes a decoder that is free, or starts one.</summary>
    /// <exception cref="InputException">It cannot be started.</exception>
    public static Decoder Rent()
    {
        while (Idle.TryTake(out var idle))
        {
            if (!idle.process.HasExited)
            {
                idle.loans = 1;
                return idle;
            }
            idle.Dispose();
        }
        return new Decoder { loans = 1 };
    }

    /// <summary>Ends one loan: the renter's, or a frame's. After the last the decoder is free.</summary>
    public void Return()
    {
        if (Interlocked.Decrement(ref loans) > 0)
        {
            return;
        }
        if (broken)
        {
            Dispose();
        }
        else
        {
            Idle.Add(this);
        }
    }

    /// <summary>Why the child is of no more use; null while it is.</summary>
    public string? Failure => gaveUp ? $"no progress for {Patience.TotalSeconds:0} seconds" : broken ? "the decoder broke down on it" : null;

    /// <summary>Asks for a video; the answer is an <see cref="AnswerKind.Opened"/> or an <see cref="AnswerKind.Ended"/>.</summary>
    public void Open(string path)
    {
        var bytes = Encoding.UTF8.GetBytes(path);
        Send(RequestKind.Open, bytes.Length, bytes);
    }

    /// <summary>Sends a request; to a child that is gone, nothing.</summary>
    public void Send(RequestKind kind, int value = 0) => Send(kind, value, []);

    /// <summary>Waits for the next answer.</summary>
    /// <param name="answer">What came.</param>
    /// <param name="text">What came with it.</param>
    /// <returns>False when the child is gone or talks nonsense; the decoder is broken then.</returns>
    public bool Read(out Answer answer, out byte[] text)
    {
        answer = default;
        text = [];
        watchdog.Change(Patience, Timeout.InfiniteTimeSpan);
        try
        {
            answers.ReadExactly(MemoryMarshal.AsBytes(new Span<Answer>(ref answer)));
            if (answer.Text is < 0 or > LongestText)
            {
                Break();
                return false;
            }
            if (answer.Text > 0)
            {
                text = new byte[answer.Text];
                answers.ReadExactly(text);
            }
            return true;
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            Break();
            return false;
        }
        finally
        {
            watchdog.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>The frame of an answer, on loan from the child's memory.</summary>
    /// <returns>Null when the answer is nonsense; the decoder is broken then.</returns>
    public Frame? Lend(in Answer answer)
    {
        var (width, height, handle) = (answer.Width, answer.Height, answer.Handle);
        if (width is < 2 or > Image.MaxSide || height is < 2 or > Image.MaxSide || ((width | height) & 1) != 0 || answer.Position < 0)
        {
            Break();
            return null;
        }
        var luma = memory.Plane(answer.Luma, answer.Stride, width, height);
        var u = memory.Plane(answer.U, answer.ChromaStride, width / 2, height / 2);
        var v = memory.Plane(answer.V, answer.ChromaStride, width / 2, height / 2);
        if (luma is null || u is null || v is null)
        {
            Break();
            return null;
        }
        Interlocked.Increment(ref loans);
        var planes = new BorrowedPlanes(luma, answer.Stride, u, v, answer.ChromaStride, () =>
        {
            Send(RequestKind.Release, handle);
            Return();
        });
        return new Frame(width, height, answer.Position, TimeSpan.FromTicks(answer.Nanoseconds / TimeSpan.NanosecondsPerTick), planes)
        {
            Matrix = (YuvMatrix)Math.Clamp(answer.Matrix, 0, 2),
            FullRange = answer.Full != 0,
        };
    }

    /// <summary>Ends the child; what waits for its answer is told.</summary>
    public void Break()
    {
        broken = true;
        try
        {
            process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }

    private void Send(RequestKind kind, int value, ReadOnlySpan<byte> more)
    {
        Span<byte> request = stackalloc byte[8];
        MemoryMarshal.Write(request, (int)kind);
        MemoryMarshal.Write(request[4..], value);
        lock (writing)
        {
            try
            {
                requests.Write(request);
                requests.Write(more);
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException)
            {
                broken = true;
            }
        }
    }

    /// <summary>Ends the child and unmaps its memory.</summary>
    public void Dispose()
    {
        Break();
        process.WaitForExit();
        watchdog.Dispose();
        process.Dispose();
        memory.Dispose();
    }
}
