namespace PortMgmt.Metrics.Recording;

/// <summary>What is counted of a type; the time in ticks of 100 ns.</summary>
internal sealed class TypeCount
{
    public long Ended { get; private set; }

    public long Failed { get; private set; }

    public long Ran { get; private set; }

    public long ServiceTicks { get; private set; }

    public void Add(long ended, long failed, long ran, long serviceTicks)
    {
        Ended += ended;
        Failed += failed;
        Ran += ran;
        ServiceTicks += serviceTicks;
    }

    public void Add(TypeCount other) => Add(other.Ended, other.Failed, other.Ran, other.ServiceTicks);
}
