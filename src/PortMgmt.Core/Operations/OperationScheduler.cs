using PortMgmt.Metrics.Recording;
using PortMgmt.Operations.Caching;
using PortMgmt.Operations.Concurrency;
using PortMgmt.Operations.Dispatching;
using PortMgmt.Operations.Errors;

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
public sealed partial class OperationScheduler<TInput, TResult> : IAsyncDisposable
{
    private readonly OperationSchedulerOptions _options;
    private readonly ConcurrencyLimit _limit;
    private readonly OperationCache<TInput, TResult> _cache;
    private readonly CacheCounters _cacheCounters = new();
    private readonly Lock _lock = new();

    /// <summary>The open batches.</summary>
    private readonly List<OperationBatch<TInput, TResult>> _batches = [];

    private volatile OperationSettings _settings;
    private bool _stopped;

    /// <summary>Makes a scheduler.</summary>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="OperationException"><see cref="OperationErrorCode.InvalidOption"/>: an option is out of its range.</exception>
    public OperationScheduler(OperationSchedulerOptions? options = null)
    {
        _options = options ?? new OperationSchedulerOptions();
        _options.Validate();
        _settings = _options.Settings;
        Clock = new OperationClock(_options.TimeProvider);
        (int limit, int ceiling) = LimitsOf(_settings);
        _limit = new ConcurrencyLimit(limit, ceiling);
        _cache = new OperationCache<TInput, TResult>(_settings.CacheSize, _cacheCounters);
        ProcessorLoad = new ProcessorLoad(Clock, _options.ProcessorTime);
        _gcPausedBefore = GC.GetTotalPauseDuration();
        _madeAt = Clock.Now;
        _madeTime = Clock.Provider.GetUtcNow();
        _recorder = NewRecorder();
        _meter = new OperationMeter(Name, () => GetFigures());
    }

    /// <summary>The scheduler's name.</summary>
    public string Name => _options.Name;

    /// <summary>What holds now; change it with <see cref="Configure"/>.</summary>
    public OperationSettings Settings => _settings;

    /// <summary>How long a stop waits for executors to heed their cancellation.</summary>
    public TimeSpan StopGrace => _options.StopGrace;

    /// <summary>The limit that holds now: what was set, or the default with what it has grown by.</summary>
    public int ConcurrencyLimit => _limit.Limit;

    internal OperationClock Clock { get; }

    internal ProcessorLoad ProcessorLoad { get; }

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

    /// <summary>Starts a batch whose hand-offs run as a whole through a delegate on the thread pool: one call and one result for each.</summary>
    /// <param name="executor">Does all operations of a hand-off; heeds its token. An exception fails all of them. Called concurrently.</param>
    /// <param name="options">How the batch runs; null for the defaults. <see cref="OperationBatchOptions{TInput, TResult}.WholeHandOffs"/> is implied.</param>
    /// <returns>The batch, open for input.</returns>
    /// <exception cref="OperationException">
    /// <see cref="OperationErrorCode.InvalidOption"/>; <see cref="OperationErrorCode.SchedulerStopped"/>.
    /// </exception>
    public OperationBatch<TInput, TResult> StartWholeBatch(
        Func<IReadOnlyList<Operation<TInput>>, CancellationToken, ValueTask<TResult>> executor,
        OperationBatchOptions<TInput, TResult>? options = null)
    {
        ArgumentNullException.ThrowIfNull(executor);
        return StartBatch(
            () => new DelegateWorker<TInput, TResult>((lane, _, token) => executor(lane.Group, token)),
            (options ?? new OperationBatchOptions<TInput, TResult>()) with { WholeHandOffs = true });
    }

    /// <summary>Starts a batch whose operations block: each worker has a thread of its own, made when work asks for it.</summary>
    /// <param name="executor">Does one operation; heeds its token. An exception is a failed operation. Called concurrently.</param>
    /// <param name="options">How the batch runs; null for the defaults.</param>
    /// <returns>The batch, open for input.</returns>
    /// <exception cref="OperationException">
    /// <see cref="OperationErrorCode.InvalidOption"/>; <see cref="OperationErrorCode.SchedulerStopped"/>.
    /// </exception>
    public OperationBatch<TInput, TResult> StartBlockingBatch(
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

            ConcurrencyLimit limit = LimitFor(options);
            var batch = new OperationBatch<TInput, TResult>(this, workerFactory, options, limit, NestedBatches.LoanUnder(limit));
            limit.Join();
            if (_batches.Count == 0)
            {
                _activeSince = Clock.Now;
            }

            _batches.Add(batch);
            return batch;
        }
    }

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
        List<IPermitHeir> heirs;
        OperationBatch<TInput, TResult>[] batches;
        lock (_lock)
        {
            _settings = settings;
            (int limit, int ceiling) = LimitsOf(settings);
            heirs = _limit.Set(limit, ceiling);
            batches = [.. _batches];
            _cache.Resize(settings.CacheSize);
            foreach (OperationBatch<TInput, TResult> batch in batches)
            {
                if (batch.Options.CacheSize is null)
                {
                    batch.Cache.Resize(settings.CacheSize);
                }
            }
        }

        foreach (IPermitHeir heir in heirs)
        {
            heir.Inherit();
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
            foreach (OperationCache<TInput, TResult> cache in Caches())
            {
                cache.Clear();
            }
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
            open = [.. _batches];
        }

        StopReport[] reports = await Task.WhenAll(open.Select(batch => batch.StopAsync(grace))).ConfigureAwait(false);
        _meter.Dispose();
        return new StopReport
        {
            Stuck = [.. reports.SelectMany(report => report.Stuck)],
            WorkersLeft = reports.Sum(report => report.WorkersLeft),
        };
    }

    /// <summary>Stops the scheduler with its own grace.</summary>
    /// <returns>When its batches have ended, or the grace is over.</returns>
    public async ValueTask DisposeAsync() => await StopAsync().ConfigureAwait(false);

    /// <summary>Batches that name no executor identity share results with no other: they have a cache of their own.</summary>
    internal OperationCache<TInput, TResult> CacheFor(OperationBatchOptions<TInput, TResult> options) =>
        options.ExecutorIdentity is null
            ? new OperationCache<TInput, TResult>(options.CacheSize ?? _settings.CacheSize, _cacheCounters)
            : _cache;

    private static (int Limit, int Ceiling) LimitsOf(OperationSettings settings) => settings.MaxConcurrent is int limit
        ? (limit, limit)
        : (OperationSettings.DefaultMaxConcurrent, OperationSettings.DefaultCeiling);

    private ConcurrencyLimit LimitFor(OperationBatchOptions<TInput, TResult> options)
    {
        if (!options.OwnLimit)
        {
            return _limit;
        }

        (int limit, int ceiling) = LimitsOf(_settings with { MaxConcurrent = options.MaxConcurrent ?? _settings.MaxConcurrent });
        return new ConcurrencyLimit(limit, ceiling);
    }

    private IEnumerable<OperationCache<TInput, TResult>> Caches() =>
        _batches.Select(batch => batch.Cache).Where(cache => cache != _cache).Append(_cache);
}
