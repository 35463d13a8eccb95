using System.Management.Automation;
using PortMgmt.Heads;
using PortMgmt.Operations;
using PortMgmt.PowerShell.Cluster;
using PortMgmt.PowerShell.Errors;
using PortMgmt.PowerShell.Execution;
using PortMgmt.PowerShell.Runspaces;
using PortMgmt.PowerShell.Scripts;

namespace PortMgmt.PowerShell.Batches;

/// <summary>
/// One batch as the thread of its cmdlet or job sees it: it brings operations in and takes results out, and never waits for the one
/// without doing the other. Only <see cref="Cancel"/> may come from another thread.
/// </summary>
internal sealed class BatchRun : IBatchSink<PSObject?, ScriptOutcome>, IDisposable
{
    /// <summary>How long the threads of workers may take to go after their batch has ended.</summary>
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromMilliseconds(400);

    private readonly BatchPump<PSObject?, ScriptOutcome> _pump;
    private readonly WorkerCount _workers;
    private readonly ScriptPlan? _plan;
    private readonly RemoteBatch? _remote;
    private readonly ResultNotices _notices;
    private readonly IResultSink _sink;
    private readonly BatchLog? _log;
    private readonly string _node;
    private readonly Lock _liveLock = new();
    private bool _isOver;

    /// <summary>Wakes the thread that waits for the batch; null where none does.</summary>
    private Action? _wake;

    /// <summary>A batch that this process runs.</summary>
    public BatchRun(OperationBatch<PSObject?, ScriptOutcome> batch, ScriptPlan plan, IResultSink sink, BatchLog? log, string node)
        : this(batch, plan, remote: null, sink, log, node)
    {
    }

    /// <summary>A batch that other nodes run.</summary>
    public BatchRun(OperationBatch<PSObject?, ScriptOutcome> batch, RemoteBatch remote, IResultSink sink, BatchLog? log, string node)
        : this(batch, plan: null, remote, sink, log, node)
    {
    }

    private BatchRun(
        OperationBatch<PSObject?, ScriptOutcome> batch, ScriptPlan? plan, RemoteBatch? remote, IResultSink sink, BatchLog? log, string node)
    {
        Batch = batch;
        _pump = new BatchPump<PSObject?, ScriptOutcome>(batch, this);
        _workers = plan?.Workers ?? new WorkerCount();
        _plan = plan;
        _remote = remote;
        _notices = new ResultNotices(plan, sink);
        _sink = sink;
        _log = log;
        _node = node;
    }

    public OperationBatch<PSObject?, ScriptOutcome> Batch { get; }

    /// <summary>What its results amount to so far. For the thread that reads them.</summary>
    public BatchSummary Summary { get; } = new();

    /// <summary>The batch ends at its first operation that fails.</summary>
    public bool StopsAtFailure { get; init; }

    /// <summary>The operation at which it ended for that reason; null for none.</summary>
    public OperationResult? Failure { get; private set; }

    /// <summary>The present thread, that of the caller's session, waits for the batch: scripts of the session may run there meanwhile.</summary>
    public void Attend()
    {
        _wake = Batch.Interrupt;
        _plan?.Values.Home.Attend(_wake);
    }

    /// <summary>Puts an operation in, and results out while there is no room.</summary>
    /// <exception cref="OperationException">It was not accepted.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public void Add(Operation<PSObject?> operation, CancellationToken cancellationToken) => _pump.Add(operation, cancellationToken);

    /// <summary>Puts an operation in while another thread reads the results.</summary>
    /// <exception cref="OperationException">It was not accepted.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public void AddInBackground(Operation<PSObject?> operation, CancellationToken cancellationToken) =>
        Batch.EnqueueAsync(operation, cancellationToken).AsTask().GetAwaiter().GetResult();

    /// <summary>Puts results out until the input was completed and everything has ended.</summary>
    public async Task ReadToEndAsync()
    {
        await _pump.ReadToEndAsync().ConfigureAwait(false);
        Close();
    }

    /// <summary>Waits for the rest of the operations and puts their results out.</summary>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public void Finish(CancellationToken cancellationToken)
    {
        _pump.Finish(cancellationToken);
        Close();
    }

