namespace PortMgmt.TestKit.Clocks;

/// <summary>A clock on which every timer is due at once, and time has then moved on by what it was set to.</summary>
public sealed class SkippingClock : TimerCountingClock
{
    private readonly List<TimeSpan> _delays = [];
    private TimeSpan _elapsed;

    /// <summary>What the timers were set to, in their order.</summary>
    public IReadOnlyList<TimeSpan> Delays => _delays;

    /// <summary>Hears how much time has passed in all, before the timer goes off.</summary>
    public Action<TimeSpan>? Moved { get; init; }

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        _delays.Add(dueTime);
        _elapsed += dueTime;
        Moved?.Invoke(_elapsed);
        ITimer timer = base.CreateTimer(callback, state, dueTime, period);

        // Not on this thread: whoever sets a timer does not expect it to go off before he has it.
        ThreadPool.QueueUserWorkItem(_ => Advance(dueTime));
        return timer;
    }
}
