namespace PortMgmt.Platform;

/// <summary>
/// One wait for a lock, and when it is over: after a time in which the lock did not change hands (whoever has it is stopped or stuck),
/// and after another in all (it is passed on, but too many want it). Used by one thread at a time.
/// </summary>
internal sealed class LockWait
{
    // Between two looks whoever waits is blocked in the system, deaf to a cancellation.
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(500);

    private readonly TimeProvider _time;
    private readonly TimeSpan _stallLimit;
    private readonly TimeSpan _limit;
    private readonly Func<long> _look;
    private readonly long _start;
    private long? _seen;
    private long _changedAt;

    /// <summary>Begins to wait.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="stallLimit">The longest that the lock may stay in one hand.</param>
    /// <param name="limit">The longest in all; 0 for no wait, <see cref="Timeout.InfiniteTimeSpan"/> for one without any limit, the other one included.</param>
    /// <param name="look">Gives a number that differs whenever somebody else has the lock, or the same one again.</param>
    public LockWait(TimeProvider time, TimeSpan stallLimit, TimeSpan limit, Func<long> look)
    {
        _time = time;
        _stallLimit = stallLimit;
        _limit = limit;
        _look = look;
        _start = _changedAt = time.GetTimestamp();
    }

    /// <summary>How long it has lasted.</summary>
    public TimeSpan Elapsed => _time.GetElapsedTime(_start);

    /// <summary>How long ago the lock was last seen to have changed hands, or was looked at first.</summary>
    public TimeSpan Unchanged => _time.GetElapsedTime(_changedAt);

    /// <summary>Whether the lock was ever seen to change hands.</summary>
    public bool HasMoved => _changedAt != _start;

    /// <summary>A wait that ends after a time, whatever becomes of the lock.</summary>
    public static LockWait For(TimeSpan limit) => new(TimeProvider.System, limit, limit, static () => 0);

    /// <summary>Looks at the lock, and says for how long to block at most before the next look; 0 when the wait is over.</summary>
    public TimeSpan Look()
    {
        long now = _look();
        if (now != _seen)
        {
            _changedAt = _seen is null ? _changedAt : _time.GetTimestamp();
            _seen = now;
        }

        if (_limit == Timeout.InfiniteTimeSpan)
        {
            return LookInterval;
        }

        TimeSpan left = Least(_limit - Elapsed, _stallLimit - Unchanged);
        return left > TimeSpan.Zero ? Least(left, LookInterval) : TimeSpan.Zero;
    }

    private static TimeSpan Least(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
