using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;
using PortMgmt.Platform.Linux;
using PortMgmt.Platform.Mac;
using PortMgmt.Platform.Windows;

namespace PortMgmt.Platform;

/// <summary>The one seam to the operating system for the lease half. Thread-safe; keeps nothing that changes.</summary>
internal abstract class HostPlatform
{
    /// <summary>What stands for the boot in <see cref="InstanceId"/> where the system does not tell it.</summary>
    public const string UnknownBoot = "noboot";

    // What was done in this process before; only of the platform that it runs on.
    private readonly ConcurrentDictionary<string, bool> _used = new();

    // A class, so that two threads that read it at once see a whole stamp.
    private SelfStamp? _self;

    /// <summary>The platform that this process runs on.</summary>
    public static HostPlatform Current { get; } = Create();

    /// <summary>
    /// This boot of the machine, as all of its processes are told; null where this one is not told, or is told another (Linux: its
    /// file is hidden, or something is mounted over it). Fit for a file name, without a dash.
    /// </summary>
    public abstract string? BootId { get; }

    /// <summary>This network namespace, since ports are its own; empty where the system has none. Fit for a file name.</summary>
    public virtual string NetworkId => "";

    /// <summary>Names this boot and this network namespace: neither processes nor ports outlive them.</summary>
    public string InstanceId => (BootId ?? UnknownBoot) + (NetworkId.Length == 0 ? "" : "-" + NetworkId);

    /// <summary>
    /// When the machine was started by the wall clock as it is set now, in milliseconds since 1970: the same for all processes until
    /// somebody sets the date. 0 where the system does not tell.
    /// </summary>
    public virtual long BootMoment => 0;

    /// <summary>How far this process's monotonic clock is ahead of the machine's own, in milliseconds (Linux: by its time namespace).</summary>
    public virtual long ClockOffset => 0;

    /// <summary>The user whose rights this process has.</summary>
    public abstract string UserId { get; }

    /// <summary>The user's own registry directory, from the user database and from nothing that a login can change.</summary>
    public abstract string UserDirectory { get; }

    /// <summary>The machine-wide registry directory.</summary>
    public abstract string MachineDirectory { get; }

    /// <summary>Whether the machine-wide directory is there and nobody but an administrator or the system can have put it there.</summary>
    public virtual bool HasMachineDirectory => Directory.Exists(MachineDirectory);

    /// <summary>How names of files are told apart.</summary>
    public virtual StringComparison PathComparison => StringComparison.Ordinal;

    /// <summary>Whether the system may refuse a port as not allowed where somebody merely has it already.</summary>
    public virtual bool RefusesPortsInUse => false;

    /// <summary>Whether this process lives in a namespace of processes of its own (a container), so that nobody outside can judge it.</summary>
    public virtual bool IsIsolated => false;

    /// <summary>A user's name; the id itself where the system has no name for it.</summary>
    public abstract string GetUserName(string userId);

    /// <summary>The stamp of this process, which never changes.</summary>
    public ProcessStamp Self => (_self ??= new SelfStamp(GetProcess(Environment.ProcessId) ?? new ProcessStamp(Environment.ProcessId, 0, 0))).Stamp;

    /// <summary>The stamp of a living process; null when there is none of that id.</summary>
    public abstract ProcessStamp? GetProcess(int processId);

    /// <summary>Whether the stamped process lives. Only proof counts as death.</summary>
    public abstract ProcessLife Examine(in ProcessStamp process);

    /// <summary>The cheapest look: whether it is certain that the stamped process has ended. Another process of its id may go unnoticed.</summary>
    public virtual bool IsGone(in ProcessStamp process) => Examine(process) is ProcessLife.Gone or ProcessLife.Replaced;

    /// <summary>Whether an id that the system knows as a process is that of a thread inside one; false where the two are numbered apart, or where it does not tell.</summary>
    public virtual bool IsThread(int processId) => false;

    /// <summary>Whether a process is one of those that this one descends from; false where the system does not tell.</summary>
    public virtual bool IsAncestor(in ProcessStamp process) => false;

    /// <summary>When a stamped process started, for people to read; null where the system does not tell.</summary>
    public abstract DateTimeOffset? GetStartTime(in ProcessStamp process, DateTimeOffset now);

    /// <summary>Reads the ports that the system keeps for itself.</summary>
    public abstract SystemPortRules ReadPortRules();

    /// <summary>Binds the port, on the wildcard of each address family that the host has, and lets go at once.</summary>
    public abstract PortBinding Probe(int port, bool udp);

    /// <summary>Opens a regular file, following no link; null when it is not there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="readOnly">Whether only to read it; else to read and write.</param>
    public abstract SafeFileHandle? OpenFile(string path, bool readOnly = false);

