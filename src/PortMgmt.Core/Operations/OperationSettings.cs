using PortMgmt.Operations.Errors;

namespace PortMgmt.Operations;

/// <summary>What can be set, and changed while batches run, on a scheduler.</summary>
public sealed record OperationSettings
{
    /// <summary>The largest limit, chunk or cache that is taken for meant.</summary>
    internal const int Large = 10_000_000;

    /// <summary>
    /// How many operations may run at once, 1 to 10,000: a hard limit over all batches of the scheduler. Null (the default) means
    /// <see cref="DefaultMaxConcurrent"/>, and up to <see cref="DefaultCeiling"/> while operations wait and the process leaves the
    /// processors idle.
    /// </summary>
    public int? MaxConcurrent { get; init; }

    /// <summary>How many operations a chunk, which a worker gets at once, has at most, 1 to 100,000; 100 unless set.</summary>
    public int BatchSize { get; init; } = 100;

    /// <summary>How long an operation waits for a chunk to fill while a further worker could be started, 0 to 1 minute; 10 ms unless set.</summary>
    public TimeSpan BatchFlush { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>How many results the cache keeps, 0 to 10,000,000; 5,000 unless set. 0 switches caching and coalescing off.</summary>
    public int CacheSize { get; init; } = 5000;

    /// <summary>The limit that holds when none is set: 5 for each processor.</summary>
    public static int DefaultMaxConcurrent => 5 * Environment.ProcessorCount;

    /// <summary>Where the default limit may grow to for operations that mostly wait: 8 for each processor.</summary>
    public static int DefaultCeiling => 8 * Environment.ProcessorCount;

    /// <summary>The same settings with the chunk size and flush time of a profile.</summary>
    /// <param name="profile">The profile.</param>
    /// <returns>The changed copy.</returns>
    /// <exception cref="OperationException"><see cref="OperationErrorCode.InvalidOption"/>: there is no such profile.</exception>
    public OperationSettings With(BatchProfile profile)
    {
        OptionCheck.Defined(nameof(profile), profile);
        (int size, int flush) = profile switch
        {
            BatchProfile.UltraLowLatency => (10, 1),
            BatchProfile.Balanced => (100, 10),
            BatchProfile.Throughput => (500, 50),
            _ => (1000, 100),
        };
        return this with { BatchSize = size, BatchFlush = TimeSpan.FromMilliseconds(flush) };
    }

    /// <summary>The same settings with the cache size of a profile.</summary>
    /// <param name="profile">The profile.</param>
    /// <returns>The changed copy.</returns>
    /// <exception cref="OperationException"><see cref="OperationErrorCode.InvalidOption"/>: there is no such profile.</exception>
    public OperationSettings With(CacheProfile profile)
    {
        OptionCheck.Defined(nameof(profile), profile);
        int size = profile switch
        {
            CacheProfile.ReadHeavy => 10_000,
            CacheProfile.WriteHeavy => 1_000,
            _ => 2_000,
        };
        return this with { CacheSize = size };
    }

    internal void Validate()
    {
        if (MaxConcurrent is int limit)
        {
            OptionCheck.InRange(nameof(MaxConcurrent), limit, 1, 10_000);
        }

        OptionCheck.InRange(nameof(BatchSize), BatchSize, 1, 100_000);
        OptionCheck.InRange(nameof(BatchFlush), BatchFlush, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        OptionCheck.InRange(nameof(CacheSize), CacheSize, 0, Large);
    }
}
