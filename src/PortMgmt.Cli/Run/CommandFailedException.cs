using System.Globalization;
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

    /// <summary>A batch file would run the argument, or a part of it, as a command.</summary>
    /// <param name="path">The batch file.</param>
    /// <param name="argument">The argument.</param>
    /// <param name="reason">Why no quotes help.</param>
    public static CommandFailedException UnsafeArgument(string path, string argument, string reason) => new(
        ExitCodes.CommandNotExecutable,
        $"Cannot pass '{argument}' to '{path}': {reason}. Call the program behind the batch file, or pass this on standard input, in a file or in an environment variable.");

    /// <summary>The arguments are more than the system, or the reader of batch files, takes.</summary>
    /// <param name="path">The command's file.</param>
    /// <param name="length">How many characters they are with it.</param>
    /// <param name="limit">How many there may be.</param>
    /// <param name="reader">Who takes no more.</param>
    public static CommandFailedException TooLong(string path, int length, int limit, string reader) => new(
        ExitCodes.CommandNotExecutable,
        string.Create(CultureInfo.InvariantCulture, $"Cannot run '{path}': its command line has {length} characters, and {reader} takes {limit} at most. Pass what is long on standard input, in a file or in an environment variable."));

    private static string Readable(string command) => OperatingSystem.IsWindows()
        ? command
        : Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(command));
}
