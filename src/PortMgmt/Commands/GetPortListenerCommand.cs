using System.Management.Automation;
using PortMgmt.Heads;
using PortMgmt.Listeners;
using PortMgmt.Ports;
using PortMgmt.PowerShell.Binding;
using PortMgmt.PowerShell.Cmdlets;
using PortMgmt.PowerShell.Completion;
using PortMgmt.PowerShell.Terminal;

namespace PortMgmt.PowerShell.Commands;

/// <summary>Lists who listens where, with the process and the lease of each port.</summary>
[Cmdlet(VerbsCommon.Get, "PortListener", HelpUri = HelpAddress.InModule)]
[OutputType(typeof(PortListener))]
public sealed class GetPortListenerCommand : PortCmdlet
{
    private LeasedListeners? _listeners;
    private string? _registry;

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
        // What is piped in may name a registry of its own.
        if (_listeners is null || _registry != Registry)
        {
            _listeners = new LeasedListeners(OpenRegistry, WriteWarning);
            _registry = Registry;
        }

        if (Port is null)
        {
            WriteObject(_listeners.Find(null, Protocol, StopToken), enumerateCollection: true);
            return;
        }

        foreach (int port in Port)
        {
            IReadOnlyList<PortListener> found = _listeners.Find(port, Protocol, StopToken);
            WriteObject(found, enumerateCollection: true);
            if (found.Count == 0)
            {
                Report(NothingListens(port), port);
            }
        }
    }

    private PortRegistryException NothingListens(int port) => new(
        PortRegistryErrorCode.ListenerNotFound,
        "Nothing listens on port " + PortText.Number(port) + " (" + PortText.Describe(Protocol) + "). Get-PortListener without a port lists all there is.")
    {
        Port = port,
    };
}
