using PortMgmt.Operations.Concurrency;

namespace PortMgmt.Operations.Scheduling;

/// <summary>
/// The limit that a scheduler's batches share, and those of batches that have their own. Not thread-safe: guarded by the scheduler's lock,
/// but for what says otherwise.
/// </summary>
internal sealed class SchedulerLimits
{
    /// <param name="settings">What holds at first.</param>
    public SchedulerLimits(OperationSettings settings) => Shared = Make(settings);

    /// <summary>The limit that batches share unless they have one of their own. Any thread.</summary>
    public ConcurrencyLimit Shared { get; }

    /// <summary>The limit for a batch.</summary>
    public ConcurrencyLimit For<TInput, TResult>(OperationBatchOptions<TInput, TResult> options, OperationSettings settings) =>
        options.OwnLimit ? Make(settings with { MaxConcurrent = options.MaxConcurrent ?? settings.MaxConcurrent }) : Shared;

    /// <summary>Changes the shared limit.</summary>
    /// <returns>Who has a permit now and must be told, outside of any lock.</returns>
    public List<IPermitWaiter> Set(OperationSettings settings)
    {
        (int limit, int ceiling) = RangeOf(settings);
        return Shared.Set(limit, ceiling);
    }

    private static ConcurrencyLimit Make(OperationSettings settings)
    {
        (int limit, int ceiling) = RangeOf(settings);
        return new ConcurrencyLimit(limit, ceiling);
    }

    /// <summary>A limit that nobody set may grow up to a ceiling.</summary>
    private static (int Limit, int Ceiling) RangeOf(OperationSettings settings) => settings.MaxConcurrent is int limit
        ? (limit, limit)
        : (OperationSettings.DefaultMaxConcurrent, OperationSettings.DefaultCeiling);
}
