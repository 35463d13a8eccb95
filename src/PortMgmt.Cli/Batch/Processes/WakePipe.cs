using System.Runtime.Versioning;
using PortMgmt.Cli.Run;

namespace PortMgmt.Cli.Batch.Processes;

/// <summary>Brings a thread back from poll(2). Any thread may signal; one thread waits and clears.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed unsafe class WakePipe : IDisposable
{
    private readonly int _read;
    private readonly int _write;

    /// <summary>Makes the pipe.</summary>
    /// <exception cref="IOException">There are no more descriptors to be had.</exception>
    public WakePipe() => (_read, _write) = ProcessCalls.Pipe();

    /// <summary>The descriptor that is readable while a signal is there.</summary>
    public int Descriptor => _read;

    /// <summary>Signals. A few signals come between two clearings at most, so this never blocks.</summary>
    public void Signal()
    {
        byte one = 1;
        LibC.Write(_write, &one, 1);
    }

    /// <summary>Takes every signal that is there; there must be one.</summary>
    public void Clear()
    {
        byte* signals = stackalloc byte[8];
        LibC.Read(_read, signals, 8);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ProcessCalls.Close(_read);
        ProcessCalls.Close(_write);
    }
}
