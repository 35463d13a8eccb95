using PortMgmt.Core.Tests.Infrastructure;
using PortMgmt.Metrics.Recording;
using PortMgmt.Operations.Concurrency;
using Xunit;

namespace PortMgmt.Core.Tests.Operations;

public sealed class ProcessorLoadTests
{
    private readonly ManualTimeProvider _clock = new();
    private TimeSpan _used;

    [Fact]
    public void IsLowByWhatWasUsedSinceTheLastLook()
    {
        ProcessorLoad load = Start();

        Pass(1000, 0.49);
        Assert.True(load.IsLow());
        Pass(1000, 0.51);
        Assert.False(load.IsLow());
    }

    [Fact]
    public void IsLowAskedAgainAtOnceSaysNoAndForgetsNothing()
    {
        ProcessorLoad load = Start();

        Pass(0.5, 1);
        Assert.False(load.IsLow());
        Pass(0.5, 0);
        Assert.False(load.IsLow());
        Pass(1, 0);
        Assert.True(load.IsLow());
    }

    private ProcessorLoad Start() => new(new OperationClock(_clock), () => _used);

    /// <summary>Lets time pass in which a share of all processors is used.</summary>
    private void Pass(double milliseconds, double share)
    {
        _clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
        _used += TimeSpan.FromMilliseconds(milliseconds) * share * Environment.ProcessorCount;
    }
}
