using System.Collections.Concurrent;
using PortMgmt.Cluster.Transport;
using PortMgmt.Operations;

namespace PortMgmt.Cluster.Worker;

/// <summary>One run of a worker: see <see cref="ClusterWorker"/>.</summary>
internal sealed class ClusterWorkerRun<TInput, TResult> : IAsyncDisposable
{
    /// <summary>How long results may take to reach the broker at the end; what does not is done again elsewhere.</summary>
    private static readonly TimeSpan FlushTime = TimeSpan.FromSeconds(10);

    private readonly ClusterOptions _cluster;
    private readonly ClusterWorkerOptions<TInput, TResult> _options;
    private readonly OperationBatch<TInput, TResult> _batch;
    private readonly WorkerHealth _health;
    private readonly ClusterResultMaker<TInput, TResult> _results;
    private readonly ConcurrentDictionary<Operation<TInput>, ClusterDelivery> _deliveries = new();
    private readonly TaskCompletionSource<IClusterInbox> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _processed;
    private long _failed;

    public ClusterWorkerRun(ClusterOptions cluster, ClusterWorkerOptions<TInput, TResult> options)
    {
        _cluster = cluster;
        _options = options;
        _health = new WorkerHealth(options.HealthCheck, () => options.Scheduler.GetHealth().StuckOperations, options.MaxConcurrent, cluster.TimeProvider);
        _results = new ClusterResultMaker<TInput, TResult>(cluster.NodeId, options.Encode);
        _batch = options.Scheduler.StartBatch(options.WorkerFactory, new OperationBatchOptions<TInput, TResult>
        {
            MaxConcurrent = options.MaxConcurrent,
            OwnLimit = true,
            BatchSize = 1,
            UnboundedOutput = true,
            Timeout = options.Timeout,
            Retry = options.Retry,
        });
    }

    /// <summary>How it is.</summary>
    public ClusterWorkerState State => new()
    {
        Type = _options.Type,
        MaxConcurrent = _options.MaxConcurrent,
        ActiveOperations = _deliveries.Count,
        Processed = Interlocked.Read(ref _processed),
        Failed = Interlocked.Read(ref _failed),
        Condition = _health.Condition,
        Reason = _health.Reason,
    };

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _batch.DisposeAsync();

    /// <summary>What the worker takes.</summary>
    public ClusterInboxOptions MakeInboxOptions() => new()
    {
        Type = _options.Type,
        Partitions = _options.Partitions,
        Room = _options.MaxConcurrent,
        ResultsPerMessage = _options.ResultsPerMessage,
        OnDelivery = EnqueueAsync,
        OnNotice = _options.OnNotice,
        GetState = () => State,
    };

    /// <summary>Runs until it is told to stop or the broker is lost, then ends in good order.</summary>
    public async Task RunAsync(IClusterInbox inbox, CancellationToken stop)
    {
        _opened.SetResult(inbox);
        Task answering = AnswerAllAsync(inbox);
        try
        {
            _options.OnStarted?.Invoke();
            await WatchHealthAsync(inbox, stop).ConfigureAwait(false);
        }
        finally
        {
            await DrainAsync(inbox).ConfigureAwait(false);
            await answering.ConfigureAwait(false);
        }

        await FlushAsync(inbox).ConfigureAwait(false);
    }

    private async ValueTask EnqueueAsync(ClusterDelivery delivery)
    {
        IClusterInbox inbox = await _opened.Task.ConfigureAwait(false);
        TInput input;
        try
        {
            input = _options.Decode(delivery);
        }
        catch (Exception e)
        {
            Answer(inbox, delivery, _results.Fail(delivery, OperationErrorCode.MessageInvalid, e.Message));
            return;
        }

        var operation = new Operation<TInput>(input) { Id = delivery.Key, Type = delivery.Type };
        _deliveries.TryAdd(operation, delivery);
        try
        {
            await _batch.EnqueueAsync(operation).ConfigureAwait(false);
        }
        catch (OperationException closed)
        {
            _deliveries.TryRemove(operation, out _);
            inbox.GiveBack(delivery, closed.Message);
        }
    }

    private async Task AnswerAllAsync(IClusterInbox inbox)
    {
        do
        {
            while (_batch.TryRead(out OperationResult<TInput, TResult> result))
            {
                if (_deliveries.TryRemove(result.Operation, out ClusterDelivery? delivery))
                {
                    Settle(inbox, delivery, result);
                }
            }
        }
        while (await _batch.WaitToReadAsync().ConfigureAwait(false));
    }

    private void Settle(IClusterInbox inbox, ClusterDelivery delivery, in OperationResult<TInput, TResult> result)
    {
        // The node's own trouble is not the operation's end: another node, or this one later, may do better.
        if (result.Status == OperationStatus.Cancelled
            || result.Error is OperationException { Code: OperationErrorCode.WorkerUnavailable or OperationErrorCode.WorkerLost })
        {
            if (result.Status != OperationStatus.Cancelled)
            {
                _health.RecordWorkerLost(result.Error!.Message);
            }

            inbox.GiveBack(delivery, result.Error?.Message ?? "The node was stopped.");
            return;
        }

        Answer(inbox, delivery, _results.Make(delivery, result));
    }

    private void Answer(IClusterInbox inbox, ClusterDelivery delivery, ClusterResult result)
    {
        Interlocked.Increment(ref _processed);
        if (result.Status != OperationStatus.Succeeded)
        {
            Interlocked.Increment(ref _failed);
        }

        inbox.Answer(delivery, result);
    }

    private async Task WatchHealthAsync(IClusterInbox inbox, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(_options.HealthInterval, _cluster.TimeProvider);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task lost = inbox.Lost.ContinueWith(_ => ending.Cancel(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        try
        {
            do
            {
                if (!_health.Sample(_deliveries.IsEmpty))
                {
                    continue;
                }

                _options.OnConditionChanged?.Invoke(State);
                await (_health.Condition == ClusterWorkerCondition.Healthy ? inbox.ResumeAsync() : inbox.PauseAsync()).ConfigureAwait(false);
            }
            while (await timer.WaitForNextTickAsync(ending.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (!lost.IsCompleted && stop.IsCancellationRequested)
        {
            // Told to stop.
        }
        catch (OperationCanceledException)
        {
            await inbox.Lost.ConfigureAwait(false);
        }
    }

    private async Task DrainAsync(IClusterInbox inbox)
    {
        _health.Drain();
        _options.OnConditionChanged?.Invoke(State);
        await inbox.PauseAsync().ConfigureAwait(false);
        _batch.Complete();
        try
        {
            await _batch.Completion.WaitAsync(_options.DrainTime, _cluster.TimeProvider).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            await _batch.StopAsync().ConfigureAwait(false);
        }
    }

    private async Task FlushAsync(IClusterInbox inbox)
    {
        using var timeout = new CancellationTokenSource(FlushTime, _cluster.TimeProvider);
        try
        {
            await inbox.FlushAsync(timeout.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            // The broker is away. It gives the operations to others when it is back, whose results are the ones that count.
        }
    }
}
