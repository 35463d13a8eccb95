namespace PortMgmt.TestKit.Clocks;

/// <summary>
/// A clock that a test moves: the monotonic one and the one on the wall, apart. FakeTimeProvider has one time for both, and its timers
/// go off by that alone, whereas a wait for the registry's lock ends by the system's. It counts the timers asked of it.
/// </summary>
public sealed class RegistryClock : TimeProvider
{
    // On no whole second and no whole millisecond.
    private long _ticks = TimeSpan.FromMilliseconds(3_600_456).Ticks + 7;
    private DateTimeOffset _wall = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private int _timers;

    public int TimersMade => _timers;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public override DateTimeOffset GetUtcNow() => _wall;

    /// <summary>Lets time pass.</summary>
    public void Advance(TimeSpan time)
    {
        Interlocked.Add(ref _ticks, time.Ticks);
        _wall += time;
    }

    /// <summary>Sets the date, as an administrator would: no time passes.</summary>
    public void SetWall(DateTimeOffset wall) => _wall = wall;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Interlocked.Increment(ref _timers);
        return System.CreateTimer(callback, state, dueTime, period);
    }
}
