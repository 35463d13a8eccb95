using System.Text;
using PortMgmt.Cli.Batch.Processes;
using PortMgmt.Heads;
using PortMgmt.Metrics;
using PortMgmt.Operations;
using PortMgmt.Operations.JobLogs;
using PortMgmt.Reports;

namespace PortMgmt.Cli.Batch;

/// <summary>
/// One batch: a thread that reads operations as fast as they are worked off, the scheduler's workers that run them, and the calling
/// thread, which writes results.
/// </summary>
internal sealed class BatchRun : IDisposable
{
    /// <summary>The largest result that is kept for operations of the same id, in bytes.</summary>
    private const int LargestKept = 64 << 10;

    private const int SmallestCapacity = 64;

    /// <summary>How much of a line reports show, in bytes.</summary>
    private const int MaxLabelLength = 200;

    private readonly ChildRunnerFactory _runners;
    private readonly OperationScheduler<BatchOperation, ChildResult> _scheduler;
    private readonly int _limit;
    private readonly OperationBatch<BatchOperation, ChildResult> _batch;
    private readonly BatchFeed<BatchOperation, ChildResult> _feed;

    /// <summary>Makes the batch, ready for operations.</summary>
    public BatchRun(BatchSettings settings)
    {
        _runners = new ChildRunnerFactory(settings.Jobs);
        settings = settings with { Jobs = _runners.Workers };
        _limit = settings.Jobs;
        _scheduler = new OperationScheduler<BatchOperation, ChildResult>(new OperationSchedulerOptions
        {
            Name = "batch",
            Settings = settings.Operations with { MaxConcurrent = settings.Jobs },
        });
        _batch = _scheduler.StartBatch(
            () => new ChildWorker(settings.Template, _runners.Create(), settings.Registry),
            new OperationBatchOptions<BatchOperation, ChildResult>
            {
                Ordered = settings.KeepOrder,
                Capacity = settings.KeepOrder ? null : CapacityFor(settings),
                Timeout = settings.Timeout,
                Retry = new RetryOptions { MaxRetries = settings.Retries },
                Label = static operation => Encoding.UTF8.GetString(operation.Text.AsSpan(0, Math.Min(operation.Text.Length, MaxLabelLength))),
                IsCacheable = static result => result.Output.Length + result.Error.Length <= LargestKept,
            });
        _feed = new BatchFeed<BatchOperation, ChildResult>(_batch);
    }

    /// <summary>The figures so far.</summary>
    public OperationMetrics Metrics => _scheduler.GetMetrics();

    /// <summary>What a report shows.</summary>
    /// <param name="title">What it is called.</param>
    public OperationReport Report(string title) => OperationReport.From(_scheduler) with { Name = title };

    /// <summary>How it gets on; any thread.</summary>
    /// <param name="title">What it is called.</param>
    /// <param name="linesLeft">About how many operations are still to come; null where that cannot be told.</param>
    public PanelSnapshot Progress(string title, long? linesLeft)
    {
        BatchProgress progress = _batch.Progress;
        OperationMetrics metrics = _scheduler.GetMetrics();
        return new PanelSnapshot
        {
            Title = title,
            Elapsed = metrics.ActiveTime,
            Accepted = progress.Accepted,
            Ended = progress.Ended,
            Failed = progress.Failed + progress.TimedOut,
            Running = progress.Running,
            Limit = _limit,
            Service = metrics.Latency.Service,
            IsInputComplete = _feed.IsComplete,
            Expected = progress.Accepted + linesLeft,
        };
    }

    /// <summary>Runs it to its end, or to an interruption: then what runs is ended, and every operation that was read has its result.</summary>
    /// <param name="operations">The operations.</param>
    /// <param name="results">Where their results go.</param>
    /// <param name="log">The job log; null for none.</param>
    /// <param name="display">What shows how it gets on.</param>
    /// <exception cref="IOException">The results cannot be written; what ran was ended.</exception>
    public void Execute(OperationReader operations, ResultWriter results, JobLog? log, BatchDisplay display)
    {
        _feed.Start(operations.Next);
        var sink = new BatchSink(results, log, display);
        try
        {
            new BatchPump<BatchOperation, ChildResult>(_batch, sink).ReadToEnd();
            sink.Complete();
        }
        finally
        {
            _batch.StopAsync().GetAwaiter().GetResult();
        }
    }

    /// <summary>Ends it early; any thread.</summary>
    public void Interrupt() => _batch.Cancel();

    /// <summary>Says what kept the input from being read to its end, if anything did.</summary>
    public void ThrowIfInputFailed() => _feed.ThrowIfFailed();

    /// <inheritdoc/>
    public void Dispose()
    {
        _scheduler.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _runners.Dispose();
    }

    /// <summary>
    /// Results may be large, so few of them may wait for a slow reader: enough to keep every worker busy. Those that wait for their turn
    /// are another matter: one slow operation should not stop the others.
    /// </summary>
    private static int CapacityFor(BatchSettings settings) =>
        Math.Max(SmallestCapacity, Math.Max(4 * settings.Jobs, 2 * settings.Operations.BatchSize));
}
