namespace PortMgmt.Tests.Listeners;

/// <summary>A clock on which every timer is due at once, and time has then moved on by what it was set to.</summary>
internal sealed class SkippingClock : TimeProvider
{
    private readonly List<TimeSpan> _delays = [];
    private TimeSpan _now;
    private int _timers;

    public IReadOnlyList<TimeSpan> Delays => _delays;

    public int LiveTimers => Volatile.Read(ref _timers);

    public Action<TimeSpan>? Moved { get; init; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Interlocked.Increment(ref _timers);
        _delays.Add(dueTime);
        _now += dueTime;
        Moved?.Invoke(_now);
        ThreadPool.QueueUserWorkItem(_ => callback(state));
        return new Timer(this);
    }

    private sealed class Timer(SkippingClock clock) : ITimer
    {
        private int _disposed;

        public bool Change(TimeSpan dueTime, TimeSpan period) => false;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _disposed, 1) == 0)
            {
                Interlocked.Decrement(ref clock._timers);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
