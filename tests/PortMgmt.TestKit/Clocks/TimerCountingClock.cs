using Microsoft.Extensions.Time.Testing;

namespace PortMgmt.TestKit.Clocks;

/// <summary>A clock that a test moves, and that knows how many timers are left: for whoever has to clear away what it set.</summary>
public class TimerCountingClock : FakeTimeProvider
{
    private int _live;
    private int _pending;

    /// <summary>Timers that are set to go off.</summary>
    public int PendingTimers => Volatile.Read(ref _pending);

    /// <summary>Timers that have not been disposed of, whether they are set or not.</summary>
    public int LiveTimers => Volatile.Read(ref _live);

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new CountedTimer(this, callback, state, dueTime, period);

    private ITimer CreateUncounted(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, dueTime, period);

    private sealed class CountedTimer : ITimer
    {
        private readonly Lock _lock = new();
        private readonly TimerCountingClock _clock;
        private readonly ITimer _timer;
        private bool _isPending;
        private bool _isDisposed;

        public CountedTimer(TimerCountingClock clock, TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _clock = clock;
            Interlocked.Increment(ref clock._live);
            SetPending(dueTime != Timeout.InfiniteTimeSpan);
            void OnDue(object? given)
            {
                SetPending(period != Timeout.InfiniteTimeSpan);
                callback(given);
            }

            _timer = clock.CreateUncounted(OnDue, state, dueTime, period);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            SetPending(dueTime != Timeout.InfiniteTimeSpan);
            return _timer.Change(dueTime, period);
        }

        public void Dispose()
        {
            SetPending(false);
            lock (_lock)
            {
                if (!_isDisposed)
                {
                    _isDisposed = true;
                    Interlocked.Decrement(ref _clock._live);
                }
            }

            _timer.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void SetPending(bool isPending)
        {
            lock (_lock)
            {
                if (_isPending != isPending && !_isDisposed)
                {
                    _isPending = isPending;
                    Interlocked.Add(ref _clock._pending, isPending ? 1 : -1);
                }
            }
        }
    }
}
