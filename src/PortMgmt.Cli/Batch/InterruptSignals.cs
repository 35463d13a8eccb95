using System.Runtime.InteropServices;
using PortMgmt.Cli.Run;

namespace PortMgmt.Cli.Batch;

/// <summary>Turns Ctrl-C, a request to end, and the terminal's end into a call, as long as it lives. What the caller ignores stays ignored (nohup).</summary>
internal sealed class InterruptSignals : IDisposable
{
    private const int HangupBit = 1;

    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly Action _interrupt;
    private readonly TimeSpan? _grace;
    private int _count;

    /// <summary>Begins to listen.</summary>
    /// <param name="interrupt">What to do; on a thread of its own, perhaps more than once.</param>
    /// <param name="grace">
    /// How long the end may take after a second signal, before the process is ended as it stands: whoever reads its output may have
    /// stopped, and writing to it then never ends. Null for as long as it takes.
    /// </param>
    public InterruptSignals(Action interrupt, TimeSpan? grace = null)
    {
        _interrupt = interrupt;
        _grace = grace;
        Register(PosixSignal.SIGINT);
        Register(PosixSignal.SIGTERM);
        if (!OperatingSystem.IsLinux() || ProcessStatus.Read("self") is not { } self || (self.Ignored & HangupBit) == 0)
        {
            Register(PosixSignal.SIGHUP);
        }
    }

    /// <summary>Whether there was a signal.</summary>
    public bool WasInterrupted { get; private set; }

    /// <inheritdoc/>
    public void Dispose() => _registrations.ForEach(registration => registration.Dispose());

    private void Register(PosixSignal signal) => _registrations.Add(PosixSignalRegistration.Create(signal, Handle));

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        WasInterrupted = true;
        _interrupt();
        if (Interlocked.Increment(ref _count) > 1 && _grace is { } grace)
        {
            Thread.Sleep(grace);
            Environment.Exit(ExitCodes.Interrupted);
        }
    }
}
