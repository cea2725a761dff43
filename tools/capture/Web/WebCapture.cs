using SignData.Cli;
using SignData.Core;
using SignData.Dataset;

namespace SignData.Capture.Web;

/// <summary>A session whose camera, keys and window are a page in a browser.</summary>
internal static class WebCapture
{
    /// <summary>Records until the page's Esc, or Ctrl-C; all is written then.</summary>
    public static CaptureSummary Run(CaptureOptions options, WebAddress address, (int Width, int Height, int Fps) camera, string? saveScript, ToolRun run)
    {
        address.Checked();
        var log = saveScript is null ? null : new KeyLog(saveScript);
        using var recorder = new Recorder(options);
        var handshapes = new Handshapes();
        using var session = new WebSession(options, recorder, log, camera, run.Cancelled);
        return Serve().GetAwaiter().GetResult();

        async Task<CaptureSummary> Serve()
        {
            await using var server = await WebServer.Start(address, session, handshapes);
            run.Say($"Open {server.Url} and allow the camera. Esc there or Ctrl-C here ends.");
            await session.Over();
            try
            {
                log?.Write(session.Now);
                var summary = recorder.Finish(session.Now);
                session.LastWords = $"{summary.Kept} frames are kept. This page can be closed.";
                return summary;
            }
            catch (InputException failure)
            {
                session.LastWords = failure.Message;
                throw;
            }
            finally
            {
                await session.Gone();
            }
        }
    }
}
