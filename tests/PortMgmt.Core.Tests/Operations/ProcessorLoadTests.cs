using Microsoft.Extensions.Time.Testing;
using PortMgmt.Metrics.Recording;
using PortMgmt.Operations.Concurrency;
using Xunit;

namespace PortMgmt.Core.Tests.Operations;

public sealed class ProcessorLoadTests
{
    private readonly FakeTimeProvider _clock = new();
    private TimeSpan _used;

    [Fact]
    public void IsLow_AskedLater_GoesByWhatWasUsedSince()
    {
        ProcessorLoad load = Start();

        Pass(1000, 0.49);
        Assert.True(load.IsLow());
        Pass(1000, 0.51);
        Assert.False(load.IsLow());
    }

    [Fact]
    public void IsLow_AskedAgainAtOnce_SaysNoAndForgetsNothing()
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
