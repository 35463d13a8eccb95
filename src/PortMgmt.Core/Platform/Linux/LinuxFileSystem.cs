using System.Runtime.Versioning;
using PortMgmt.Platform.Native;

namespace PortMgmt.Platform.Linux;

/// <summary>What kind of file system a file is on.</summary>
[UnsupportedOSPlatform("windows")]
internal static unsafe class LinuxFileSystem
{
    private const uint Proc = 0x9FA0;

    // ext2 to ext4, XFS, Btrfs, tmpfs, ramfs, overlayfs, F2FS, ZFS, bcachefs: what two machines cannot have mounted at once.
    private static ReadOnlySpan<uint> Local =>
        [0xEF53, 0x5846_5342, 0x9123_683E, 0x0102_1994, 0x8584_58F6, 0x794C_7630, 0xF2F5_2010, 0x2FC1_2FC1, 0xCA45_1A4E];

    /// <summary>Whether a directory is on a disk or in the memory of this machine. One that is not known is taken for a network's.</summary>
    public static bool IsLocal(string directory) => Local.Contains(GetKind(directory));

    /// <summary>Whether a file of /proc is the kernel's own, with nothing mounted over it or over a directory above it.</summary>
    public static bool IsKernels(string path)
    {
        if (GetKind(path) != Proc || !LinuxFileStatus.TryRead(path, 0, out LinuxFileStatus status))
        {
            return false;
        }

        // Before Linux 5.8, only the list of mounts tells.
        return (status.KnownAttributes & LinuxFileStatus.MountRoot) != 0
            ? (status.Attributes & LinuxFileStatus.MountRoot) == 0
            : !IsMountPoint(path);
    }

    private static uint GetKind(string path)
    {
        // struct statfs begins with the kind, whatever its width.
        byte* result = stackalloc byte[256];
        return LinuxLibC.StatFileSystem(path, result) == 0 ? *(uint*)result : 0;
    }

    private static bool IsMountPoint(string path) =>
        File.ReadLines("/proc/self/mountinfo").Any(line => line.Split(' ') is [_, _, _, _, string point, ..] && point == path);
}
