using System.Management.Automation;
using PortMgmt.Cluster;
using PortMgmt.Cluster.Transport;
using PortMgmt.PowerShell.Cluster;
using PortMgmt.PowerShell.Cmdlets;
using PortMgmt.PowerShell.Execution;

namespace PortMgmt.PowerShell.Commands;

/// <summary>Shows the dead letters of a type: operations that ended each node that took them, and messages that do not belong to this product. They stay where they are.</summary>
[Cmdlet(VerbsCommon.Get, "FailedOperation", HelpUri = HelpAddress.InModule)]
[OutputType(typeof(FailedOperationInfo))]
public sealed class GetFailedOperationCommand : FailedOperationCmdlet
{
    /// <inheritdoc/>
    private protected override void Process(Daemon daemon, IFailedOperations letters, IEnumerable<FailedOperation> chosen)
    {
        foreach (FailedOperation failed in chosen)
        {
            WriteObject(new FailedOperationInfo(failed));
        }
    }
}
