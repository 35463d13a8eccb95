namespace PortMgmt.Cli.Run;

/// <summary>
/// Finds a command as Windows' own shells do: a name with a separator as it is, any other along <c>PATH</c>, each with the endings of
/// <c>PATHEXT</c>. Unlike cmd.exe it does not look in the current directory, where anybody may have put a program of that name.
/// </summary>
/// <param name="searchPath">The value of <c>PATH</c>; null when it is not set.</param>
/// <param name="endings">The value of <c>PATHEXT</c>; null when it is not set.</param>
/// <param name="exists">Whether a path is that of a file.</param>
internal sealed class WindowsExecutablePath(string? searchPath, string? endings, Func<string, bool> exists)
{
    private const string DefaultEndings = ".COM;.EXE;.BAT;.CMD";
    private static readonly string[] Startable = [".exe", ".com", ".bat", ".cmd"];

    private readonly string[] _endings = [.. Split(string.IsNullOrWhiteSpace(endings) ? DefaultEndings : endings).Where(static ending => ending.StartsWith('.'))];

    /// <summary>A search by the environment of this process.</summary>
    public static WindowsExecutablePath FromEnvironment() =>
        new(Environment.GetEnvironmentVariable("PATH"), Environment.GetEnvironmentVariable("PATHEXT"), File.Exists);

    /// <summary>Finds the command.</summary>
    /// <param name="command">The name as it was given.</param>
    /// <exception cref="CommandFailedException">There is no such file, or none that the system can start.</exception>
    public string Find(string command)
    {
        string? other = null;
        foreach (string candidate in Candidates(command))
        {
            if (!exists(candidate))
            {
                continue;
            }

            if (IsStartable(candidate))
            {
                return candidate;
            }

            other ??= candidate;
        }

        throw other is null
            ? CommandFailedException.NotFound(command)
            : CommandFailedException.NotExecutable(other, "Windows starts .exe, .com, .bat and .cmd files; name the program that runs this one in front of it");
    }

    /// <summary>Whether a file is read by cmd.exe, line by line.</summary>
    public static bool IsBatchFile(string path) => EndingOf(path).ToUpperInvariant() is ".BAT" or ".CMD";

    private static bool IsStartable(string path) => Startable.Contains(EndingOf(path), StringComparer.OrdinalIgnoreCase);

    private IEnumerable<string> Candidates(string command)
    {
        if (command.Length == 0)
        {
            return [];
        }

        if (command.AsSpan().IndexOfAny('\\', '/', ':') >= 0)
        {
            return WithEndings(command);
        }

        // An empty entry means the current directory elsewhere, and nothing here.
        return Split(searchPath ?? "").Select(static directory => directory.Trim('"').TrimEnd('\\', '/'))
            .Where(static directory => directory.Length > 0)
            .SelectMany(directory => WithEndings($@"{directory}\{command}"));
    }

    /// <summary>
    /// The path itself where it has an ending, and with each of the endings; without one last: beside npm.cmd lies npm, which is for other
    /// systems.
    /// </summary>
    private IEnumerable<string> WithEndings(string path)
    {
        IEnumerable<string> longer = _endings.Select(ending => path + ending);
        return EndingOf(path).Length > 1 ? longer.Prepend(path) : longer.Append(path);
    }

    private static string EndingOf(string path)
    {
        // The system takes no notice of spaces and full stops at the end: "x.bat. ." is x.bat.
        ReadOnlySpan<char> name = path.AsSpan(path.AsSpan().LastIndexOfAny('\\', '/', ':') + 1).TrimEnd(" .");
        int point = name.LastIndexOf('.');
        return point < 0 ? "" : name[point..].ToString();
    }

    private static string[] Split(string list) => list.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
