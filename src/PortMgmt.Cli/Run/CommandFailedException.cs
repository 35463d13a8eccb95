using System.Text;

namespace PortMgmt.Cli.Run;

/// <summary>The command of <c>run</c> could not be started.</summary>
internal sealed class CommandFailedException : Exception
{
    private CommandFailedException(int exitCode, string message)
        : base(message) => ExitCode = exitCode;

    /// <summary>126 or 127, as shells have it.</summary>
    public int ExitCode { get; }

    /// <summary>There is no such command.</summary>
    /// <param name="command">As it was given, in Latin-1 on Unix.</param>
    public static CommandFailedException NotFound(string command) => new(
        ExitCodes.CommandNotFound,
        $"Command '{Readable(command)}' not found. Check its spelling and PATH, or give its whole path.");

    /// <summary>The command is there but cannot be run.</summary>
    /// <param name="path">Its path, in Latin-1 on Unix.</param>
    /// <param name="reason">Why not.</param>
    public static CommandFailedException NotExecutable(string path, string reason) => new(
        ExitCodes.CommandNotExecutable,
        $"Cannot run '{Readable(path)}': {reason}. Check the file, its permissions and its first line.");

    private static string Readable(string command) => OperatingSystem.IsWindows()
        ? command
        : Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(command));
}
