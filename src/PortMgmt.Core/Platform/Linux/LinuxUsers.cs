using System.Buffers.Text;
using System.Globalization;
using System.Text;
using PortMgmt.Platform.Native;

namespace PortMgmt.Platform.Linux;

/// <summary>Users as a user namespace shows them.</summary>
internal static class LinuxUsers
{
    private const int TextLength = 4096;

    // The whole of 32 bits but the last, which stands for none: the mapping of the machine's own namespace.
    private const uint AllUsers = uint.MaxValue;

    /// <summary>Whether a user id stands for everybody who is not mapped into this user namespace.</summary>
    /// <param name="userId">The id.</param>
    public static bool IsUnmapped(string userId)
    {
        Span<byte> text = stackalloc byte[TextLength];
        int length = LinuxLibC.ReadSmallFile("/proc/sys/kernel/overflowuid", text);
        if (length <= 0 || !Utf8Parser.TryParse(text[..length], out uint overflow, out _) || userId != overflow.ToString(CultureInfo.InvariantCulture))
        {
            return false;
        }

        length = LinuxLibC.ReadSmallFile("/proc/self/uid_map", text);
        return length >= 0 && !Maps(Encoding.ASCII.GetString(text[..length]), overflow);
    }

    /// <summary>Whether a mapping has a user of its own for an id; its lines are first inside, first outside, how many.</summary>
    internal static bool Maps(string mapping, uint userId)
    {
        foreach (string line in mapping.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length == 3
                && uint.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out uint first)
                && uint.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out uint count)
                && userId >= first && userId - first < Math.Min(count, AllUsers))
            {
                return true;
            }
        }

        return false;
    }
}
