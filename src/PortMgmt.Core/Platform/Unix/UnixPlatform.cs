using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using PortMgmt.Platform.Native;
using PortMgmt.Ports;

namespace PortMgmt.Platform.Unix;

/// <summary>What Linux and macOS have in common: users, modes, flock.</summary>
[UnsupportedOSPlatform("windows")]
internal abstract class UnixPlatform : HostPlatform
{
    private const UnixFileMode PrivateDirectory = UnixFiles.Private | UnixFileMode.UserExecute;
    private const UnixFileMode SharedDirectory = UnixFiles.Everybody | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute | UnixFileMode.StickyBit;

    // Long enough for a holder to finish (its work takes some 20 microseconds), too short to cost anything.
    private const int YieldsBeforeWaiting = 8;

    private const string StateDirectory = ".local/state/portmgmt";

    /// <summary>O_CLOEXEC, O_NOFOLLOW and, for pipes that nobody writes to, O_NONBLOCK: their values differ between systems.</summary>
    protected abstract int OpenFlags { get; }

    /// <summary>Where struct passwd has the pointer to the home directory, in pointers from its start.</summary>
    protected abstract int PasswordHomeIndex { get; }

    public override string UserId { get; } = LibC.GetEffectiveUserId().ToString(CultureInfo.InvariantCulture);

    public override string UserDirectory => Path.Combine(
        UnixUsers.Read(LibC.GetEffectiveUserId(), PasswordHomeIndex)
            ?? throw new PortRegistryException(
                PortRegistryErrorCode.RegistryUnavailable,
                $"The user database has no home directory for user {UserId}, so there is no place for the registry: name one in PORTMGMT_REGISTRY."),
        StateDirectory);

    public override string GetUserName(string userId) =>
        uint.TryParse(userId, NumberStyles.None, CultureInfo.InvariantCulture, out uint number)
            ? UnixUsers.Read(number, 0) ?? userId
            : userId;

    public override SafeFileHandle? OpenFile(string path, bool readOnly = false) => UnixFiles.Open(path, OpenFlags, readOnly);

    public override void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset)
    {
        try
        {
            base.Write(file, bytes, offset);
        }
        catch (UnauthorizedAccessException failure)
        {
            // Of a file that is open: it was opened to be looked at alone, for want of a file system that can be written.
            throw new UnauthorizedAccessException("Read-only file system", failure);
        }
    }

    protected static bool IsRoot => LibC.GetEffectiveUserId() == 0;

    public override bool MayRemove(string path) => IsRoot || GetOwner(path) == LibC.GetEffectiveUserId();

    public override IEnumerable<string> FindUserDirectories()
    {
        if (!IsRoot)
        {
            return [UserDirectory];
        }

        // The database may not list all of its users; those who are not listed have their homes beside the others'.
        var homes = new HashSet<string>(UnixUsers.Homes(PasswordHomeIndex), StringComparer.Ordinal);
        foreach (string parent in homes.Select(Path.GetDirectoryName).OfType<string>().Where(static parent => parent != "/").Distinct().ToArray())
        {
            homes.UnionWith(Directory.Exists(parent) ? Directory.EnumerateDirectories(parent) : []);
        }

        return homes.Select(static home => Path.Combine(home, StateDirectory)).Order(StringComparer.Ordinal);
    }

    public override void CreateFile(string path, bool shared)
    {
        if (shared)
        {
            UnixFiles.CreateShared(path);
        }
        else
        {
            UnixFiles.CreatePrivate(path);
        }
    }

    public override void Publish(string draft, string path) => UnixFiles.Link(draft, path);

    public override void PrepareDirectory(string path, bool shared)
    {
        if (!Directory.Exists(path))
        {
            Directory.CreateDirectory(path, PrivateDirectory);
            if (shared)
            {
                ShareDirectory(path);
            }
        }

        Trust(path, GetOwner(path), File.GetUnixFileMode(path));
    }

    /// <summary>Refuses a directory that somebody else could swap the files of.</summary>
    protected void Trust(string path, uint owner, UnixFileMode mode)
    {
        if (owner != 0 && owner != LibC.GetEffectiveUserId())
        {
            throw new UnauthorizedAccessException($"'{path}' belongs to user {GetUserName(owner.ToString(CultureInfo.InvariantCulture))}");
        }

        if ((mode & (UnixFileMode.OtherWrite | UnixFileMode.StickyBit)) == UnixFileMode.OtherWrite)
        {
            throw new UnauthorizedAccessException($"'{path}' can be written by everybody, who could swap its files (chmod o-w, or chmod +t, corrects that)");
        }
    }

    public override void ShareDirectory(string path) => File.SetUnixFileMode(path, SharedDirectory);

    public override bool TryLock(SafeFileHandle file) =>
        LibC.Flock(LibC.Descriptor(file), LibC.LOCK_EX | LibC.LOCK_NB) == 0;

    public override bool Lock(SafeFileHandle file, LockWait wait, CancellationToken cancellationToken)
    {
        for (int attempt = 0; attempt <= YieldsBeforeWaiting; attempt++)
        {
            if (TryLock(file))
            {
                return true;
            }

            Thread.Yield();
        }

        return new LockWaiter(file, BlockingLock).Wait(wait, cancellationToken);
    }

    /// <summary>The user who owns a file or directory.</summary>
    protected abstract uint GetOwner(string path);

    /// <summary>Whether a process of that id exists; one that may not be signalled does.</summary>
    protected static bool Exists(int processId) =>
        LibC.Kill(processId, 0) == 0 || Marshal.GetLastPInvokeError() != LibC.ESRCH;

    private static int BlockingLock(SafeFileHandle file)
    {
        while (LibC.Flock(LibC.Descriptor(file), LibC.LOCK_EX) != 0)
        {
            int error = Marshal.GetLastPInvokeError();
            if (error != LibC.EINTR)
            {
                return error;
            }
        }

        return 0;
    }
}
