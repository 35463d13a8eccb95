using System.Globalization;
using System.Runtime.Versioning;

namespace PortMgmt.Platform.Linux;

/// <summary>Reads /proc/locks, where the kernel says who holds and who waits for a lock; only on the way to an error or a status.</summary>
[UnsupportedOSPlatform("windows")]
internal static class LinuxLockTable
{
    /// <summary>How often it is looked for a holder: the kernel gives the table in pieces, and one that moves up between two of them is in none.</summary>
    private const int Looks = 3;

    public static (int? Holder, IReadOnlyList<int> Waiters) Find(string path)
    {
        (int? Holder, IReadOnlyList<int> Waiters) found = (null, []);
        if (Identify(path) is string file && File.Exists("/proc/locks"))
        {
            for (int look = 0; look < Looks && found.Holder is null; look++)
            {
                found = Look(file);
            }
        }

        return found;
    }

    private static (int? Holder, IReadOnlyList<int> Waiters) Look(string file)
    {
        int? holder = null;
        List<int> waiters = [];
        foreach (string line in File.ReadLines("/proc/locks"))
        {
            // 12: FLOCK  ADVISORY  WRITE 4711 08:01:131099 0 EOF   or, of one that waits:   12: -> FLOCK ADVISORY ...
            string[] field = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            bool waits = field.Length > 1 && field[1] == "->";
            int at = waits ? 2 : 1;
            if (field.Length < at + 5 || field[at] != "FLOCK" || field[at + 4] != file
                || !int.TryParse(field[at + 3], NumberStyles.Integer, CultureInfo.InvariantCulture, out int processId))
            {
                continue;
            }

            if (waits)
            {
                waiters.Add(processId);
            }
            else if (processId > 0)
            {
                holder = processId;
            }
        }

        return (holder, waiters);
    }

    private static string? Identify(string path) => LinuxFileStatus.TryRead(path, LinuxFileStatus.Inode, out LinuxFileStatus status)
        ? string.Create(CultureInfo.InvariantCulture, $"{status.DeviceMajor:x2}:{status.DeviceMinor:x2}:{status.InodeNumber}")
        : null;
}
