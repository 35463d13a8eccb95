using System.Management.Automation;
using PortMgmt.Cluster;
using PortMgmt.Cluster.Submission;
using PortMgmt.Cluster.Transport;
using PortMgmt.Operations;
using PortMgmt.PowerShell.Batches;
using PortMgmt.PowerShell.Cluster;
using PortMgmt.PowerShell.Events;
using PortMgmt.PowerShell.Execution;
using PortMgmt.PowerShell.Scripts;

namespace PortMgmt.PowerShell.Commands;

/// <content>Batches that other nodes run.</content>
public sealed partial class StartOperationBatchCommand
{
    private RemoteBatch? _remote;

    private BatchRun StartRemote(Daemon daemon, BatchEvents events)
    {
        ClusterOptions cluster = daemon.Cluster ?? throw new OperationException(
            OperationErrorCode.NoCluster,
            $"There is no script block, and daemon '{daemon.Name}' belongs to no cluster: say what to do with each input, such as 1..3 | Start-OperationBatch {{ $_ * 2 }}, or name a daemon that was made with -Broker, whose nodes know what to do.");
        OperationBatchOptions<PSObject?, ScriptOutcome> options = MakeOptions(daemon, null, events) with
        {
            // What waits for other nodes takes nothing of this one, and should not wait for what runs here.
            MaxConcurrent = Has(nameof(MaxConcurrent)) ? MaxConcurrent : RemoteOperations.DefaultWindow,
            OwnLimit = true,
            BatchSize = 1,
        };
        var batchOptions = new ClusterBatchOptions { Partitions = Has(nameof(Partitions)) ? Partitions : null };
        if (BatchId is not null)
        {
            batchOptions = batchOptions with { BatchId = BatchId };
        }

        _remote = RemoteBatch.Open(cluster, batchOptions, StopToken);
        try
        {
            WriteVerbose($"Batch '{_remote.Id}' on {string.Join(", ", cluster.Brokers)}, cluster '{cluster.ClusterId}'. If this ends early, -BatchId {_remote.Id} with the same input goes on with it.");
            OperationBatch<PSObject?, ScriptOutcome> batch = daemon.Scheduler.StartBatch(_remote.CreateWorker, options);
            return new BatchRun(batch, _remote, MakeSink($"batch {_remote.Id}", events), _log, daemon.NodeId) { StopsAtFailure = StopsAtFailure };
        }
        catch (OperationException)
        {
            _remote.Dispose();
            throw;
        }
    }

    private void WarnIfIncomplete()
    {
        if (_job is null && _remote is { } remote)
        {
            WriteVerbose($"Batch '{remote.Id}': {remote.Counts}");
            if (remote.IsIncomplete)
            {
                WriteWarning($"Some operations of batch '{remote.Id}' have no result. What has one is kept: the same input with -BatchId {remote.Id} goes on.");
            }
        }
    }
}
