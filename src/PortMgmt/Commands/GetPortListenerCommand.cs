using System.Management.Automation;
using PortMgmt.Leases;
using PortMgmt.Listeners;
using PortMgmt.Ports;
using PortMgmt.PowerShell.Binding;
using PortMgmt.PowerShell.Cmdlets;
using PortMgmt.PowerShell.Completion;
using PortMgmt.PowerShell.Terminal;

namespace PortMgmt.PowerShell.Commands;

/// <summary>Lists who listens where, with the process and the lease of each port.</summary>
[Cmdlet(VerbsCommon.Get, "PortListener")]
[OutputType(typeof(PortListener))]
public sealed class GetPortListenerCommand : PortCmdlet
{
    private Dictionary<(int Port, PortProtocol Protocol), string>? _leaseNames;

    /// <summary>Ports, 1 to 65535; all if left out.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateRange(1, 65535)]
    [ArgumentCompleter(typeof(ListeningPortCompleter))]
    public int[]? Port { get; set; }

    /// <summary>The transport; both unless said otherwise.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [EmptyCell(PortProtocol.Both)]
    public PortProtocol Protocol { get; set; } = PortProtocol.Both;

    /// <inheritdoc/>
    protected override void ProcessInput()
    {
        if (Port is null)
        {
            Write(PortListeners.Find(null, Protocol));
            return;
        }

        foreach (int port in Port)
        {
            IReadOnlyList<PortListener> found = PortListeners.Find(port, Protocol);
            Write(found);
            if (found.Count == 0)
            {
                Report(NothingListens(port), port);
            }
        }
    }

    private void Write(IReadOnlyList<PortListener> listeners)
    {
        _leaseNames ??= ReadLeaseNames();
        foreach (PortListener listener in listeners)
        {
            WriteObject(listener with { LeaseName = _leaseNames.GetValueOrDefault((listener.Port, listener.Protocol)) });
        }
    }

    // Who listens can be told without the registry, and is most wanted when that is in trouble.
    private Dictionary<(int Port, PortProtocol Protocol), string> ReadLeaseNames()
    {
        Dictionary<(int Port, PortProtocol Protocol), string> names = [];
        try
        {
            foreach (PortLease lease in OpenRegistry().GetLeases(new PortLeaseFilter { State = PortLeaseState.Active }, StopToken))
            {
                if (lease.Protocol != PortProtocol.Udp)
                {
                    names[(lease.Port, PortProtocol.Tcp)] = lease.Name;
                }

                if (lease.Protocol != PortProtocol.Tcp)
                {
                    names[(lease.Port, PortProtocol.Udp)] = lease.Name;
                }
            }
        }
        catch (PortRegistryException failure)
        {
            WriteWarning("The names of leases are not known: " + failure.Message);
        }

        return names;
    }

    private PortRegistryException NothingListens(int port) => new(
        PortRegistryErrorCode.ListenerNotFound,
        "Nothing listens on port " + PortText.Number(port) + " (" + PortText.Describe(Protocol) + "). Get-PortListener without a port lists all there is.")
    {
        Port = port,
    };
}
