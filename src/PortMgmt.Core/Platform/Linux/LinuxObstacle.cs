using System.Globalization;
using System.Runtime.Versioning;
using PortMgmt.Platform.Native;

namespace PortMgmt.Platform.Linux;

/// <summary>Looks at what stands under a name, following no link.</summary>
[UnsupportedOSPlatform("windows")]
internal static unsafe class LinuxObstacle
{
    private const int CurrentDirectory = -100, FollowNoLink = 0x100;
    private const uint TypeModeAndOwnerWanted = 1 | 2 | 8;
    private const int OwnerOffset = 20, ModeOffset = 28;
    private const int TypeMask = 0xF000, RegularFile = 0x8000, EverybodyMayUse = 0b110;

    /// <summary>What is in the way of a file that everybody is to use; null when nothing is.</summary>
    public static FileObstacle? Find(string path)
    {
        byte* result = stackalloc byte[256];
        if (LinuxLibC.Statx(CurrentDirectory, path, FollowNoLink, TypeModeAndOwnerWanted, result) != 0)
        {
            return null;
        }

        int mode = *(ushort*)(result + ModeOffset);
        string? what = (mode & TypeMask) switch
        {
            RegularFile => (mode & EverybodyMayUse) == EverybodyMayUse ? null : "a file that not everybody may use",
            0x4000 => "a directory",
            0xA000 => "a link",
            0x1000 => "a pipe",
            0xC000 => "a socket",
            _ => "a device",
        };
        return what is null ? null : new FileObstacle(what, GetOwner(result));
    }

    /// <summary>Who owns a name, be it a link; null where it is not there.</summary>
    public static string? FindOwner(string path)
    {
        byte* result = stackalloc byte[256];
        return LinuxLibC.Statx(CurrentDirectory, path, FollowNoLink, TypeModeAndOwnerWanted, result) == 0 ? GetOwner(result) : null;
    }

    private static string GetOwner(byte* result) => (*(uint*)(result + OwnerOffset)).ToString(CultureInfo.InvariantCulture);
}
