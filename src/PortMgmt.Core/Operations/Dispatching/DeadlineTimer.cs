using PortMgmt.Metrics.Recording;

namespace PortMgmt.Operations.Dispatching;

/// <summary>One single-shot timer for many deadlines: it exists only once something has a deadline and is set to the earliest.</summary>
internal sealed class DeadlineTimer(OperationClock clock, Action onDue) : IDisposable
{
    private readonly Lock _lock = new();

    /// <summary>When the timer goes off, as a timestamp; the far future when it is not set.</summary>
    private long _due = long.MaxValue;

    private ITimer? _timer;
    private bool _disposed;

    /// <summary>Makes sure that the timer goes off at the given time or earlier. Thread-safe, and nearly free when it does already.</summary>
    public void ArmBy(long due)
    {
        if (due >= Volatile.Read(ref _due))
        {
            return;
        }

        lock (_lock)
        {
            if (due >= _due || _disposed)
            {
                return;
            }

            Volatile.Write(ref _due, due);
            _timer ??= Create();

            // Timers count whole milliseconds: rounded up, or the timer would go off just before the deadline and again after it.
            double wait = Math.Ceiling(clock.ToTimeSpan(Math.Max(0, due - clock.Now)).TotalMilliseconds);
            _timer.Change(TimeSpan.FromMilliseconds(Math.Min(wait, uint.MaxValue - 2)), Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _timer?.Dispose();
        }
    }

    private ITimer Create()
    {
        // The timer belongs to the batch, not to the operation during which it happened to be made.
        using (ExecutionContext.SuppressFlow())
        {
            return clock.Provider.CreateTimer(static state => ((DeadlineTimer)state!).GoOff(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    private void GoOff()
    {
        // Before anything is looked at: a deadline that is set from here on either sees this and arms the timer, or is seen below.
        Interlocked.Exchange(ref _due, long.MaxValue);
        onDue();
    }
}
