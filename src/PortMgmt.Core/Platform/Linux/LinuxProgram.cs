using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;

namespace PortMgmt.Platform.Linux;

/// <summary>A program that was seen to run.</summary>
/// <param name="Id">The process's id.</param>
/// <param name="Start">Its start, in hundredths of a second, which tells it from a later process of the same id.</param>
[SupportedOSPlatform("linux")]
internal readonly record struct LinuxProgram(int Id, ulong Start)
{
    /// <summary>Ends it, if it still runs.</summary>
    public void Kill()
    {
        if (!LinuxProcess.ReadStart(Id.ToString(CultureInfo.InvariantCulture), 0, out ulong start) || start != Start)
        {
            return;
        }

        try
        {
            using var process = Process.GetProcessById(Id);
            process.Kill();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception)
        {
            // It has just ended, or it has become another user's.
        }
    }
}
