using System.Runtime.Versioning;
using PortMgmt.Platform.Linux;

namespace PortMgmt.TestProcess;

/// <summary>
/// <c>exhausted</c>: asks a host that was not asked before what it must know of itself, with no descriptor free for the
/// answer, and prints each answer, or <c>refused</c>: instance, start of this process, ephemeral range.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class ExhaustedVerb
{
    public static int Run(TextWriter output)
    {
        // Once with descriptors, so that the code is loaded and compiled.
        Ask(TextWriter.Null);
        using (new Descriptors(free: 1))
        {
            Ask(TextWriter.Null);
        }

        // The console, too, may have to load something.
        using var answers = new StringWriter();
        using (new Descriptors(free: 0))
        {
            Ask(answers);
        }

        output.Write(answers);
        return 0;
    }

    private static void Ask(TextWriter output)
    {
        var platform = new LinuxPlatform();
        Answer(output, () => platform.InstanceId);
        Answer(output, () => platform.Self.Start);
        Answer(output, () => platform.ReadPortRules().Ephemeral);
    }

    private static void Answer(TextWriter output, Func<object?> ask)
    {
        try
        {
            output.WriteLine(ask());
        }
        catch (IOException)
        {
            output.WriteLine("refused");
        }
    }
}
