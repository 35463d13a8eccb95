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
    private readonly IResultSink _sink;
    private readonly BatchLog? _log;
    private readonly string _node;
    private readonly Lock _liveLock = new();
    private bool _isOver;
    private bool _isUncacheableTold;

    /// <summary>Wakes the thread that waits for the batch; null where none does.</summary>
    private Action? _wake;

    /// <summary>A batch that this process runs.</summary>
    public BatchRun(OperationBatch<PSObject?, ScriptOutcome> batch, ScriptPlan plan, IResultSink sink, BatchLog? log, string node)
        : this(batch, plan.Workers, sink, log, node) => _plan = plan;

    /// <summary>A batch that other nodes run.</summary>
    public BatchRun(OperationBatch<PSObject?, ScriptOutcome> batch, RemoteBatch remote, IResultSink sink, BatchLog? log, string node)
        : this(batch, new WorkerCount(), sink, log, node) => _remote = remote;

    private BatchRun(OperationBatch<PSObject?, ScriptOutcome> batch, WorkerCount workers, IResultSink sink, BatchLog? log, string node)
    {
        Batch = batch;
        _pump = new BatchPump<PSObject?, ScriptOutcome>(batch, this);
        _workers = workers;
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
        NotifyIfUncacheable(result);
        _plan?.Values.Release(result);
        WarnOfClasses();
        NotifyIfStuck(result);
        var put = new OperationResult(result, InputOf(result), ErrorsOf(result), _node);
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

        PutLive();
        _sink.Tick(Batch);
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
        _sink.Close(Summary);
        _log?.Dispose();
    }

    // Once a batch: it concerns the script block, and the operation itself has succeeded.
    private void NotifyIfUncacheable(in OperationResult<PSObject?, ScriptOutcome> result)
    {
        if (_plan?.IsCached != true || _isUncacheableTold || result.Status != OperationStatus.Succeeded || !ScriptBlockValues.IsIn(result.Output?.Output))
        {
            return;
        }

        _isUncacheableTold = true;
        var failure = new OperationException(
            OperationErrorCode.ResultNotCacheable,
            $"The result of operation '{result.Id}' is a script block, which belongs to its worker, and is not kept for repeats: "
            + "put out what the block says instead, or leave out -Id.");
        _sink.Report(BatchErrors.ToErrorRecord(failure, result.Input));
    }

    // Once a class.
    private void WarnOfClasses()
    {
        if (_plan is null || _plan.OutputClasses.IsEmpty)
        {
            return;
        }

        foreach (string name in _plan.OutputClasses.Keys)
        {
            if (_plan.OutputClasses.TryUpdate(name, true, false))
            {
                _sink.Warn(
                    $"Operations put out objects of class {name}, which was defined in their runspace: methods run in yours now, where functions and "
                    + "variables of the operation are not, and its name is not known. Put out what the methods return, or define the class in your script.");
            }
        }
    }

    private void NotifyIfStuck(in OperationResult<PSObject?, ScriptOutcome> result)
    {
        if (result.Status != OperationStatus.TimedOut || result.Error?.InnerException is not TimeoutException)
        {
            return;
        }

        string name = result.Id is { } id ? $"id '{id}'" : $"input '{InputOf(result)}'";
        _sink.Warn(
            $"The operation with {name} was told to stop when its time was up, and does not: it may be in native code. Its runspace is not used "
            + "again, and Get-DaemonHealth names it. What it does, and programs that it started, may go on until this process ends.");
    }

    private object? InputOf(in OperationResult<PSObject?, ScriptOutcome> result) =>
        _plan?.AsBatch == true ? result.Operations.Select(operation => operation.Input).ToArray() : result.Input;

    // What the script block threw is in its streams already; what the scheduler says comes on top.
    private ErrorRecord[] ErrorsOf(in OperationResult<PSObject?, ScriptOutcome> result)
    {
        ErrorRecord[] errors = result.Output?.Streams.Errors ?? [];
        if (result.Error is null || (result.Status == OperationStatus.Failed && result.Output is not null))
        {
            return errors;
        }

        return [.. errors, BatchErrors.ToErrorRecord(result.Error, InputOf(result))];
    }
}
