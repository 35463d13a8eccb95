namespace PortMgmt.Metrics.Recording;

/// <summary>What is counted of a type; the time in ticks of 100 ns.</summary>
internal record struct TypeCount(long Ended, long Failed, long Ran, long ServiceTicks)
{
    public void Add(in TypeCount other)
    {
        Ended += other.Ended;
        Failed += other.Failed;
        Ran += other.Ran;
        ServiceTicks += other.ServiceTicks;
    }
}
