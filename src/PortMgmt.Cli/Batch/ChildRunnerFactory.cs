using System.Runtime.Versioning;
using PortMgmt.Cli.Batch.Processes;
using PortMgmt.Cli.Run;

namespace PortMgmt.Cli.Batch;

/// <summary>Makes what runs child processes on this system, and holds what all of it shares.</summary>
internal sealed class ChildRunnerFactory : IDisposable
{
    /// <summary>Descriptors of one worker: three pipes, both ends of them for a moment, the end's watch and the wake pipe; and of all else.</summary>
    private const int DescriptorsOfWorker = 9;
    private const int OtherDescriptors = 128;

    private readonly IDisposable _shared;

    /// <summary>Prepares the system.</summary>
    /// <param name="workers">How many children run at once at most.</param>
    public ChildRunnerFactory(int workers)
    {
        if (OperatingSystem.IsWindows())
        {
            _shared = WindowsJob.EnterNew();
            return;
        }

        RestoreOpenFilesLimit(workers);

        // Started by somebody who ignores SIGCHLD, the system would reap our children before we know how they ended.
        LibC.SetDisposition(ProcessCalls.ChildEnded, LibC.DefaultDisposition);
        _shared = new SpawnAttributes();
    }

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
}