    /// <summary>Puts out what need not wait for the end of operations, if that is due. Any thread.</summary>
    public void PutLive()
    {
        if (_plan?.Live is not { } live || !live.IsDue())
        {
            return;
        }

        // What was taken of an operation is out before anything that it writes later.
        lock (_liveLock)
        {
            foreach (ProgressRecord record in live.TakeProgress())
            {
                _sink.PutProgress(record);
            }

            foreach ((PSObject?[] output, StreamRecords streams) in live.TakeOutput())
            {
                _sink.PutEarly(output, streams);
            }
        }
    }

    /// <summary>Stops the batch without waiting. Any thread.</summary>
    public void Cancel()
    {
        _workers.Abandon();
        Batch.Cancel();
    }

    /// <summary>Stops what is left and waits until it is gone, within two seconds.</summary>
    public void Dispose()
    {
        if (_isOver)
        {
            return;
        }

        _isOver = true;
        LeaveHome();
        _workers.Abandon();
        Batch.StopAsync().GetAwaiter().GetResult();
        _workers.WaitForNone(ShutdownTimeout);
        _plan?.Values.Dispose();
        _remote?.Dispose();
        _log?.Dispose();
    }

    /// <inheritdoc/>
    void IBatchSink<PSObject?, ScriptOutcome>.Take(in OperationResult<PSObject?, ScriptOutcome> result)
    {
        RunAtHome();
        if (StopsAtFailure && result.Status == OperationStatus.Cancelled)
        {
            // It was never finished, so it is in no log, and runs when the batch is resumed.
            _remote?.Record(result);
            _plan?.Values.Release(result);
            return;
        }

        _log?.Write(result);
        _remote?.Record(result);
        _plan?.Values.Release(result);
        object? input = InputOf(result);
        _notices.Notify(result, input);
        var put = new OperationResult(result, input, ErrorsOf(result, input), _node);
        Summary.Count(put);
        if (StopsAtFailure && Failure is null && result.Status != OperationStatus.Succeeded)
        {
            Failure = put;
            Batch.Cancel();
        }

        if (_plan?.Live?.TakesOutput != true)
        {
            _sink.Put(put);
            return;
        }

        lock (_liveLock)
        {
            _sink.Put(put);
        }
    }

    /// <inheritdoc/>
    void IBatchSink<PSObject?, ScriptOutcome>.Flush()
    {
        RunAtHome();
        while (_remote?.TryTakeNotice(out string? notice) == true)
        {
            _sink.Warn(notice);
        }

        WarnOfLog();
        PutLive();
        _sink.Tick(Batch);
    }

    private void WarnOfLog()
    {
        if (_log?.TryTakeNotice(out string? notice) == true)
        {
            _sink.Warn(notice);
        }
    }

    // Before a result is put out, too: what takes it may be long at it.
    private void RunAtHome()
    {
        if (_wake is not null)
        {
            _plan?.Values.Home.RunPending();
        }
    }

    private void LeaveHome()
    {
        if (_wake is not null)
        {
            _plan?.Values.Home.Leave(_wake);
        }
    }

    private void Close()
    {
        _isOver = true;
        LeaveHome();
        _workers.WaitForNone(ShutdownTimeout);
        _plan?.Values.Dispose();
        _remote?.Complete();
        _log?.Dispose();
        WarnOfLog();
        _sink.Close(Summary);
    }

    private object? InputOf(in OperationResult<PSObject?, ScriptOutcome> result) =>
        _plan?.AsBatch == true ? result.Operations.Select(operation => operation.Input).ToArray() : result.Input;

    // What the script block threw is in its streams already; what the scheduler says comes on top.
    private static ErrorRecord[] ErrorsOf(in OperationResult<PSObject?, ScriptOutcome> result, object? input)
    {
        ErrorRecord[] errors = result.Output?.Streams.Errors ?? [];
        if (result.Error is null || (result.Status == OperationStatus.Failed && result.Output is not null))
        {
            return errors;
        }

        return [.. errors, BatchErrors.ToErrorRecord(result.Error, input)];
    }
}
