using System.Globalization;

namespace PortMgmt.Cli.Run;

/// <summary>What Linux shows of a process in /proc/PID/status and /proc/PID/limits, as far as <c>run</c> needs it.</summary>
/// <param name="Name">The short name.</param>
/// <param name="ParentId">The parent's process id; 0 when it is outside this PID namespace.</param>
/// <param name="Ignored">Ignored signals, signal n as bit n-1.</param>
/// <param name="Caught">Signals with a handler, likewise.</param>
/// <param name="OpenFiles">The limits of open files.</param>
internal sealed record ProcessStatus(string Name, int ParentId, ulong Ignored, ulong Caught, ResourceLimit OpenFiles)
{
    /// <summary>Reads a process's status; null when the system does not show it.</summary>
    /// <param name="process">A process id, or <c>self</c>.</param>
    public static ProcessStatus? Read(string process)
    {
        try
        {
            return Parse(File.ReadAllLines($"/proc/{process}/status"), File.ReadAllLines($"/proc/{process}/limits"));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Reads the lines of the two files.</summary>
    public static ProcessStatus Parse(string[] status, string[] limits)
    {
        string[] openFiles = Field(limits, "Max open files").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new ProcessStatus(
            Field(status, "Name:"),
            int.TryParse(Field(status, "PPid:"), NumberStyles.None, CultureInfo.InvariantCulture, out int parent) ? parent : 0,
            Mask(Field(status, "SigIgn:")),
            Mask(Field(status, "SigCgt:")),
            openFiles.Length < 2 ? default : new ResourceLimit(Limit(openFiles[0]), Limit(openFiles[1])));
    }

    private static string Field(string[] lines, string name)
    {
        foreach (string line in lines)
        {
            if (line.StartsWith(name, StringComparison.Ordinal))
            {
                return line[name.Length..].Trim();
            }
        }

        return "";
    }

    private static ulong Mask(string hex) =>
        ulong.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong mask) ? mask : 0;

    private static nuint Limit(string text) =>
        nuint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out nuint limit) ? limit : nuint.MaxValue;
}
