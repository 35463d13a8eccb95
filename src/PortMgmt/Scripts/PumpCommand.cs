using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace PortMgmt.PowerShell.Scripts;

/// <summary>
/// Runs inside a worker's runspace for as long as the worker has operations, and calls the script block for one after the other:
/// one pipeline for all of them, which is what makes a call cost microseconds.
/// </summary>
[Cmdlet(VerbsLifecycle.Invoke, "PortMgmtPump")]
internal sealed class PumpCommand : PSCmdlet
{
    public const string Name = "Invoke-PortMgmtPump";

    /// <summary>What the worker's pipeline runs. Only a script, not a command, passes the values of <c>$using:</c> on.</summary>
    public const string Script = Name + " $args[0]";

    /// <summary>
    /// The loop itself is script: it lets output through as it comes, so that what was put out before an error is not lost, and errors
    /// that end a statement do not end the operation, as everywhere. The <c>&amp;</c> in it gives each operation a scope of its own.
    /// </summary>
    private const string Loop = "& $args[0] $args[1]";

    /// <summary>Sets <c>$?</c> anew, which only a statement that succeeds does.</summary>
    private static readonly ScriptBlock Succeeding = ScriptBlock.Create("$null = 0");

    [Parameter(Mandatory = true, Position = 0)]
    public OperationEnumerator Feed { get; set; } = null!;

    protected override void EndProcessing()
    {
        if (!Feed.LeavesNothing)
        {
            Feed.Runspace.RecordState(this);
        }

        Feed.Enter(SessionState);
        do
        {
            RunUntilInterrupted();
        }
        while (!Feed.IsOver);
        if (!Feed.LeavesNothing)
        {
            Feed.Runspace.Inspect(this);
        }
    }

    private void RunUntilInterrupted()
    {
        try
        {
            if (Feed.Call.IsScoped)
            {
                CallInScope();
            }
            else
            {
                Feed.EnterLoop();
                InvokeCommand.InvokeScript(
                    Loop, useNewScope: true, PipelineResultTypes.Output | PipelineResultTypes.Error, null, Feed.Call.Loop, Feed);
            }

            // After a break the loop is left with the operation still open.
            Feed.EndPresent();
        }
        catch (ExitException exit) when (Feed.IsRunning)
        {
            Feed.EndByExit(exit.Argument);
        }
        catch (FlowControlException) when (Feed.IsRunning)
        {
            // break or continue with a label that only its author knows.
            Feed.EndPresent();
        }
        catch (Exception e) when (e is not PipelineStoppedException && Feed.IsRunning)
        {
            Feed.EndByError(e);
        }
    }

    private void CallInScope()
    {
        InvocationInfo position = EngineCall.Describe(this, Feed.Call.Block);
        PSVariable succeeded = SessionState.PSVariable.Get("?");
        while (Feed.MoveNext())
        {
            if (succeeded.Value is false)
            {
                EngineCall.Invoke(Succeeding, CommandRuntime, position, null);
            }

            EngineCall.Invoke(Feed.Call.Block, CommandRuntime, position, Feed.Current);
        }
    }
}
