using System.Management.Automation;
using PortMgmt.Cluster;
using PortMgmt.Cluster.Submission;
using PortMgmt.Cluster.Transport;
using PortMgmt.Operations;
using PortMgmt.PowerShell.Cluster;
using PortMgmt.PowerShell.Cmdlets;
using PortMgmt.PowerShell.Errors;
using PortMgmt.PowerShell.Execution;
using PortMgmt.PowerShell.Scripts;

namespace PortMgmt.PowerShell.Commands;

/// <summary>
/// Runs dead letters again, as a batch of their own, and gives their results. A letter goes when its operation has one; an operation
/// that dies again becomes a new letter.
/// </summary>
[Cmdlet(VerbsLifecycle.Resume, "FailedOperation", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, HelpUri = HelpAddress.InModule)]
[OutputType(typeof(OperationResult))]
public sealed class ResumeFailedOperationCommand : FailedOperationCmdlet
{
    /// <inheritdoc/>
    private protected override void Process(Daemon daemon, IFailedOperations letters, IEnumerable<FailedOperation> chosen)
    {
        List<FailedOperation> agreed = [];
        foreach (FailedOperation failed in chosen)
        {
            if (!failed.CanReplay)
            {
                Report(new OperationException(OperationErrorCode.MessageInvalid, $"The letter '{failed.OperationId}' is no operation and cannot be run: {failed.Error}"), new FailedOperationInfo(failed));
            }
            else if (ShouldProcess($"{failed.Type} {failed.OperationId} of batch {failed.BatchId}", "Run again"))
            {
                agreed.Add(failed);
            }
        }

        if (agreed.Count > 0)
        {
            Replay(daemon, letters, agreed);
        }
    }

    private void Replay(Daemon daemon, IFailedOperations letters, List<FailedOperation> agreed)
    {
        using var batch = RemoteBatch.Open(daemon.Cluster!, new ClusterBatchOptions(), StopToken);
        OperationBatch<PSObject?, ScriptOutcome> run = daemon.Scheduler.StartBatch(batch.CreateWorker, new OperationBatchOptions<PSObject?, ScriptOutcome>
        {
            MaxConcurrent = RemoteOperations.DefaultWindow,
            OwnLimit = true,
            BatchSize = 1,
            UnboundedOutput = true,
            CacheSize = 0,
        });
        try
        {
            Dictionary<Operation<PSObject?>, FailedOperation> under = [];
            foreach (FailedOperation failed in agreed)
            {
                Operation<PSObject?> operation = batch.Prepare(failed);
                under.Add(operation, failed);
                run.EnqueueAsync(operation, StopToken).AsTask().GetAwaiter().GetResult();
            }

            run.Complete();
            Put(batch, run, letters, under, daemon.NodeId);
        }
        finally
        {
            run.StopAsync().GetAwaiter().GetResult();
        }
    }

    private void Put(
        RemoteBatch batch, OperationBatch<PSObject?, ScriptOutcome> run, IFailedOperations letters, Dictionary<Operation<PSObject?>, FailedOperation> under, string node)
    {
        while (!run.IsDrained)
        {
            run.Wait(Timeout.InfiniteTimeSpan, StopToken);
            while (run.TryRead(out OperationResult<PSObject?, ScriptOutcome> result))
            {
                batch.Record(result);
                if (result.Output is not null)
                {
                    letters.RemoveAsync(under[result.Operation], StopToken).AsTask().GetAwaiter().GetResult();
                }

                WriteObject(new OperationResult(result, result.Input, ErrorsOf(result), node));
            }
        }

        batch.Complete();
    }

    private static ErrorRecord[] ErrorsOf(in OperationResult<PSObject?, ScriptOutcome> result) =>
        result.Output?.Streams.Errors ?? (result.Error is null ? [] : [BatchErrors.ToErrorRecord(result.Error)]);
}
