namespace PortMgmt.Benchmarks.Simulation;

/// <summary>Time that passes from one event to the next, and what happens in it. Events of the same moment keep their order.</summary>
internal sealed class VirtualTime : TimeProvider
{
    private readonly PriorityQueue<Action, (double At, long Order)> _events = new();
    private long _order;

    /// <summary>Seconds since the beginning.</summary>
    public double Now { get; private set; }

    /// <summary>How many events there were.</summary>
    public long Count { get; private set; }

    public override long TimestampFrequency => 1_000_000;

    public override long GetTimestamp() => (long)(Now * TimestampFrequency);

    /// <summary>Does something in so many seconds.</summary>
    public void After(double seconds, Action action) => _events.Enqueue(action, (Now + seconds, _order++));

    /// <summary>Lets time pass until something holds, or nothing happens any more.</summary>
    public void RunUntil(Func<bool> isOver)
    {
        while (!isOver() && _events.TryDequeue(out Action? next, out (double At, long Order) at))
        {
            Now = at.At;
            Count++;
            next();
        }
    }
}
