using PortMgmt.Operations.Errors;

namespace PortMgmt.Operations;

/// <summary>How one batch runs. What is null is taken from the scheduler's settings, live.</summary>
/// <typeparam name="TInput">What the executor works on.</typeparam>
/// <typeparam name="TResult">What the executor makes of it.</typeparam>
public sealed record OperationBatchOptions<TInput, TResult>
{
    /// <summary>
    /// How many operations of this batch may run at once, 1 to 10,000; null for as many as the scheduler allows. It lowers the
    /// scheduler's limit for this batch, and with <see cref="OwnLimit"/> replaces it.
    /// </summary>
    public int? MaxConcurrent { get; init; }

    /// <summary>
    /// The batch has a limit of its own and does not count against the scheduler's. For schedulers that many unrelated callers share,
    /// such as a process-wide default; false unless set.
    /// </summary>
    public bool OwnLimit { get; init; }

    /// <summary>Overrides <see cref="OperationSettings.BatchSize"/>; null for the scheduler's.</summary>
    public int? BatchSize { get; init; }

    /// <summary>Overrides <see cref="OperationSettings.BatchFlush"/>; null for the scheduler's.</summary>
    public TimeSpan? BatchFlush { get; init; }

    /// <summary>
    /// How many results the batch's own cache keeps, 0 to 10,000,000; null for the scheduler's size. A batch that shares the scheduler's
    /// cache, by <see cref="ExecutorIdentity"/>, has none of its own.
    /// </summary>
    public int? CacheSize { get; init; }

    /// <summary>
    /// How many operations may be accepted and not yet read as a result, 1 to 10,000,000; null for 1024 or, if more, twice the batch
    /// size or eight times the limit. A full batch takes no more input, so memory is bounded by this.
    /// </summary>
    public int? Capacity { get; init; }

    /// <summary>
    /// A worker gets its chunk as one piece, <see cref="OperationLane{TInput, TResult}.Group"/>, and gives one result for it. Chunks
    /// then always gather up to the batch size, or until the oldest has waited for the flush time, or the input ends. Counts remain
    /// per operation; nothing is cached.
    /// </summary>
    public bool DeliverAsChunk { get; init; }

    /// <summary>Results that nobody has read do not count against <see cref="Capacity"/>: for a batch that runs in the background.</summary>
    public bool UnboundedOutput { get; init; }

    /// <summary>The first operation that fails, or whose time is up, stops the batch; retries come first.</summary>
    internal bool StopAtFirstFailure { get; init; }

    /// <summary>Results come in the order of the input, not as they finish.</summary>
    public bool Ordered { get; init; }

    /// <summary>What happens to an operation that the full batch is offered.</summary>
    public OverloadPolicy Overload { get; init; } = OverloadPolicy.Wait;

    /// <summary>How long one attempt may take from its start, 1 ms to 24 days; null for no limit.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Whether and when failed and timed-out operations run again.</summary>
    public RetryOptions Retry { get; init; } = RetryOptions.None;

    /// <summary>How many operations of a type may run at once, each at least 1; null for no such limits.</summary>
    public IReadOnlyDictionary<string, int>? TypeLimits { get; init; }

    /// <summary>
    /// What the executor is, for the cache: two batches of one scheduler share results only where this is equal. Null (the default)
    /// shares with no other batch, so that a changed executor is never answered from an older one's results.
    /// </summary>
    public string? ExecutorIdentity { get; init; }

    /// <summary>Whether a result may be kept in the cache; null means that every success may. Called on the worker; must be thread-safe.</summary>
    public Func<TResult, bool>? IsCacheable { get; init; }

    /// <summary>
    /// What an input is called in the lists of slow and failed operations; null (the default) for inputs that are texts, numbers or times
    /// as they are, and for others nothing. Called on the worker, for few operations; must be quick and thread-safe.
    /// </summary>
    public Func<TInput, object?>? Label { get; init; }

    /// <summary>Gets this batch's events, on the thread on which they arise; must be quick and thread-safe. Null for nobody, which costs nothing.</summary>
    public Action<OperationEvent>? OnEvent { get; init; }

    internal void Validate()
    {
        if (MaxConcurrent is int limit)
        {
            OptionCheck.InRange(nameof(MaxConcurrent), limit, 1, 10_000);
        }

        if (BatchSize is int size)
        {
            OptionCheck.InRange(nameof(BatchSize), size, 1, 100_000);
        }

        if (BatchFlush is TimeSpan flush)
        {
            OptionCheck.InRange(nameof(BatchFlush), flush, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        }

        if (CacheSize is int cacheSize)
        {
            OptionCheck.InRange(nameof(CacheSize), cacheSize, 0, 10_000_000);
        }

        if (Capacity is int capacity)
        {
            OptionCheck.InRange(nameof(Capacity), capacity, 1, 10_000_000);
        }

        if (Timeout is TimeSpan timeout)
        {
            OptionCheck.InRange(nameof(Timeout), timeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(24));
        }

        OptionCheck.Defined(nameof(Overload), Overload);
        Retry.Validate();
        if (DeliverAsChunk && TypeLimits is { Count: > 0 })
        {
            throw OptionCheck.Invalid(
                nameof(TypeLimits), $"{nameof(TypeLimits)} cannot hold where chunks are delivered as one piece, since they mix types: run a batch for each type.");
        }

        if (TypeLimits is null)
        {
            return;
        }

        foreach (KeyValuePair<string, int> typeLimit in TypeLimits)
        {
            OptionCheck.InRange($"{nameof(TypeLimits)}['{typeLimit.Key}']", typeLimit.Value, 1, 10_000);
        }
    }
}
