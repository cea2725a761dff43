namespace SignData.Tools.Tests;

/// <summary>What a recording is refused for: wrong lines, cameras that are none or busy, no display.</summary>
public sealed class CaptureInputTests : IDisposable
{
    private readonly Executable here = ScriptedCapture.Folder();

    public void Dispose() => here.Dispose();

    [Theory]
    [InlineData("keys", "1 5 1", "line 1", "'5' has no label")]
    [InlineData("keys", "soon a 1", "line 1", "'soon' is no time")]
    [InlineData("keys", "1 a -2", "line 1", "'-2'")]
    [InlineData("labels", "a A\na B", "line 2", "the key a is 'A' already")]
    [InlineData("labels", "Tab A", "line 1", "meaning of its own")]
    [InlineData("labels", "a", "line 1", "no label")]
    public void A_wrong_line_is_told_with_its_number(string file, string content, params string[] words)
    {
        here.Clip(0.5);
        here.Script("0 a 0.3");
        File.WriteAllText(here.At("labels.txt"), "a A");
        File.WriteAllText(here.At(file + ".txt"), content);

        here.Run("capture", ScriptedCapture.Arguments("set", "keys.txt", "--labels", "labels.txt")).FailsInOneLine([file + ".txt", .. words]);
    }

    [Theory]
    [InlineData("/dev/video99", "There is no camera /dev/video99")]
    [InlineData("none.mp4", "does not exist")]
    [InlineData("text.mp4", "is not a video")]
    [InlineData("sound.mp4", "sound.mp4")]
    [InlineData("file:///etc/passwd", "no address of a camera")]
    [InlineData("http://127.0.0.1:9/video", "cannot be read")]
    public void A_camera_that_is_none_ends_with_one_line(string camera, string words)
    {
        File.WriteAllText(here.At("text.mp4"), "This is no video.");
        Executable.RunOther("ffmpeg", "-v", "error", "-nostdin", "-f", "lavfi", "-i", "sine=duration=1", here.At("sound.mp4"));

        here.Run("capture", "set", "--camera", camera, "--script", here.Script("0 a 1"), "--no-window").FailsInOneLine(words);
    }

    [Fact]
    public void A_camera_that_another_program_uses_is_told()
    {
        // There need be no camera: a driver's answers are put under the real ffmpeg, the last of them as of a camera that films for somebody else.
        File.WriteAllText(here.At("driver.c"), """
            #include <errno.h>
            #include <linux/videodev2.h>

            int ioctl(int device, unsigned long request, void *argument)
            {
                switch ((unsigned int)request) {
                case VIDIOC_QUERYCAP:
                    ((struct v4l2_capability *)argument)->capabilities = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING;
                    return 0;
                case VIDIOC_G_INPUT:
                case VIDIOC_ENUMINPUT:
                case VIDIOC_G_FMT:
                    return 0;
                default:
                    errno = request == VIDIOC_S_FMT ? EBUSY : EINVAL;
                    return -1;
                }
            }
            """);
        Executable.RunOther("cc", "-shared", "-fPIC", "-o", here.At("driver.so"), here.At("driver.c"));
        here.Variables["LD_PRELOAD"] = here.At("driver.so");

        here.Run("capture", "set", "--camera", "/dev/full", "--script", here.Script("0 a 1"), "--no-window").FailsInOneLine("/dev/full is in use", "close the other program");
    }

    [Fact]
    public void No_display_a_dataset_that_is_a_file_and_wrong_usage_are_told()
    {
        here.Clip(0.5);
        here.Run("capture", "set", "--camera", "clip.mp4").FailsInOneLine("record in a browser with --web", ScriptedCapture.NoDisplay);
        here.Run("capture", ScriptedCapture.Arguments("clip.mp4", here.Script("0 a 1"))).FailsInOneLine("is a file");
        here.Run("capture", ScriptedCapture.Arguments("set", here.Script("0 a 0.3"), "--no-judge")).Succeeds();
        here.Run("capture", ScriptedCapture.Arguments("more", "keys.txt", "--judged", "set")).FailsInOneLine("holds no predictions");
        Assert.Equal(2, here.Run("capture").Code);
        Assert.Equal(2, here.Run("capture", "set", "--no-window").Code);
        here.Run("capture", "--list-cameras").Succeeds();
        here.Run("capture", ScriptedCapture.Arguments("set", "keys.txt", "--focus", "30")).FailsInOneLine("is no device");
    }
}