    /// <summary>Writes to a file at an offset.</summary>
    public virtual void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset) => RandomAccess.Write(file, bytes, offset);

    /// <summary>Whether an open file is the one that a path leads to now; a system that keeps the names of open files need not look.</summary>
    public virtual bool IsAt(SafeFileHandle file, string path) => true;

    /// <summary>Whether this user may remove or replace a file of a directory that all share; false for one that is another's.</summary>
    public virtual bool MayRemove(string path) => true;

    /// <summary>
    /// What stands under the name of a file that all users share and cannot be used as one: no file, or not with everybody's rights.
    /// Null when nothing does, and on systems that do not let others make files in such a directory.
    /// </summary>
    public virtual FileObstacle? FindObstacle(string path) => null;

    /// <summary>
    /// Makes a new file, in one step with its rights; never in a directory that <see cref="PrepareDirectory"/> would refuse, where the
    /// system can hold on to one. When <paramref name="shared"/>, every user may read and write it, else only this one.
    /// </summary>
    public abstract void CreateFile(string path, bool shared);

    /// <summary>Whether a directory can be no other machine's at the same time, so that its files are of this machine's boots alone.</summary>
    public virtual bool IsOfThisMachine(string directory) => new DriveInfo(directory).DriveType is DriveType.Fixed or DriveType.Ram;

    /// <summary>Sets a new file's length without taking the room on disk.</summary>
    public virtual void SetSparseLength(SafeFileHandle file, long length) => RandomAccess.SetLength(file, length);

    /// <summary>Where what was written to a file of <see cref="SetSparseLength"/> goes on, from an offset; that offset itself where the system does not tell.</summary>
    public virtual long FindData(SafeFileHandle file, long offset) => offset;

    /// <summary>How much room a file takes on disk, in bytes; its length where the system tells no more, 0 when it is not there.</summary>
    public virtual long GetSizeOnDisk(string path) => File.Exists(path) ? new FileInfo(path).Length : 0;

    /// <summary>The registries that users of this machine may have of their own; an administrator sees all, anybody else his.</summary>
    public virtual IEnumerable<string> FindUserDirectories() => [UserDirectory];

    /// <summary>Makes the directory if it is missing, and refuses one that somebody else could swap the files of.</summary>
    public abstract void PrepareDirectory(string path, bool shared);

    /// <summary>Lets every user make files in a directory, and nobody remove another's.</summary>
    public abstract void ShareDirectory(string path);

    /// <summary>Takes an exclusive lock on an open file if it can be had now. Closing the file, which is the caller's to do, ends it.</summary>
    public abstract bool TryLock(SafeFileHandle file);

    /// <summary>Waits for the turn of this caller where others queue for a lock already.</summary>
    /// <param name="lockFile">The path of the lock file.</param>
    /// <param name="shared">Whether users share it.</param>
    /// <param name="open">Whether to open a queue when there is none.</param>
    /// <param name="wait">The wait that this is part of.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The turn, to be disposed after the lock; null when there is no queue, or none that moves: the lock is to be asked for all the same.</returns>
    public virtual IDisposable? WaitForTurn(string lockFile, bool shared, bool open, LockWait wait, CancellationToken cancellationToken) => null;

    /// <summary>How many wait for their turn, besides those that wait for the lock itself.</summary>
    public virtual int CountQueued(string lockFile) => 0;

    /// <summary>Takes an exclusive lock on an open file, waiting for it; false when the wait is over. Closing the file, which is the caller's to do, ends it.</summary>
    public abstract bool Lock(SafeFileHandle file, LockWait wait, CancellationToken cancellationToken);

    /// <summary>The processes that hold (first) and wait for (second) the lock on a file, as far as the system tells.</summary>
    public abstract (int? Holder, IReadOnlyList<int> Waiters) GetLockUsers(string path);

    /// <summary>Makes a file without a name, which is gone when it is closed.</summary>
    public virtual SafeFileHandle CreateScratchFile() => File.OpenHandle(
        Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose);

    /// <summary>Whether something has not been done in this process yet, and would have to be compiled for that.</summary>
    /// <param name="what">What would be done.</param>
    public bool IsToBeCompiled(string what) => RuntimeFeature.IsDynamicCodeSupported && ReferenceEquals(this, Current) && !_used.ContainsKey(what);

    /// <summary>Whether something is done for the first time in this process, and has to be compiled for that. True once.</summary>
    /// <param name="what">What is done.</param>
    public bool IsCompiledNow(string what) => IsToBeCompiled(what) && _used.TryAdd(what, true);

    /// <summary>Gives a finished draft its name in one step, in place of the file that has it.</summary>
    public virtual void Replace(string draft, string path) => File.Move(draft, path, overwrite: true);

    /// <summary>Gives a finished draft its name in one step, unless that name is taken; the draft may stay beside it, as a second name.</summary>
    /// <exception cref="IOException">It is taken, or there is no draft.</exception>
    public virtual void Publish(string draft, string path) => File.Move(draft, path, overwrite: false);

    // The first two conditions are constants to the compiler, which leaves the other systems' code alone.
    private static HostPlatform Create()
    {
        if (OperatingSystem.IsWindows())
        {
            return new WindowsPlatform();
        }

        return OperatingSystem.IsMacOS() ? new MacPlatform() : new LinuxPlatform();
    }

    private sealed record SelfStamp(ProcessStamp Stamp);
}
