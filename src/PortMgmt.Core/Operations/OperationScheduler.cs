using PortMgmt.Metrics;
using PortMgmt.Metrics.Recording;
using PortMgmt.Operations.Concurrency;
using PortMgmt.Operations.Dispatching;
using PortMgmt.Operations.Errors;
using PortMgmt.Operations.History;
using PortMgmt.Operations.Scheduling;

namespace PortMgmt.Operations;

/// <summary>
/// Runs batches of operations under one hard limit, and keeps the result cache and the figures between them. While no batch is open it
/// has no thread and no timer.
/// </summary>
/// <typeparam name="TInput">What executors work on.</typeparam>
/// <typeparam name="TResult">What executors make of it.</typeparam>
/// <remarks>
/// <para>Thread-safe. Many batches, of different callers and with different executors, may run on it at once; they share its limit fairly.</para>
/// <example>
/// <code>
/// await using var scheduler = new OperationScheduler&lt;Uri, int&gt;();
/// await foreach (var result in scheduler.RunAsync(uris, async (operation, token) =&gt; await Fetch(operation.Input, token)))
///     Console.WriteLine($"{result.Input}: {result.Status} {result.Output} in {result.Duration}");
/// </code>
/// </example>
/// </remarks>
public sealed class OperationScheduler<TInput, TResult> : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly SchedulerContext _context;
    private readonly SchedulerLimits _limits;
    private readonly SchedulerCaches<TInput, TResult> _caches;
    private readonly OpenBatches<TInput, TResult> _batches;
    private readonly SchedulerSnapshots<TInput, TResult> _snapshots;
    private bool _stopped;

    /// <summary>Makes a scheduler.</summary>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="OperationException"><see cref="OperationErrorCode.InvalidOption"/>: an option is out of its range.</exception>
    public OperationScheduler(OperationSchedulerOptions? options = null)
    {
        options ??= new OperationSchedulerOptions();
        options.Validate();
        SchedulerRecords records = new(new OperationClock(options.TimeProvider));
        _context = new SchedulerContext(options, records);
        _limits = new SchedulerLimits(options.Settings);
        _caches = new SchedulerCaches<TInput, TResult>(options.Settings.CacheSize);
        _batches = new OpenBatches<TInput, TResult>(records, _limits.Shared);
        _snapshots = new SchedulerSnapshots<TInput, TResult>(_context, _batches, _caches);
        records.StartMeter(Name, GetFigures);
    }

    /// <summary>
    /// The events of all batches, on the thread on which they arise. Handlers must be quick and thread-safe; one that throws is counted in
    /// the health report and disturbs nobody. Nothing is built while there is no handler.
    /// </summary>
    public event Action<OperationEvent>? EventRaised
    {
        add => _context.Listeners.Raised += value;
        remove => _context.Listeners.Raised -= value;
    }

    /// <summary>The scheduler's name.</summary>
    public string Name => _context.Options.Name;

    /// <summary>What holds now; change it with <see cref="Configure"/>.</summary>
    public OperationSettings Settings => _context.Settings;

    /// <summary>How long a stop waits for executors to heed their cancellation.</summary>
    public TimeSpan StopGrace => _context.Options.StopGrace;

    /// <summary>The limit that holds now: what was set, or the default with what it has grown by.</summary>
    public int ConcurrencyLimit => _limits.Shared.Limit;

    /// <summary>Starts a batch whose operations run through a delegate on the thread pool.</summary>
    /// <param name="executor">Does one operation; heeds its token. An exception is a failed operation. Called concurrently.</param>
    /// <param name="options">How the batch runs; null for the defaults.</param>
    /// <returns>The batch, open for input.</returns>
    /// <exception cref="OperationException">
    /// <see cref="OperationErrorCode.InvalidOption"/>; <see cref="OperationErrorCode.SchedulerStopped"/>.
    /// </exception>
    public OperationBatch<TInput, TResult> StartBatch(
        Func<Operation<TInput>, CancellationToken, ValueTask<TResult>> executor, OperationBatchOptions<TInput, TResult>? options = null)
    {
        ArgumentNullException.ThrowIfNull(executor);
        return StartBatch(() => new DelegateWorker<TInput, TResult>((_, operation, token) => executor(operation, token)), options);
    }

    /// <summary>Starts a batch whose chunks are delivered as one piece to a delegate on the thread pool: one call and one result for each.</summary>
    /// <param name="executor">Does all operations of a chunk; heeds its token. An exception fails all of them. Called concurrently.</param>
    /// <param name="options">How the batch runs; null for the defaults. <see cref="OperationBatchOptions{TInput, TResult}.DeliverAsChunk"/> is implied.</param>
    /// <returns>The batch, open for input.</returns>
    /// <exception cref="OperationException">
    /// <see cref="OperationErrorCode.InvalidOption"/>; <see cref="OperationErrorCode.SchedulerStopped"/>.
    /// </exception>
    internal OperationBatch<TInput, TResult> StartChunkBatch(
        Func<IReadOnlyList<Operation<TInput>>, CancellationToken, ValueTask<TResult>> executor,
        OperationBatchOptions<TInput, TResult>? options = null)
    {
        ArgumentNullException.ThrowIfNull(executor);
        return StartBatch(
            () => new DelegateWorker<TInput, TResult>((lane, _, token) => executor(lane.Group, token)),
            (options ?? new OperationBatchOptions<TInput, TResult>()) with { DeliverAsChunk = true });
    }

    /// <summary>Starts a batch whose operations block: each worker has a thread of its own, made when work asks for it.</summary>
    /// <param name="executor">Does one operation; heeds its token. An exception is a failed operation. Called concurrently.</param>
    /// <param name="options">How the batch runs; null for the defaults.</param>
    /// <returns>The batch, open for input.</returns>
    /// <exception cref="OperationException">
    /// <see cref="OperationErrorCode.InvalidOption"/>; <see cref="OperationErrorCode.SchedulerStopped"/>.
    /// </exception>
    internal OperationBatch<TInput, TResult> StartBlockingBatch(
        Func<Operation<TInput>, CancellationToken, TResult> executor, OperationBatchOptions<TInput, TResult>? options = null)
    {
        ArgumentNullException.ThrowIfNull(executor);
        return StartBatch(() => new ThreadWorker<TInput, TResult>(executor), options);
    }

    /// <summary>Starts a batch with workers of any kind.</summary>
    /// <param name="workerFactory">Makes one more worker; called when work asks for it, on whatever thread, concurrently. Must be quick.</param>
    /// <param name="options">How the batch runs; null for the defaults.</param>
    /// <returns>The batch, open for input.</returns>
    /// <exception cref="OperationException">
    /// <see cref="OperationErrorCode.InvalidOption"/>; <see cref="OperationErrorCode.SchedulerStopped"/>.
    /// </exception>
    public OperationBatch<TInput, TResult> StartBatch(
        Func<IOperationWorker<TInput, TResult>> workerFactory, OperationBatchOptions<TInput, TResult>? options = null)
    {
        ArgumentNullException.ThrowIfNull(workerFactory);
        options ??= new OperationBatchOptions<TInput, TResult>();
        options.Validate();
        lock (_lock)
        {
            if (_stopped)
            {
                throw new OperationException(
                    OperationErrorCode.SchedulerStopped, $"The scheduler '{Name}' was stopped: make another, or use one that runs.");
            }

            ConcurrencyLimit limit = _limits.For(options, Settings);
            OperationBatch<TInput, TResult> batch = new(
                this, _context, workerFactory, options, limit, AmbientPermit.BorrowUnder(limit), _caches.For(options, Settings), Remove);
            limit.Join();
            _batches.Add(batch);
            return batch;
        }
    }

    /// <summary>Runs a delegate over inputs. Input is taken as results are read; leaving the loop early stops the rest.</summary>
    /// <param name="inputs">The inputs.</param>
    /// <param name="executor">Does one operation; heeds its token.</param>
    /// <param name="options">How the batch runs; null for the defaults.</param>
    /// <param name="cancellationToken">Stops the batch; the loop then throws.</param>
    /// <returns>One result for each input.</returns>
    public IAsyncEnumerable<OperationResult<TInput, TResult>> RunAsync(
        IEnumerable<TInput> inputs,
        Func<Operation<TInput>, CancellationToken, ValueTask<TResult>> executor,
        OperationBatchOptions<TInput, TResult>? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return inputs is IList<TInput> list
            ? BatchStream<TInput, TResult>.RunListAsync(() => StartBatch(executor, options), list, cancellationToken)
            : RunAsync(inputs.Select(input => new Operation<TInput>(input)), executor, options, cancellationToken);
    }

    /// <summary>Runs a delegate over operations. Input is taken as results are read; leaving the loop early stops the rest.</summary>
    /// <param name="operations">The operations.</param>
    /// <param name="executor">Does one operation; heeds its token.</param>
    /// <param name="options">How the batch runs; null for the defaults.</param>
    /// <param name="cancellationToken">Stops the batch; the loop then throws.</param>
    /// <returns>One result for each operation.</returns>
    public IAsyncEnumerable<OperationResult<TInput, TResult>> RunAsync(
        IEnumerable<Operation<TInput>> operations,
        Func<Operation<TInput>, CancellationToken, ValueTask<TResult>> executor,
        OperationBatchOptions<TInput, TResult>? options = null,
        CancellationToken cancellationToken = default) =>
        BatchStream<TInput, TResult>.RunAsync(() => StartBatch(executor, options), operations, cancellationToken);

    /// <summary>
    /// Changes the settings, for open batches too. A lower limit holds as soon as the operations that run have ended; a smaller cache drops
    /// what was used least recently.
    /// </summary>
    /// <param name="settings">The settings that hold from now on.</param>
    /// <exception cref="OperationException"><see cref="OperationErrorCode.InvalidOption"/>: nothing was changed.</exception>
    public void Configure(OperationSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        settings.Validate();
        List<IPermitWaiter> granted;
        OperationBatch<TInput, TResult>[] batches;
        lock (_lock)
        {
            _context.Settings = settings;
            granted = _limits.Set(settings);
            batches = [.. _batches.All];
            _caches.Resize(batches, settings.CacheSize);
        }

        foreach (IPermitWaiter waiter in granted)
        {
            waiter.OnPermitGranted();
        }

        foreach (OperationBatch<TInput, TResult> batch in batches)
        {
            batch.OnSettingsChanged();
        }
    }

    /// <summary>
    /// Drops every result from the cache. Operations that run now still share theirs with those that wait for it already; what comes
    /// from here on runs anew.
    /// </summary>
    public void ClearCache()
    {
        lock (_lock)
        {
            _caches.Clear(_batches.All);
        }
    }

    /// <summary>The state at this moment.</summary>
    /// <returns>A snapshot.</returns>
    public OperationHealth GetHealth()
    {
        lock (_lock)
        {
            return _snapshots.GetHealth(isRunning: !_stopped);
        }
    }

    /// <summary>The figures since the scheduler was made. Raises <see cref="OperationEventNames.MetricsCollected"/>.</summary>
    /// <returns>A snapshot; operations that end meanwhile may be in some figures and not yet in others.</returns>
    public OperationMetrics GetMetrics()
    {
        OperationMetrics metrics = GetFigures();
        if (_context.Listeners.IsHeard)
        {
            _context.Listeners.Raise(new OperationEvent(OperationEventNames.MetricsCollected, metrics.Timestamp, null) { Metrics = metrics });
        }

        return metrics;
    }

    /// <summary>The latencies since the scheduler was made, with their buckets.</summary>
    /// <returns>Queue wait, service and total; they change no more.</returns>
    public (LatencyDistribution Queue, LatencyDistribution Service, LatencyDistribution Total) GetLatencies()
    {
        lock (_lock)
        {
            return _snapshots.GetLatencies();
        }
    }

    /// <summary>What is remembered of the operations that ended since the scheduler was made.</summary>
    /// <returns>A snapshot.</returns>
    public OperationHistory GetHistory()
    {
        lock (_lock)
        {
            return _snapshots.GetHistory();
        }
    }

    /// <summary>Takes no more batches and stops the open ones, all at once.</summary>
    /// <param name="grace">How long executors may take to heed their cancellation; null for the scheduler's.</param>
    /// <returns>What would not stop, over all batches.</returns>
    /// <exception cref="OperationException"><see cref="OperationErrorCode.InvalidOption"/>: the grace is negative or above an hour; nothing was stopped.</exception>
    public async Task<StopReport> StopAsync(TimeSpan? grace = null)
    {
        OptionCheck.InRange(nameof(grace), grace ?? StopGrace, TimeSpan.Zero, TimeSpan.FromHours(1));
        OperationBatch<TInput, TResult>[] open;
        lock (_lock)
        {
            _stopped = true;
            open = [.. _batches.All];
        }

        StopReport[] reports = await Task.WhenAll(open.Select(batch => batch.StopAsync(grace))).ConfigureAwait(false);
        _context.Records.Dispose();
        return new StopReport
        {
            Stuck = [.. reports.SelectMany(report => report.Stuck)],
            WorkersLeft = reports.Sum(report => report.WorkersLeft),
        };
    }

    /// <summary>Stops the scheduler with its own grace.</summary>
    /// <returns>When its batches have ended, or the grace is over.</returns>
    public async ValueTask DisposeAsync() => await StopAsync().ConfigureAwait(false);

    /// <summary>The metrics, for whoever is not to raise an event by reading them.</summary>
    internal OperationMetrics GetFigures()
    {
        lock (_lock)
        {
            return _snapshots.GetMetrics();
        }
    }

    private void Remove(OperationBatch<TInput, TResult> batch)
    {
        lock (_lock)
        {
            _batches.Remove(batch);
        }
    }
}
