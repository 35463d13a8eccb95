namespace PortMgmt.Metrics.Recording;

/// <summary>A time provider's timestamps with their unit, converted without division on the hot path.</summary>
internal sealed class OperationClock
{
    private readonly double _nanosecondsPerUnit;
    private readonly double _ticksPerUnit;
    private readonly double _unitsPerTick;

    public OperationClock(TimeProvider provider)
    {
        Provider = provider;
        double frequency = provider.TimestampFrequency;
        _nanosecondsPerUnit = 1e9 / frequency;
        _ticksPerUnit = TimeSpan.TicksPerSecond / frequency;
        _unitsPerTick = frequency / TimeSpan.TicksPerSecond;
    }

    public TimeProvider Provider { get; }

    public long Now => Provider.GetTimestamp();

    public long ToNanoseconds(long units) => (long)(units * _nanosecondsPerUnit);

    public long ToTicks(long units) => (long)(units * _ticksPerUnit);

    public TimeSpan ToTimeSpan(long units) => new(ToTicks(units));

    /// <summary>A duration in units; one beyond all reach is the largest that can be added to any timestamp.</summary>
    public long ToUnits(TimeSpan duration) => (long)Math.Min(duration.Ticks * _unitsPerTick, long.MaxValue / 4);
}
