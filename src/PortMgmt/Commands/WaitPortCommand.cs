using System.Diagnostics;
using System.Management.Automation;
using PortMgmt.Heads;
using PortMgmt.Listeners;
using PortMgmt.Ports;
using PortMgmt.PowerShell.Binding;
using PortMgmt.PowerShell.Cmdlets;
using PortMgmt.PowerShell.Completion;
using PortMgmt.PowerShell.Terminal;

namespace PortMgmt.PowerShell.Commands;

/// <summary>Waits until something listens on each port, or until it is free, with one time limit for all of them.</summary>
[Cmdlet(VerbsLifecycle.Wait, "Port", HelpUri = HelpAddress.InModule)]
[OutputType(typeof(PortListener), typeof(bool))]
public sealed class WaitPortCommand : PortCmdlet
{
    private const int ActivityId = 1;

    private readonly Stopwatch _waited = new();

    // What was in the way when the wait for a free port ended.
    private string? _obstacle;
    private bool _isWarned;

    /// <summary>Ports, 1 to 65535.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateRange(1, 65535)]
    [ArgumentCompleter(typeof(ListeningPortCompleter))]
    public int[] Port { get; set; } = [];

    /// <summary>The transport; TCP unless said otherwise, either one for both.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [EmptyCell(PortProtocol.Tcp)]
    public PortProtocol Protocol { get; set; }

    /// <summary>Whether to wait until the port can be leased by number: no process has it open, and no other process leases it.</summary>
    [Parameter]
    public SwitchParameter Free { get; set; }

    /// <summary>How long at most from the first input on, for all ports together: a TimeSpan, <c>2m</c>, or a number of seconds; 30 seconds unless said otherwise.</summary>
    [Parameter]
    [Alias("TimeoutSeconds")]
    [DurationTransformation]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether to put out true or false in place of nothing or an error.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <summary>Whether to put out the listeners that came.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessInput()
    {
        _waited.Start();
        foreach (int port in Port)
        {
            bool done = Wait(port);
            if (Quiet.IsPresent)
            {
                WriteObject(done);
            }
            else if (!done)
            {
                Report(TimedOut(port), port);
            }
            else if (PassThru.IsPresent && !Free.IsPresent)
            {
                WriteObject(PortListeners.Find(port, Protocol), enumerateCollection: true);
            }
        }
    }

    private bool Wait(int port)
    {
        if (IsReached(port, TimeSpan.Zero))
        {
            return true;
        }

        TimeSpan left = Timeout - _waited.Elapsed;
        if (left <= TimeSpan.Zero)
        {
            return false;
        }

        var progress = new ProgressRecord(ActivityId, Describe(port), "At most " + (int)Math.Ceiling(left.TotalSeconds) + " s");
        WriteProgress(progress);
        try
        {
            return IsReached(port, left);
        }
        finally
        {
            progress.RecordType = ProgressRecordType.Completed;
            if (!StopToken.IsCancellationRequested)
            {
                WriteProgress(progress);
            }
        }
    }

    private bool IsReached(int port, TimeSpan timeout)
    {
        if (!Free.IsPresent)
        {
            return PortListeners.Wait(port, untilFree: false, timeout, Protocol, cancellationToken: StopToken);
        }

        _obstacle = FreePort.Wait(OpenRegistry, port, Protocol, timeout, WarnOnce, StopToken);
        return _obstacle is null;
    }

    private void WarnOnce(string warning)
    {
        if (!_isWarned)
        {
            WriteWarning(warning);
        }

        _isWarned = true;
    }

    private string Describe(int port) => (Free.IsPresent ? "Waiting until nobody has " : "Waiting for a listener on ")
        + PortText.Describe(Protocol) + " port " + PortText.Number(port);

    private PortRegistryException TimedOut(int port) => new(
        PortRegistryErrorCode.WaitTimedOut,
        Free.IsPresent
            ? _obstacle + " after " + Timeout + ". Test-Port shows by whom; -Timeout waits longer."
            : "Nothing listens on " + PortText.Describe(Protocol) + " port " + PortText.Number(port) + " after " + Timeout
                + ". Get-PortListener shows who listens where; -Timeout waits longer.")
    {
        Port = port,
    };
}
