using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using PortMgmt.Platform.Native;

namespace PortMgmt.Platform.Linux;

/// <summary>
/// Makes an opening of a file its only writer, for as long as it is open: by a lock of the whole file on its open description
/// (F_OFD_SETLK), against every other opening of it, of this process too, and unseen by whoever only reads. .NET's own locks are the
/// process's, and are lost when anybody in it closes the file.
/// </summary>
internal static unsafe class LinuxFileClaim
{
    private const int SetStatus = 4, SetLock = 37;
    private const int Append = 0x400;
    private const short WriteLock = 1;

    /// <summary>
    /// From now on all that is written goes to the end of the file, whatever the position: one that somebody else empties has no hole then.
    /// </summary>
    /// <param name="file">A file that is open for writing.</param>
    public static void AppendAlways(SafeFileHandle file) => _ = LinuxLibC.ControlFile(LibC.Descriptor(file), SetStatus, (byte*)Append);

    /// <summary>Takes the lock, which ends when the file is closed; false when another has it. A file system without locks keeps nobody out.</summary>
    /// <param name="file">A file that is open for writing.</param>
    public static bool TryTake(SafeFileHandle file)
    {
        // struct flock: its first member is the kind; all others are zero, which means the whole file, whatever their widths are here.
        byte* request = stackalloc byte[64];
        new Span<byte>(request, 64).Clear();
        *(short*)request = WriteLock;
        return LinuxLibC.ControlFile(LibC.Descriptor(file), SetLock, request) == 0
            || Marshal.GetLastPInvokeError() is not (LinuxLibC.EAGAIN or LibC.EACCES);
    }
}
