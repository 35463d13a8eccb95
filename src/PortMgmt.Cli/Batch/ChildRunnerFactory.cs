using System.Runtime.Versioning;
using PortMgmt.Cli.Batch.Processes;
using PortMgmt.Cli.Output;
using PortMgmt.Cli.Run;

namespace PortMgmt.Cli.Batch;

/// <summary>Makes what runs child processes on this system, and holds what all of it shares.</summary>
internal sealed class ChildRunnerFactory : IDisposable
{
    /// <summary>Descriptors of one worker: three pipes, both ends of them for a moment, the end's watch and the wake pipe; and of all else.</summary>
    private const int DescriptorsOfWorker = 9;
    private const int OtherDescriptors = 128;

    /// <summary>What must stay free beside the workers: for files that are opened for a moment, among them code that is yet to be loaded.</summary>
    private const int SpareDescriptors = 48;

    /// <summary>With which one command at a time runs, by trial: the runtime itself has some 25 open while it works.</summary>
    private const int LeastDescriptors = 96;

    private readonly IDisposable _shared;

    /// <summary>Prepares the system, and says so where its limit of open files lets fewer run at once than were asked for.</summary>
    /// <param name="workers">How many children run at once at most.</param>
    public ChildRunnerFactory(int workers)
    {
        Workers = workers;
        if (OperatingSystem.IsWindows())
        {
            _shared = WindowsJob.EnterNew();
            return;
        }

        RestoreOpenFilesLimit(workers);
        Workers = FitInto(LibC.GetOpenFilesLimit(), workers);

        // Started by somebody who ignores SIGCHLD, the system would reap our children before we know how they ended.
        LibC.SetDisposition(ProcessCalls.ChildEnded, LibC.DefaultDisposition);
        _shared = new SpawnAttributes();
    }

    /// <summary>
    /// Refuses to begin where the limit of open files leaves no room for the runtime itself, which would end in the middle of the batch
    /// when it cannot load a part of its own. To be called before anything else is done.
    /// </summary>
    /// <exception cref="IOException">The limit is too low.</exception>
    public static void CheckOpenFilesLimit()
    {
        if (!OperatingSystem.IsWindows() && LibC.GetOpenFilesLimit() is { Hard: < LeastDescriptors } limit)
        {
            throw new IOException($"Commands cannot be run with a limit of {limit.Hard} open files: {LeastDescriptors} is the least. Raise it (ulimit -n {LeastDescriptors}).");
        }
    }

    /// <summary>How many children may run at once: as many as were asked for, or what the limit of open files leaves room for, at least 1.</summary>
    public int Workers { get; }

    /// <summary>Makes a runner for one worker.</summary>
    public IChildRunner Create() => OperatingSystem.IsWindows() ? new WindowsChildRunner() : new UnixChildRunner((SpawnAttributes)_shared);

    /// <summary>Lets go of the shared parts. No runner may be used after.</summary>
    public void Dispose() => _shared.Dispose();

    /// <summary>
    /// Children inherit the soft limit of open files, which the runtime has raised to the hard one: it becomes again what it was, or as
    /// much more as is needed here.
    /// </summary>
    [UnsupportedOSPlatform("windows")]
    private static void RestoreOpenFilesLimit(int workers)
    {
        ProcessStatus? self = OperatingSystem.IsLinux() ? ProcessStatus.Read("self") : null;
        ResourceLimit limit = LibC.GetOpenFilesLimit();
        nuint inherited = InheritedState.SoftOpenFiles(limit, InheritedState.ReadParent(self));
        nuint needed = (nuint)((workers * DescriptorsOfWorker) + OtherDescriptors);
        LibC.SetOpenFilesLimit(limit with { Soft = nuint.Min(limit.Hard, nuint.Max(inherited, needed)) });
    }

    [UnsupportedOSPlatform("windows")]
    private static int FitInto(ResourceLimit limit, int workers)
    {
        // Both systems show a process its own descriptors there.
        int open = Directory.EnumerateFileSystemEntries("/dev/fd").Count();
        int free = (int)nuint.Min(limit.Soft, int.MaxValue) - open - SpareDescriptors;
        int fitting = Math.Clamp(free / DescriptorsOfWorker, 1, workers);
        if (fitting < workers)
        {
            ErrorLine.Write($"{workers} commands at once need {open + SpareDescriptors + (workers * DescriptorsOfWorker)} open files, and the limit is {limit.Soft}: {fitting} run at once. Raise it (ulimit -n), or ask for fewer (--jobs).");
        }

        return fitting;
    }
}
