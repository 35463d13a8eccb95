using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using PortMgmt.Cli.Run;

namespace PortMgmt.Cli.Batch.Processes;

/// <summary>
/// How children start: in a session of their own, and so in a process group of their own, which can be killed as a whole. Without a terminal:
/// many at once cannot ask one person, and in a group that is not in front the system would stop who asks until its time is up; so whoever
/// opens /dev/tty is told that there is none. And with the signals that they would have had without us (the runtime ignores SIGPIPE; what it catches becomes the default by exec anyway). Read-only once made: shared by all workers.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed unsafe class SpawnAttributes : IDisposable
{
    private void* _attributes;

    /// <summary>Makes the attributes.</summary>
    public SpawnAttributes()
    {
        _attributes = NativeMemory.AllocZeroed(ProcessCalls.OpaqueSize);
        void* signals = NativeMemory.AllocZeroed(ProcessCalls.OpaqueSize);
        ProcessCalls.InitializeAttributes(_attributes);
        short flags = (short)(ProcessCalls.SetSession | ProcessCalls.SetDefaultSignals);
        ProcessCalls.SetFlags(_attributes, OperatingSystem.IsMacOS() ? (short)(flags | ProcessCalls.CloseOthers) : flags);
        ProcessCalls.ClearSignals(signals);
        ProcessCalls.AddSignal(signals, ProcessCalls.ChildEnded);
        if (!IsBrokenPipeIgnoredByCaller())
        {
            ProcessCalls.AddSignal(signals, InheritedState.BrokenPipe);
        }

        ProcessCalls.SetDefaults(_attributes, signals);
        NativeMemory.Free(signals);
    }

    /// <summary>The posix_spawnattr_t.</summary>
    public void* Pointer => _attributes;

    /// <inheritdoc/>
    public void Dispose()
    {
        ProcessCalls.DestroyAttributes(_attributes);
        NativeMemory.Free(_attributes);
        _attributes = null;
    }

    private static bool IsBrokenPipeIgnoredByCaller()
    {
        ProcessStatus? self = OperatingSystem.IsLinux() ? ProcessStatus.Read("self") : null;
        return self is not null
            && (InheritedState.IgnoredSignals(self, InheritedState.ReadParent(self)) >> (InheritedState.BrokenPipe - 1) & 1) != 0;
    }
}
