using System.Management.Automation;
using PortMgmt.Leases;
using PortMgmt.Ports;
using PortMgmt.PowerShell.Binding;
using PortMgmt.PowerShell.Cmdlets;
using PortMgmt.PowerShell.Completion;

namespace PortMgmt.PowerShell.Commands;

/// <summary>Says whether exactly this port could be had right now, and what speaks against it.</summary>
[Cmdlet(VerbsDiagnostic.Test, "Port", HelpUri = HelpAddress.InModule)]
[OutputType(typeof(PortAvailability), typeof(bool))]
public sealed class TestPortCommand : PortCmdlet
{
    private string? _problem;

    /// <summary>Ports, 1 to 65535.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateRange(1, 65535)]
    [ArgumentCompleter(typeof(ListeningPortCompleter))]
    public int[] Port { get; set; } = [];

    /// <summary>The transport; TCP unless said otherwise.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [EmptyCell(PortProtocol.Tcp)]
    public PortProtocol Protocol { get; set; }

    /// <summary>Whether to put out true or false alone.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <inheritdoc/>
    protected override void ProcessInput()
    {
        foreach (int port in Port)
        {
            try
            {
                PortAvailability found = OpenRegistry().TestAnyway(port, Protocol, Notify, StopToken);
                WriteObject(Quiet.IsPresent ? found.Available : found);
            }
            catch (PortRegistryException failure)
            {
                Report(failure, port);
            }
        }
    }

    // Once, however many ports there are.
    private void Notify(string problem)
    {
        if (problem != _problem)
        {
            _problem = problem;
            WriteWarning(problem);
        }
    }
}
