using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.AccessControl;
using System.Security.Principal;
using Microsoft.Win32;
using Microsoft.Win32.SafeHandles;
using PortMgmt.Platform.Native;
using PortMgmt.Ports;

namespace PortMgmt.Platform.Windows;

/// <summary>Windows: process times, LockFileEx, and binds that tell the system's excluded ranges by being refused.</summary>
[SupportedOSPlatform("windows")]
internal sealed unsafe class WindowsPlatform : HostPlatform
{
    private const string BootKey = @"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\Session Manager\Memory Management\PrefetchParameters";

    // netsh is a process of its own: asked once.
    private readonly Lazy<SystemPortRules> _rules = new(() => new SystemPortRules(WindowsDynamicPorts.Read(), PortSet.Empty));

    public override string? BootId { get; } =
        "boot" + (Registry.GetValue(BootKey, "BootId", null) is int number ? number.ToString(CultureInfo.InvariantCulture) : "0");

    public override string UserId { get; } = ReadUserId();

    public override string UserDirectory => Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "PortMgmt");

    public override string MachineDirectory => Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.CommonApplicationData), "PortMgmt");

    public override string GetUserName(string userId)
    {
        try
        {
            return new SecurityIdentifier(userId).Translate(typeof(NTAccount)).Value;
        }
        catch (Exception e) when (e is ArgumentException or IdentityNotMappedException)
        {
            return userId;
        }
    }

    public override ProcessStamp? GetProcess(int processId)
    {
        ulong? start = ReadStart(processId);
        return start is null ? null : new ProcessStamp(processId, start.Value, 0);
    }

    public override ProcessLife Examine(in ProcessStamp process)
    {
        ulong? start = ReadStart(process.Id);
        if (start is null)
        {
            return ProcessLife.Gone;
        }

        return start == 0 || process.Start == 0 || start == process.Start ? ProcessLife.Alive : ProcessLife.Replaced;
    }

    public override DateTimeOffset? GetStartTime(in ProcessStamp process, DateTimeOffset now) =>
        process.Start == 0 || process.Start > (ulong)DateTime.MaxValue.ToFileTimeUtc() ? null : DateTimeOffset.FromFileTime((long)process.Start).ToUniversalTime();

    public override SystemPortRules ReadPortRules() => _rules.Value;

    public override PortBinding Probe(int port, bool udp) => ManagedPortProbe.Probe(port, udp);

    public override SafeFileHandle? OpenFile(string path, bool readOnly = false)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        if ((File.GetAttributes(path) & FileAttributes.ReparsePoint) != 0)
        {
            throw new UnauthorizedAccessException($"'{path}' is a link; links are not followed");
        }

        return File.OpenHandle(path, FileMode.Open, readOnly ? FileAccess.Read : FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
    }

    // A new file has the rights that its directory hands down: the user's own, or, machine-wide, everybody's.
    public override void CreateFile(string path, bool shared) =>
        File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete).Dispose();

    public override void SetSparseLength(SafeFileHandle file, long length)
    {
        // A file system without sparse files refuses, and the room is then taken: worse, not wrong.
        uint returned;
        _ = Kernel32.DeviceIoControl(file, Kernel32.SetSparse, null, 0, null, 0, &returned, null);
        RandomAccess.SetLength(file, length);
    }

    public override void PrepareDirectory(string path, bool shared)
    {
        if (Directory.Exists(path))
        {
            return;
        }

        Directory.CreateDirectory(path);
        if (shared)
        {
            ShareDirectory(path);
        }
    }

    public override void ShareDirectory(string path)
    {
        var directory = new DirectoryInfo(path);
        DirectorySecurity security = directory.GetAccessControl();
        security.AddAccessRule(new FileSystemAccessRule(
            new SecurityIdentifier(WellKnownSidType.BuiltinUsersSid, null),
            FileSystemRights.Modify,
            InheritanceFlags.ObjectInherit,
            PropagationFlags.None,
            AccessControlType.Allow));
        directory.SetAccessControl(security);
    }

    public override bool TryLock(SafeFileHandle file) => Lock(file, Kernel32.FailImmediately) == 0;

    public override bool Lock(SafeFileHandle file, LockWait wait, CancellationToken cancellationToken) =>
        TryLock(file) || new LockWaiter(file, handle => Lock(handle, 0)).Wait(wait, cancellationToken);

    // Windows tells who has a file open, but not who has it locked.
    public override (int? Holder, IReadOnlyList<int> Waiters) GetLockUsers(string path) => (null, []);

    private static int Lock(SafeFileHandle file, uint flags)
    {
        NativeOverlapped start = default;
        return Kernel32.LockFile(file, Kernel32.ExclusiveLock | flags, 0, 1, 0, &start) != 0 ? 0 : Marshal.GetLastPInvokeError();
    }

    /// <summary>Reads a start time as FILETIME; 0 where this user is not told, null where there is no such process.</summary>
    private static ulong? ReadStart(int processId)
    {
        nint process = Kernel32.OpenProcess(Kernel32.QueryLimitedInformation, 0, processId);
        if (process == 0)
        {
            return Marshal.GetLastPInvokeError() == Kernel32.ErrorInvalidParameter ? null : 0;
        }

        try
        {
            // An ended process stays known while somebody has a handle to it.
            uint code;
            if (Kernel32.GetExitCodeProcess(process, &code) != 0 && code != Kernel32.StillActive)
            {
                return null;
            }

            ulong created, exited, kernel, user;
            return Kernel32.GetProcessTimes(process, &created, &exited, &kernel, &user) != 0 ? created : 0;
        }
        finally
        {
            _ = Kernel32.CloseHandle(process);
        }
    }

    private static string ReadUserId()
    {
        using var identity = WindowsIdentity.GetCurrent();
        return identity.User?.Value ?? identity.Name;
    }
}
