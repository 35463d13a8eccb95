using PortMgmt.RabbitMq.Connection;
using Xunit;

namespace PortMgmt.RabbitMq.Tests.Logic;

public sealed class BackoffTests
{
    [Theory]
    [InlineData(1, 0, 100)]
    [InlineData(1, 0.5, 150)]
    [InlineData(2, 0, 200)]
    [InlineData(5, 0, 1600)]
    [InlineData(8, 0, 7500)]
    [InlineData(1000, 0, 7500)]
    public void Before_Failures_DoublesUpToItsLimit(int failures, double chance, double expected) =>
        Assert.Equal(expected, Backoff.Before(failures, chance).TotalMilliseconds, 0.001);
}
