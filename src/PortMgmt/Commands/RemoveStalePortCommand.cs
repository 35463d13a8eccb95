using System.Management.Automation;
using PortMgmt.Leases;
using PortMgmt.PowerShell.Cmdlets;

namespace PortMgmt.PowerShell.Commands;

/// <summary>Takes back every lease whose owner is gone or whose time has passed, and says which and why. With -WhatIf it only says so.</summary>
[Cmdlet(VerbsCommon.Remove, "StalePort", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low, HelpUri = HelpAddress.InModule)]
[OutputType(typeof(StalePort))]
public sealed class RemoveStalePortCommand : PortCmdlet
{
    /// <inheritdoc/>
    protected override void ProcessInput()
    {
        PortRegistry registry = OpenToRead();
        string question = "Take back the stale ports of " + registry.Directory + "?";
        bool sweep = ShouldProcess("Take back the stale ports of " + registry.Directory, question, "Remove-StalePort", out ShouldProcessReason reason);
        if (sweep || reason == ShouldProcessReason.WhatIf)
        {
            WriteObject(registry.Sweep(whatIf: !sweep, StopToken), enumerateCollection: true);
        }
    }
}
