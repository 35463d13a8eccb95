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

    /// <summary>The whole path of a command's file.</summary>
    /// <exception cref="CommandFailedException">There is none that could be started.</exception>
    public static string Find(string command) => Path.GetFullPath(WindowsExecutablePath.FromEnvironment().Find(command));

    /// <summary>Runs a command to its end.</summary>
    /// <param name="path">Its file.</param>
    /// <param name="process">What to start.</param>
    /// <returns>Its exit code.</returns>
    /// <exception cref="CommandFailedException">It could not be started.</exception>
    public static int Run(string path, CommandProcess process)
    {
        // The console sends Ctrl-C and Ctrl-Break to the command too: whether to end is the command's decision, not ours.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
        using var breakKey = PosixSignalRegistration.Create(PosixSignal.SIGQUIT, context => context.Cancel = true);
        using var job = WindowsJob.EnterNew();
        using Process child = Start(path, process);
        child.WaitForExit();
        return child.ExitCode;
    }

    /// <summary>The command line of a command.</summary>
    /// <param name="path">Its file.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <exception cref="CommandFailedException">It is a batch file, to which an argument would be code.</exception>
    public static WindowsCommandLine Prepare(string path, IEnumerable<string> arguments) =>
        WindowsCommandLine.Create(path, arguments, Environment.SystemDirectory);

    private static Process Start(string path, CommandProcess process)
    {
        WindowsCommandLine line = Prepare(path, process.Arguments);
        var start = new ProcessStartInfo(line.Program, line.Arguments) { UseShellExecute = false };
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
                : CommandFailedException.NotExecutable(path, failure.Message.TrimEnd('.'));
        }
    }
}
