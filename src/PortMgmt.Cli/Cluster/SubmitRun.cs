using System.Runtime.ExceptionServices;
using PortMgmt.Cluster;
using PortMgmt.Cluster.Submission;
using PortMgmt.Cluster.Transport;
using PortMgmt.Metrics;
using PortMgmt.Operations;

namespace PortMgmt.Cli.Cluster;

/// <summary>One batch that other nodes run: a thread that reads operations as there is room, and the calling thread, which writes results.</summary>
internal sealed class SubmitRun : IDisposable
{
    private readonly IClusterBatch _cluster;
    private readonly OperationScheduler<Submission, ClusterResult> _scheduler;
    private readonly OperationBatch<Submission, ClusterResult> _batch;
    private ExceptionDispatchInfo? _inputFailure;
    private OperationException? _lost;
    private bool _isIncomplete;

    /// <summary>Makes the batch, ready for operations.</summary>
    /// <param name="cluster">The cluster's end of it; disposed of with this.</param>
    /// <param name="window">How many operations may be out at once.</param>
    /// <param name="options">Order, timeout and retries.</param>
    public SubmitRun(IClusterBatch cluster, int window, OperationBatchOptions<Submission, ClusterResult> options)
    {
        _cluster = cluster;
        _scheduler = new OperationScheduler<Submission, ClusterResult>(new OperationSchedulerOptions
        {
            Name = "submit",
            Settings = new OperationSettings { MaxConcurrent = window, BatchSize = 1 },
        });
        _batch = _scheduler.StartBatch(
            () => new RemoteWorker<Submission, ClusterResult>(cluster, operation => operation.Input.Outgoing, result => result), options);
    }

    /// <summary>The figures so far.</summary>
    public OperationMetrics Metrics => _scheduler.GetMetrics();

    /// <summary>Operations are left without a result; the same input under the same id goes on.</summary>
    public bool IsIncomplete => _isIncomplete || _inputFailure is not null;

    /// <summary>Runs it to its end, or to an interruption.</summary>
    /// <exception cref="IOException">The results cannot be written.</exception>
    public void Execute(SubmissionReader operations, SubmissionWriter results)
    {
        new Thread(() => Feed(operations)) { IsBackground = true, Name = "PortMgmt input" }.Start();
        try
        {
            Drain(results);
        }
        catch (IOException)
        {
            _isIncomplete = true;
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
        _inputFailure?.Throw();
        if (_lost is not null)
        {
            throw _lost;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _scheduler.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _cluster.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private void Feed(SubmissionReader operations)
    {
        try
        {
            while (operations.Next() is { } operation)
            {
                _batch.EnqueueAsync(operation).AsTask().GetAwaiter().GetResult();
            }
        }
        catch (OperationException closed) when (closed.Code == OperationErrorCode.BatchClosed)
        {
            // Interrupted: what was not accepted was never sent.
        }
        catch (Exception failure)
        {
            // Whatever it is, it must end the batch in good order, and be said on the thread that waits for it.
            Volatile.Write(ref _inputFailure, ExceptionDispatchInfo.Capture(failure));
        }

        _batch.Complete();
    }

    private void Drain(SubmissionWriter results)
    {
        do
        {
            while (_batch.TryRead(out OperationResult<Submission, ClusterResult> result))
            {
                Record(result);
                results.Add(result);
            }

            results.Flush();
        }
        while (_batch.WaitToReadAsync().AsTask().GetAwaiter().GetResult());
    }

    // What a node answered has a result, good or bad; what has none may get one when the batch is gone on with.
    private void Record(in OperationResult<Submission, ClusterResult> result)
    {
        if (result.Output is not null || result.Error is not OperationException failure || failure.Code is OperationErrorCode.InputTooLarge or OperationErrorCode.InvalidOption)
        {
            return;
        }

        _isIncomplete = true;
        if (failure.Code is not (OperationErrorCode.OperationCancelled or OperationErrorCode.OperationTimedOut))
        {
            _lost ??= failure;
        }
    }
}
