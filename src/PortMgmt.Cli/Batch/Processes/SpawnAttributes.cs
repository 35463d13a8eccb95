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
    /// <summary>The last of the signals of Linux.</summary>
    private const int LastSignal = 64;

    /// <summary>SIGKILL and SIGSTOP of Linux, which always have the default.</summary>
    private const ulong Fixed = 1UL << (9 - 1) | 1UL << (19 - 1);

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
        AddDefaults(signals);
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

    /// <summary>
    /// Adds the signals that children are to have the default of: what our caller ignores is left as it is. What has a handler here, or
    /// none, would get the default anyway; but the C library asks the system for each signal that is not named, in each child.
    /// </summary>
    private static void AddDefaults(void* signals)
    {
        ulong defaults = Bit(ProcessCalls.ChildEnded) | Bit(InheritedState.BrokenPipe);
        if (OperatingSystem.IsLinux() && ProcessStatus.Read("self") is { } self)
        {
            ulong ignored = InheritedState.IgnoredSignals(self, InheritedState.ReadParent(self)) & Bit(InheritedState.BrokenPipe);
            defaults |= ~self.Ignored & ~Fixed;
            defaults &= ~ignored;
        }

        for (int signal = 1; signal <= LastSignal; signal++)
        {
            if ((defaults & Bit(signal)) != 0)
            {
                ProcessCalls.AddSignal(signals, signal);
            }
        }
    }

    private static ulong Bit(int signal) => 1UL << (signal - 1);
}
