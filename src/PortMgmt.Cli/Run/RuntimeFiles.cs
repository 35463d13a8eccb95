using System.Globalization;

namespace PortMgmt.Cli.Run;

/// <summary>
/// The files that the .NET runtime makes at its start for debuggers and diagnostic tools and removes at its exit. After
/// execve there is no such exit, so they are removed before. (They cannot be kept from being made: the settings are read
/// from the environment only, which is another's.)
/// </summary>
internal static class RuntimeFiles
{
    /// <summary>Removes those of this process, as far as that can be: a file too many is no reason not to run a command.</summary>
    public static void Remove()
    {
        try
        {
            RemoveAll();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The temporary directory is not ours to write to, so there is nothing of ours in it either.
        }
    }

    /// <summary>
    /// Lets the runtime open the pipes for which it waits: until then it has reserved the number of a descriptor, and dup2 to that is refused.
    /// To be called before <see cref="Remove"/>; what it opens stays open until the execve.
    /// </summary>
    public static IDisposable[] OpenDebuggerPipes()
    {
        if (StartKey() is not { } key)
        {
            return [];
        }

        try
        {
            // For both directions, in which no side waits for the other on Linux; the runtime opens them in this order.
            string pipe = $"{Path.GetTempPath()}/clr-debug-pipe-{Environment.ProcessId}-{key}";
            return [.. ((string[])[$"{pipe}-in", $"{pipe}-out"])
                .Where(File.Exists)
                .Select(path => File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static void RemoveAll()
    {
        string directory = Path.GetTempPath();
        int process = Environment.ProcessId;
        if (StartKey() is { } key)
        {
            File.Delete($"{directory}/dotnet-diagnostic-{process}-{key}-socket");
            File.Delete($"{directory}/clr-debug-pipe-{process}-{key}-in");
            File.Delete($"{directory}/clr-debug-pipe-{process}-{key}-out");
            return;
        }

        foreach (string pattern in (string[])[$"dotnet-diagnostic-{process}-*-socket", $"clr-debug-pipe-{process}-*"])
        {
            foreach (string file in Directory.EnumerateFileSystemEntries(directory, pattern))
            {
                File.Delete(file);
            }
        }
    }

    // The runtime tells two processes of one id apart by their start time, on Linux field 22 of /proc/PID/stat. The
    // program's name, field 2, may hold spaces and parentheses, so counting begins behind its end.
    private static string? StartKey()
    {
        if (!OperatingSystem.IsLinux() || !File.Exists("/proc/self/stat"))
        {
            return null;
        }

        string stat = File.ReadAllText("/proc/self/stat");
        string[] fieldsFromThird = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return ulong.Parse(fieldsFromThird[22 - 3], CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);
    }
}
