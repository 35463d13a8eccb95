using System.Runtime.Versioning;
using System.Text;

namespace PortMgmt.Cli.Run;

/// <summary>Finds a command as execvp(3) and the shells do: a name with a slash as it is, any other along <c>PATH</c>.</summary>
[UnsupportedOSPlatform("windows")]
internal static class ExecutablePath
{
    // What execvp(3) takes when PATH is not set.
    private const string DefaultSearchPath = "/bin:/usr/bin";

    /// <summary>Finds the command.</summary>
    /// <param name="command">The name as it was given, in Latin-1.</param>
    /// <param name="searchPath">The value of <c>PATH</c>, in Latin-1; null when it is not set.</param>
    /// <exception cref="CommandFailedException">There is no such file, or none that may be executed.</exception>
    public static string Find(string command, string? searchPath)
    {
        string? refused = null;
        foreach (string candidate in Candidates(command, searchPath))
        {
            if (IsExecutableFile(candidate))
            {
                return candidate;
            }

            refused ??= CanAccess(candidate, LibC.Exists) ? candidate : null;
        }

        throw refused is null
            ? CommandFailedException.NotFound(command)
            : CommandFailedException.NotExecutable(refused, "it is a directory or lacks the permission to execute");
    }

    private static IEnumerable<string> Candidates(string command, string? searchPath)
    {
        if (command.Length == 0)
        {
            yield break;
        }

        if (command.Contains('/'))
        {
            yield return command;
            yield break;
        }

        foreach (string directory in (searchPath ?? DefaultSearchPath).Split(':'))
        {
            yield return directory.Length == 0 ? $"./{command}" : $"{directory}/{command}";
        }
    }

    private static bool IsExecutableFile(string path) =>
        CanAccess(path, LibC.Executable) && !CanAccess($"{path}/.", LibC.Exists);

    private static bool CanAccess(string path, int mode) => LibC.CanAccess(Encoding.Latin1.GetBytes($"{path}\0"), mode);
}
