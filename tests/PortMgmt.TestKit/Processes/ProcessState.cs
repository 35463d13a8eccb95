using System.Globalization;

namespace PortMgmt.TestKit.Processes;

/// <summary>What Linux shows of a process from outside.</summary>
public static class ProcessState
{
    /// <summary>The ids of its threads.</summary>
    public static string[] Threads(int processId) =>
        [.. Directory.GetDirectories(Of(processId, "task")).Select(static path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    /// <summary>What its descriptors lead to, but for the assemblies that the runtime keeps open.</summary>
    public static string[] OpenFiles(int processId) => [.. Directory.GetFiles(Of(processId, "fd"))
        .Select(static path => new FileInfo(path).LinkTarget)
        .OfType<string>()
        .Where(static target => !target.EndsWith(".dll", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal)];

    /// <summary>The ids of its children.</summary>
    public static int[] Children(int processId) => [.. Directory.GetDirectories("/proc")
        .Where(static path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out _))
        .Where(path => Stat(path) is [_, string parent, ..] && int.Parse(parent, CultureInfo.InvariantCulture) == processId)
        .Select(static path => int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture))];

    /// <summary>Whether it has ended and only waits for its parent to notice.</summary>
    public static bool IsZombie(int processId) => Stat(Of(processId)) is ["Z", ..];

    /// <summary>Whether a signal has stopped it.</summary>
    public static bool IsStopped(int processId) => Stat(Of(processId)) is ["T", ..];

    /// <summary>The fields of its stat file from the third on: state, parent and so on; none when it is gone.</summary>
    private static string[] Stat(string path)
    {
        try
        {
            string text = File.ReadAllText(Path.Combine(path, "stat"));
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return [];
        }
    }

    private static string Of(int processId, string entry = "") =>
        Path.Combine("/proc", processId.ToString(CultureInfo.InvariantCulture), entry);
}
