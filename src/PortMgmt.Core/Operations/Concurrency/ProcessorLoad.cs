using PortMgmt.Metrics.Recording;

namespace PortMgmt.Operations.Concurrency;

/// <summary>How busy the process kept the processors between two looks. Thread-safe.</summary>
internal sealed class ProcessorLoad(OperationClock clock, Func<TimeSpan> processorTime)
{
    /// <summary>Below this share of all processors, more concurrency helps operations that mostly wait.</summary>
    private const double Low = 0.5;

    private readonly Lock _lock = new();
    private TimeSpan _usedBefore = processorTime();
    private long _lookedAt = clock.Now;

    /// <summary>Whether the load was low since the last look; a look less than a millisecond after another says no.</summary>
    public bool IsLow()
    {
        lock (_lock)
        {
            long now = clock.Now;
            var passed = clock.ToTimeSpan(now - _lookedAt);
            if (passed < TimeSpan.FromMilliseconds(1))
            {
                return false;
            }

            TimeSpan used = processorTime();
            double share = (used - _usedBefore) / (passed * Environment.ProcessorCount);
            (_usedBefore, _lookedAt) = (used, now);
            return share < Low;
        }
    }
}
