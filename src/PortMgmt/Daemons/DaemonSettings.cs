using PortMgmt.Operations;

namespace PortMgmt.PowerShell.Daemons;

/// <summary>What was given of a daemon's settings; null stands for what was not.</summary>
internal readonly record struct DaemonSettings
{
    public int? MaxConcurrent { get; init; }

    public int? BatchSize { get; init; }

    public double? BatchFlushMs { get; init; }

    public int? CacheSize { get; init; }

    public BatchProfile? Profile { get; init; }

    public CacheProfile? CacheProfile { get; init; }

    /// <summary>The settings with what was given; single values come before profiles.</summary>
    /// <exception cref="OperationException">A value is out of its range.</exception>
    public OperationSettings ApplyTo(OperationSettings settings)
    {
        if (BatchFlushMs is { } flush && !(Math.Abs(flush) < TimeSpan.MaxValue.TotalMilliseconds))
        {
            throw new OperationException(OperationErrorCode.InvalidOption, $"BatchFlushMs is {flush}: give a finite length of time.")
            {
                Option = nameof(BatchFlushMs),
            };
        }

        settings = Profile is { } profile ? settings.With(profile) : settings;
        settings = CacheProfile is { } cache ? settings.With(cache) : settings;
        return settings with
        {
            MaxConcurrent = MaxConcurrent ?? settings.MaxConcurrent,
            BatchSize = BatchSize ?? settings.BatchSize,
            BatchFlush = BatchFlushMs is { } ms ? TimeSpan.FromMilliseconds(ms) : settings.BatchFlush,
            CacheSize = CacheSize ?? settings.CacheSize,
        };
    }
}
