namespace PortMgmt.RabbitMq.Workers;

/// <summary>
/// Of each partition, when the latest operation that was taken from it was submitted: what waits behind it was submitted later, so that it
/// says how old what waits is at most. The broker has no better answer for its quorum queues. Thread-safe.
/// </summary>
internal sealed class TakenTimes
{
    private readonly Lock _lock = new();
    private DateTimeOffset?[] _times = [null];

    /// <summary>For each partition; null where nothing was taken that said when it was submitted, and for all of them.</summary>
    public IReadOnlyList<DateTimeOffset?>? All
    {
        get
        {
            lock (_lock)
            {
                return Array.TrueForAll(_times, time => time is null) ? null : [.. _times];
            }
        }
    }

    /// <summary>The type has so many partitions.</summary>
    public void Resize(int partitions)
    {
        lock (_lock)
        {
            if (_times.Length != partitions)
            {
                _times = new DateTimeOffset?[partitions];
            }
        }
    }

    /// <summary>An operation was taken.</summary>
    public void Record(int partition, DateTimeOffset? submittedAt)
    {
        lock (_lock)
        {
            if (partition < _times.Length && submittedAt is { } time && (_times[partition] is not { } known || time > known))
            {
                _times[partition] = time;
            }
        }
    }
}
