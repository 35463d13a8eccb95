using System.Buffers.Text;
using System.Globalization;
using PortMgmt.Platform.Native;

namespace PortMgmt.Platform.Linux;

/// <summary>What /proc/PID/status tells of a process: its parent, and whether the id is that of a process at all.</summary>
internal static class LinuxProcesses
{
    private const int StatusLength = 4096;

    /// <summary>Whether an id that the system knows is that of a thread inside a process; false where that is hidden.</summary>
    public static bool IsThread(int id) => ReadNumber(id, "\nTgid:\t"u8) is int process && process != id;

    /// <summary>Whether a process is the parent of this one, or one of its parents.</summary>
    public static bool IsAncestor(int processId)
    {
        int child = Environment.ProcessId;
        while (ParentOf(child) is int parent)
        {
            if (parent == processId)
            {
                return true;
            }

            child = parent;
        }

        return false;
    }

    /// <summary>The process that started another, or that has taken its place; null where there is none, or that is hidden.</summary>
    public static int? ParentOf(int processId) => ReadNumber(processId, "\nPPid:\t"u8) is int parent and > 0 ? parent : null;

    private static int? ReadNumber(int processId, ReadOnlySpan<byte> label)
    {
        Span<byte> text = stackalloc byte[StatusLength];
        int length = LinuxLibC.ReadSmallFile(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/status"), text);
        int start = length <= 0 ? -1 : text[..length].IndexOf(label);
        return start >= 0 && Utf8Parser.TryParse(text[(start + label.Length)..length], out int number, out _) ? number : null;
    }
}
