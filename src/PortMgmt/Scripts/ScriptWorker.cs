using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Management.Automation;
using PortMgmt.Operations;
using PortMgmt.PowerShell.Runspaces;

namespace PortMgmt.PowerShell.Scripts;

/// <summary>Runs operations as calls of a script block: a thread and a runspace, and one pipeline for as long as nothing has to be stopped.</summary>
internal sealed class ScriptWorker(ScriptPlan plan) : IOperationWorker<PSObject?, ScriptOutcome>
{
    public void Wake(OperationLane<PSObject?, ScriptOutcome> lane)
    {
        plan.Workers.Enter();
        new Thread(() => Run(lane))
        {
            IsBackground = true,
            Name = "PortMgmt worker " + lane.Number.ToString(CultureInfo.InvariantCulture),
        }.Start();
    }

    public void Dispose()
    {
        // The thread ends by itself once its lane has no more work.
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Whatever ends a worker is told to its batch.")]
    private void Run(OperationLane<PSObject?, ScriptOutcome> lane)
    {
        var feed = new OperationEnumerator(plan, lane);
        WorkerRunspace? runspace = null;
        try
        {
            runspace = Rent();
            while (feed.Fetch())
            {
                RunPipeline(feed, runspace ??= plan.Runspaces.Open(plan.Setup));
                if (plan.IsolatesRunspaces)
                {
                    runspace.Dispose();
                    runspace = null;
                }
            }
        }
        catch (Exception e)
        {
            lane.Lost(e);
        }
        finally
        {
            feed.Close();
            GiveBack(runspace);
            plan.Workers.Leave(lane.Number, lane.Chunks);
        }
    }

    // Before the first operation is fetched: its time does not run while the runspace is opened.
    private WorkerRunspace? Rent() => plan.IsolatesRunspaces ? null : plan.Runspaces.Rent(plan.Setup);

    private void RunPipeline(OperationEnumerator feed, WorkerRunspace runspace)
    {
        using var shell = System.Management.Automation.PowerShell.Create();
        shell.Runspace = runspace.Runspace;
        plan.Values.Employ(runspace.Runspace);
        // A command has fewer frames below it than a script, which each collection has to walk for each worker.
        if (plan.UsingValues.Count > 0)
        {
            shell.AddScript(PumpCommand.Script).AddArgument(feed).AddParameter(UsingValues.ParameterName, plan.UsingValues);
        }
        else
        {
            shell.AddCommand(PumpCommand.Name).AddArgument(feed);
        }

        feed.Attach(shell, runspace);
        try
        {
            shell.Invoke(null, feed.Output, null);
        }
        catch (PipelineStoppedException)
        {
            // The present operation was stopped; the next one gets a new pipeline.
        }
        finally
        {
            feed.Detach();
        }
    }

    private void GiveBack(WorkerRunspace? runspace)
    {
        if (runspace is null)
        {
            return;
        }

        if (plan.Workers.IsAbandoned)
        {
            runspace.Dispose();
        }
        else
        {
            plan.Runspaces.Return(runspace, isUnchanged: plan.LeavesNothing);
        }
    }
}
