using System.Globalization;
using System.Runtime.Versioning;

namespace PortMgmt.Platform.Linux;

/// <summary>Looks at what stands under a name, following no link.</summary>
[UnsupportedOSPlatform("windows")]
internal static class LinuxObstacle
{
    private const uint Wanted = LinuxFileStatus.Type | LinuxFileStatus.Mode | LinuxFileStatus.Owner;
    private const int TypeMask = 0xF000, RegularFile = 0x8000, EverybodyMayUse = 0b110;

    /// <summary>What is in the way of a file that everybody is to use; null when nothing is.</summary>
    public static FileObstacle? Find(string path)
    {
        if (!LinuxFileStatus.TryRead(path, Wanted, out LinuxFileStatus status, followLink: false))
        {
            return null;
        }

        int mode = status.TypeAndMode;
        string? what = (mode & TypeMask) switch
        {
            RegularFile => (mode & EverybodyMayUse) == EverybodyMayUse ? null : "a file that not everybody may use",
            0x4000 => "a directory",
            0xA000 => "a link",
            0x1000 => "a pipe",
            0xC000 => "a socket",
            _ => "a device",
        };
        return what is null ? null : new FileObstacle(what, OwnerOf(status));
    }

    /// <summary>Who owns a name, be it a link; null where it is not there.</summary>
    public static string? FindOwner(string path) =>
        LinuxFileStatus.TryRead(path, Wanted, out LinuxFileStatus status, followLink: false) ? OwnerOf(status) : null;

    private static string OwnerOf(in LinuxFileStatus status) => status.OwnerId.ToString(CultureInfo.InvariantCulture);
}
