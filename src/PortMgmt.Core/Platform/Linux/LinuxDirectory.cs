using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using PortMgmt.Platform.Native;

namespace PortMgmt.Platform.Linux;

/// <summary>
/// A directory that is held on to: what is made in it lands there and nowhere else, even if its path leads to another one a moment later.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed class LinuxDirectory : IDisposable
{
    // O_PATH, which asks for no right to list it, and O_CLOEXEC.
    private const int OpenFlags = 0x200000 | 0x80000;

    // O_WRONLY, O_CREAT, O_EXCL and O_CLOEXEC.
    private const int NewFileFlags = 1 | 0x40 | 0x80 | 0x80000;

    private const int PrivateMode = 0b110_000_000;

    private readonly string _path;
    private readonly SafeFileHandle _handle;

    public LinuxDirectory(string path)
    {
        _path = path;
        int descriptor = LibC.Open(path, OpenFlags);
        if (descriptor < 0)
        {
            throw LibC.LastError(path);
        }

        _handle = new SafeFileHandle(descriptor, ownsHandle: true);
    }

    private int Descriptor => LibC.Descriptor(_handle);

    /// <summary>Who owns it, and who may do what in it.</summary>
    public (uint Owner, UnixFileMode Mode) GetOwnerAndMode()
    {
        const int Permissions = 0xFFF;
        return LinuxFileStatus.TryRead(_handle, LinuxFileStatus.Mode | LinuxFileStatus.Owner, out LinuxFileStatus status)
            ? (status.OwnerId, (UnixFileMode)(status.TypeAndMode & Permissions))
            : throw LibC.LastError(_path);
    }

    /// <summary>Makes a file that only its user may open; follows no link, and fails where the name is taken.</summary>
    public SafeFileHandle Create(string name)
    {
        int descriptor = LinuxLibC.OpenAt(Descriptor, name, NewFileFlags, PrivateMode);
        return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw LibC.LastError(Path.Combine(_path, name));
    }

    /// <summary>Gives a file a second name, unless that is taken; false for a file system without such links.</summary>
    public bool Link(string name, string secondName)
    {
        if (LinuxLibC.LinkAt(Descriptor, name, Descriptor, secondName, 0) == 0)
        {
            return true;
        }

        if (Marshal.GetLastPInvokeError() is LibC.EEXIST or LibC.ENOENT)
        {
            throw LibC.LastError(Path.Combine(_path, secondName));
        }

        return false;
    }

    /// <summary>Removes a name, if it is there.</summary>
    public void Remove(string name) => _ = LinuxLibC.UnlinkAt(Descriptor, name, 0);

    public void Dispose() => _handle.Dispose();
}
