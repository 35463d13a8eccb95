using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using PortMgmt.PowerShell.Execution;

namespace PortMgmt.PowerShell.Scripts;

/// <summary>
/// Runs a script block as a child of the scope that it was written in, with variables of its own, and lets its output and
/// errors pass through the cmdlet as they come.
/// </summary>
/// <remarks>
/// The variables live in a frame: a scope between the caller's and the block's, in the block's own session state, since a
/// block of one module does not see the variables of another. A block of the top level that a module's function was handed
/// is the one case in which no frame can be bound to the right session state: there the output comes when the block has ended.
/// </remarks>
/// <param name="invoker">The cmdlet's own invoker, whose output pipe is the cmdlet's.</param>
/// <param name="callerModule">The module that the cmdlet was called from; null for the top level.</param>
internal sealed class LeasedBlock(CommandInvocationIntrinsics invoker, PSModuleInfo? callerModule)
{
    private const string Frame = "param($Port, $PortLease, $Ports) & $args[0]";
    private const string CallFrame = "& $args[0] $args[1] $args[2] $args[3] $args[4]";

    /// <summary>Runs the block; returns what could not be passed through while it ran.</summary>
    public Collection<PSObject> Invoke(ScriptBlock block, int port, object lease, LeasedPorts ports)
    {
        if (block.Module is null && callerModule is not null)
        {
            return block.InvokeWithContext(
                null, [new PSVariable("Port", port), new PSVariable("PortLease", lease), new PSVariable("Ports", ports)], []);
        }

        var frame = ScriptBlock.Create(Frame);
        ScriptBlock bound = block.Module?.NewBoundScriptBlock(frame) ?? frame;
        return invoker.InvokeScript(
            CallFrame, useNewScope: true, PipelineResultTypes.Output | PipelineResultTypes.Error, null, bound, port, lease, ports, block);
    }
}
