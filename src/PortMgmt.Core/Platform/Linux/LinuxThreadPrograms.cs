using System.Globalization;
using System.Runtime.Versioning;

namespace PortMgmt.Platform.Linux;

/// <summary>
/// The programs that one thread of this process has started and that still run, with all that those have started: what the kernel lists
/// as the thread's children. A program that made itself a child of the system, as a service does, is no longer among them. Thread-safe.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class LinuxThreadPrograms
{
    private readonly string _children;
    private volatile HashSet<int> _known = [];

    private LinuxThreadPrograms(string children) => _children = children;

    /// <summary>Those of the calling thread; null where the kernel does not list them.</summary>
    public static LinuxThreadPrograms? OfCurrentThread()
    {
        try
        {
            // As PID/task/TID.
            string? thread = File.ResolveLinkTarget("/proc/thread-self", returnFinalTarget: false)?.Name;
            string children = $"/proc/self/task/{thread}/children";
            return thread is not null && File.Exists(children) ? new LinuxThreadPrograms(children) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>What runs now is not to be found.</summary>
    public void Forget() => _known = [.. ReadChildren(_children)];

    /// <summary>What runs now, but for what ran when <see cref="Forget"/> was called: each program before those that it has started.</summary>
    public IReadOnlyList<LinuxProgram> Find()
    {
        List<LinuxProgram> found = [];
        foreach (int id in ReadChildren(_children))
        {
            if (!_known.Contains(id))
            {
                Add(id, found);
            }
        }

        return found;
    }

    private static void Add(int id, List<LinuxProgram> found)
    {
        string entry = id.ToString(CultureInfo.InvariantCulture);
        if (!LinuxProcess.ReadStart(entry, 0, out ulong start) || start == 0)
        {
            return;
        }

        found.Add(new LinuxProgram(id, start));
        foreach (string thread in ThreadsOf(entry))
        {
            foreach (int child in ReadChildren($"{thread}/children"))
            {
                Add(child, found);
            }
        }
    }

    private static string[] ThreadsOf(string entry)
    {
        try
        {
            return Directory.GetDirectories($"/proc/{entry}/task");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended meanwhile.
            return [];
        }
    }

    private static IEnumerable<int> ReadChildren(string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }

        return text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(static id => int.Parse(id, CultureInfo.InvariantCulture));
    }
}
