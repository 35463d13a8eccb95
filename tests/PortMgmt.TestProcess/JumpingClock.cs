namespace PortMgmt.TestProcess;

/// <summary>A fast clock whose date somebody sets at every look, to anything from the first day to the last.</summary>
internal sealed class JumpingClock(Random random) : FastClock
{
    public override DateTimeOffset GetUtcNow() => new(random.NextInt64(DateTimeOffset.MaxValue.UtcTicks), TimeSpan.Zero);
}
