using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace PortMgmt.Cli.Run;

/// <summary>Windows has no execve: a thin parent starts the command, waits for it and hands its exit code on.</summary>
[SupportedOSPlatform("windows")]
internal static class WindowsCommand
{
    private const int FileNotFound = 2;
    private const int PathNotFound = 3;

    /// <summary>Runs the command to its end.</summary>
    /// <returns>Its exit code.</returns>
    /// <exception cref="CommandFailedException">It could not be started.</exception>
    public static int Run(CommandProcess process)
    {
        // The console sends Ctrl-C and Ctrl-Break to the command too: whether to end is the command's decision, not ours.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
        using var breakKey = PosixSignalRegistration.Create(PosixSignal.SIGQUIT, context => context.Cancel = true);
        using var job = WindowsJob.EnterNew();
        using Process child = Start(process);
        child.WaitForExit();
        job.Release();
        return child.ExitCode;
    }

    private static Process Start(CommandProcess process)
    {
        var start = new ProcessStartInfo(process.Command, process.Arguments) { UseShellExecute = false };
        foreach ((string name, string value) in process.Variables)
        {
            start.Environment[name] = value;
        }

        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception failure)
        {
            throw failure.NativeErrorCode is FileNotFound or PathNotFound
                ? CommandFailedException.NotFound(process.Command)
                : CommandFailedException.NotExecutable(process.Command, failure.Message);
        }
    }
}
