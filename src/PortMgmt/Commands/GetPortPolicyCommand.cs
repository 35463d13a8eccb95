using System.Management.Automation;
using PortMgmt.Leases;
using PortMgmt.PowerShell.Cmdlets;

namespace PortMgmt.PowerShell.Commands;

/// <summary>Shows the registry's policy, which every caller honours.</summary>
[Cmdlet(VerbsCommon.Get, "PortPolicy", HelpUri = HelpAddress.InModule)]
[OutputType(typeof(PortPolicy))]
public sealed class GetPortPolicyCommand : PortCmdlet
{
    /// <inheritdoc/>
    protected override void ProcessInput() => WriteObject(OpenRegistry().GetPolicy());
}
