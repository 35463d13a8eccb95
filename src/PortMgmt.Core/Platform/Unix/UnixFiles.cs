using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using PortMgmt.Platform.Native;

namespace PortMgmt.Platform.Unix;

/// <summary>Files as the registry needs them: opened without following links, and with all their rights from their first moment on.</summary>
[UnsupportedOSPlatform("windows")]
internal static class UnixFiles
{
    public const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    public const UnixFileMode Everybody = Private | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    private const int ReadAndWrite = 2;

    /// <summary>Opens a regular file; null where there is none.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="flags">O_CLOEXEC, O_NOFOLLOW and O_NONBLOCK as this system numbers them.</param>
    /// <param name="readOnly">Whether it is only to be looked at.</param>
    public static SafeFileHandle? Open(string path, int flags, bool readOnly)
    {
        int descriptor;
        while ((descriptor = LibC.Open(path, flags | (readOnly ? 0 : ReadAndWrite))) < 0)
        {
            int error = Marshal.GetLastPInvokeError();
            if (error == LibC.ENOENT)
            {
                return null;
            }

            // What is on a file system without writing can still be looked at, under its lock.
            if (error == LibC.EROFS && !readOnly)
            {
                return Open(path, flags, readOnly: true);
            }

            if (error != LibC.EINTR)
            {
                throw LibC.LastError(path);
            }
        }

        var file = new SafeFileHandle(descriptor, ownsHandle: true);
        try
        {
            // Of a pipe or a device, which another user may have put here, a read would wait for ever.
            _ = RandomAccess.GetLength(file);
            return file;
        }
        catch (NotSupportedException)
        {
            file.Dispose();
            throw new IOException($"'{path}' is no regular file");
        }
    }

    /// <summary>Makes a file for its user alone.</summary>
    public static void CreatePrivate(string path)
    {
        using var stream = new FileStream(path, NewPrivateFile);
    }

    /// <summary>Gives a file its rights before its name: who is killed in between leaves nothing that only he may open.</summary>
    public static void CreateShared(string path)
    {
        string draft = $"{path}.{Guid.NewGuid():N}.new";
        try
        {
            using (var stream = new FileStream(draft, NewPrivateFile))
            {
                File.SetUnixFileMode(stream.SafeFileHandle, Everybody);
            }

            Link(draft, path);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    /// <summary>A link and not a move, which looks first and then replaces what came to be there meanwhile: somebody's lock.</summary>
    public static void Link(string draft, string path)
    {
        if (LibC.Link(draft, path) == 0)
        {
            return;
        }

        if (Marshal.GetLastPInvokeError() is LibC.EEXIST or LibC.ENOENT)
        {
            throw LibC.LastError(path);
        }

        // A file system without links.
        File.Move(draft, path, overwrite: false);
    }

    private static FileStreamOptions NewPrivateFile => new()
    {
        Mode = FileMode.CreateNew,
        Access = FileAccess.Write,
        Share = FileShare.ReadWrite,
        BufferSize = 0,
        UnixCreateMode = Private,
    };
}
