using PortMgmt.Cluster;
using PortMgmt.Cluster.Submission;
using PortMgmt.Cluster.Transport;
using PortMgmt.Heads;
using PortMgmt.Metrics;
using PortMgmt.Operations;

namespace PortMgmt.Cli.Cluster;

/// <summary>One batch that other nodes run: a thread that reads operations as there is room, and the calling thread, which writes results.</summary>
internal sealed class SubmitRun : IDisposable
{
    private readonly IClusterBatch _cluster;
    private readonly OperationScheduler<Submission, ClusterResult> _scheduler;
    private readonly OperationBatch<Submission, ClusterResult> _batch;
    private readonly BatchFeed<Submission, ClusterResult> _feed;
    private readonly SubmissionSink _sink;
    private bool _isCutShort;

    /// <summary>Makes the batch, ready for operations.</summary>
    /// <param name="cluster">The cluster's end of it; disposed of with this.</param>
    /// <param name="window">How many operations may be out at once.</param>
    /// <param name="options">Order, timeout and retries.</param>
    /// <param name="sink">Where results go.</param>
    public SubmitRun(IClusterBatch cluster, int window, OperationBatchOptions<Submission, ClusterResult> options, SubmissionSink sink)
    {
        _cluster = cluster;
        _sink = sink;
        _scheduler = new OperationScheduler<Submission, ClusterResult>(new OperationSchedulerOptions
        {
            Name = "submit",
            Settings = new OperationSettings { MaxConcurrent = window, BatchSize = 1 },
        });
        _batch = _scheduler.StartBatch(
            () => new RemoteWorker<Submission, ClusterResult>(cluster, operation => operation.Input.Outgoing, result => result), options);
        _feed = new BatchFeed<Submission, ClusterResult>(_batch);
    }

    /// <summary>The figures so far.</summary>
    public OperationMetrics Metrics => _scheduler.GetMetrics();

    /// <summary>Operations are left without a result; the same input under the same id goes on.</summary>
    public bool IsIncomplete => _isCutShort || _sink.IsIncomplete || _feed.HasFailed;

    /// <summary>Runs it to its end, or to an interruption.</summary>
    /// <exception cref="IOException">The results cannot be written.</exception>
    public void Execute(SubmissionReader operations)
    {
        _feed.Start(operations.Next);
        try
        {
            new BatchPump<Submission, ClusterResult>(_batch, _sink).ReadToEnd();
        }
        catch (IOException)
        {
            _isCutShort = true;
            throw;
        }
        finally
        {
            _batch.StopAsync().GetAwaiter().GetResult();
        }

        if (!IsIncomplete)
        {
            _cluster.CompleteAsync(CancellationToken.None).GetAwaiter().GetResult();
        }
    }

    /// <summary>Ends it early; any thread.</summary>
    public void Interrupt() => _batch.Cancel();

    /// <summary>Says what kept the input from being read to its end, or the cluster from answering, if anything did.</summary>
    public void ThrowIfFailed()
    {
        _feed.ThrowIfFailed();
        if (_sink.Lost is { } lost)
        {
            throw lost;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _scheduler.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _cluster.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
