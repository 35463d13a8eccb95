using System.Management.Automation;
using PortMgmt.Leases;
using PortMgmt.Ports;
using PortMgmt.PowerShell.Cmdlets;

namespace PortMgmt.PowerShell.Commands;

/// <summary>
/// Makes the machine-wide registry that every user of this host then shares (administrators only), or makes sure that the
/// present one can be used. Puts out where it is and how full.
/// </summary>
[Cmdlet(VerbsData.Initialize, "PortRegistry", SupportsShouldProcess = true, HelpUri = HelpAddress.InModule)]
[OutputType(typeof(PortRegistryStatus))]
public sealed class InitializePortRegistryCommand : PortCmdlet
{
    /// <summary>Whether to make the registry that all users of this host share.</summary>
    [Parameter]
    public SwitchParameter MachineWide { get; set; }

    /// <summary>With -MachineWide: whether to make it though users have live leases in registries of their own, which are then left behind.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessInput()
    {
        if (MachineWide.IsPresent && Registry is not null)
        {
            throw new PortRegistryException(
                PortRegistryErrorCode.InvalidRequest,
                "-MachineWide and -Registry contradict each other: the machine-wide registry has a fixed place.");
        }

        if (MachineWide.IsPresent)
        {
            if (ShouldProcess("the registry of this machine", "Initialize"))
            {
                WriteStatus(PortRegistry.InitializeMachineWide(Force.IsPresent));
            }

            return;
        }

        PortRegistry registry = OpenRegistry();
        if (ShouldProcess(registry.Directory, "Initialize"))
        {
            registry.Initialize(StopToken);
            WriteStatus(registry);
        }
    }

    private void WriteStatus(PortRegistry registry)
    {
        PortRegistryStatus status = registry.GetStatus(StopToken);
        foreach (string problem in status.Problems)
        {
            WriteWarning(problem);
        }

        WriteObject(status);
    }
}
