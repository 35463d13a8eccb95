using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using PortMgmt.Platform.Native;

namespace PortMgmt.Platform.Linux;

/// <summary>What the kernel tells of a file: its struct statx, which is laid out alike on every architecture.</summary>
[UnsupportedOSPlatform("windows")]
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal readonly unsafe struct LinuxFileStatus
{
    // What may be asked for.
    public const uint Type = 1, Mode = 2, Owner = 8, Inode = 0x100, Blocks = 0x400;

    /// <summary>The attribute of a directory or file that something is mounted on.</summary>
    public const ulong MountRoot = 0x2000;

    private const int CurrentDirectory = -100, FollowNoLink = 0x100, EmptyPath = 0x1000;
    private const int BlockLength = 512;

    [FieldOffset(8)]
    public readonly ulong Attributes;

    [FieldOffset(20)]
    public readonly uint OwnerId;

    [FieldOffset(28)]
    public readonly ushort TypeAndMode;

    [FieldOffset(32)]
    public readonly ulong InodeNumber;

    [FieldOffset(48)]
    private readonly ulong _blocks;

    /// <summary>Which attributes the kernel knows of.</summary>
    [FieldOffset(56)]
    public readonly ulong KnownAttributes;

    [FieldOffset(136)]
    public readonly uint DeviceMajor;

    [FieldOffset(140)]
    public readonly uint DeviceMinor;

    /// <summary>How many bytes it takes on the disk.</summary>
    public long SizeOnDisk => (long)_blocks * BlockLength;

    /// <summary>Whether it is the same file.</summary>
    public bool IsSameFile(in LinuxFileStatus other) =>
        InodeNumber == other.InodeNumber && DeviceMajor == other.DeviceMajor && DeviceMinor == other.DeviceMinor;

    /// <summary>Asks by path; false where it cannot be told, and the last error says why.</summary>
    /// <param name="path">The path.</param>
    /// <param name="wanted">What is asked for.</param>
    /// <param name="status">What the kernel tells.</param>
    /// <param name="followLink">Whether it is asked of what a link leads to, and not of the link.</param>
    public static bool TryRead(string path, uint wanted, out LinuxFileStatus status, bool followLink = true) =>
        TryRead(CurrentDirectory, path, followLink ? 0 : FollowNoLink, wanted, out status);

    /// <summary>The same of a file that is open.</summary>
    public static bool TryRead(SafeFileHandle file, uint wanted, out LinuxFileStatus status) =>
        TryRead(LibC.Descriptor(file), "", EmptyPath, wanted, out status);

    private static bool TryRead(int directory, string path, int flags, uint wanted, out LinuxFileStatus status)
    {
        fixed (LinuxFileStatus* result = &status)
        {
            return LinuxLibC.Statx(directory, path, flags, wanted, (byte*)result) == 0;
        }
    }
}
