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

    private readonly Func<string> _applicationData;
    private readonly bool _isAdministrator;
    private readonly Lazy<SystemPortRules> _rules;

    // Not whether it is there: an account that never logged on gets it when it is first needed.
    public WindowsPlatform()
        : this(
            static () => Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
            Environment.IsPrivilegedProcess)
    {
    }

    /// <summary>A platform for an account.</summary>
    /// <param name="applicationData">Tells its directory for application data; nothing where it has none, as accounts of services may.</param>
    /// <param name="isAdministrator">Whether this process has an administrator's rights.</param>
    internal WindowsPlatform(Func<string> applicationData, bool isAdministrator)
    {
        _applicationData = applicationData;
        _isAdministrator = isAdministrator;
        _rules = new(() => new WindowsPortRules(
            BootId is null || FindUserDirectory() is not { } directory ? null : Path.Combine(directory, "system-ports.txt"), BootId ?? "", WindowsPortRules.AskNetsh).Read());
    }

    public override string? BootId { get; } =
        "boot" + (Registry.GetValue(BootKey, "BootId", null) is int number ? number.ToString(CultureInfo.InvariantCulture) : "0");

    public override string UserId { get; } = ReadUserId();

    public override string UserDirectory => FindUserDirectory() ?? throw new PortRegistryException(
        PortRegistryErrorCode.RegistryUnavailable,
        $"The account {GetUserName(UserId)} has no directory for application data, so there is no place for the registry: name one in PORTMGMT_REGISTRY.");

    public override string MachineDirectory => Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.CommonApplicationData), "PortMgmt");

    public override bool HasMachineDirectory => Directory.Exists(MachineDirectory) && WindowsOwner.FindFault(MachineDirectory) is null;

    // An administrator without one can set up the machine's registry all the same.
    public override IEnumerable<string> FindUserDirectories()
    {
        string[] own = FindUserDirectory() is { } directory ? [directory] : [];
        return _isAdministrator
            ? own.Concat(WindowsProfiles.FindOfThisMachine().Select(InApplicationData)).Distinct(StringComparer.OrdinalIgnoreCase)
            : own;
    }

    public override StringComparison PathComparison => StringComparison.OrdinalIgnoreCase;

    public override bool RefusesPortsInUse => true;

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
        ulong? start = WindowsProcessTime.Read(processId);
        return start is null ? null : new ProcessStamp(processId, start.Value, 0);
    }

    public override ProcessLife Examine(in ProcessStamp process)
    {
        ulong? start = WindowsProcessTime.Read(process.Id);
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

    public override SafeFileHandle? OpenFile(string path, bool readOnly = false) => WindowsFile.Open(path, readOnly);

    public override void Replace(string draft, string path) => WindowsFile.Replace(draft, path);

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
        if (!Directory.Exists(path))
        {
            // Anybody may make directories in ProgramData, and one of his would stand in an administrator's way.
            if (shared && !_isAdministrator)
            {
                throw new UnauthorizedAccessException($"'{path}' is an administrator's to make");
            }

            Directory.CreateDirectory(path);
            if (shared)
            {
                ShareDirectory(path);
            }
        }

        if (shared && WindowsOwner.FindFault(path) is { } fault)
        {
            throw new UnauthorizedAccessException($"'{path}' cannot be the machine's registry: {fault}");
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

    private string? FindUserDirectory() => _applicationData() is var data && Path.IsPathFullyQualified(data) ? InApplicationData(data) : null;

    private static string InApplicationData(string data) => Path.Combine(data, "PortMgmt");

    private static string ReadUserId()
    {
        using var identity = WindowsIdentity.GetCurrent();
        return identity.User?.Value ?? identity.Name;
    }
}
