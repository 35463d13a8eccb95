using PortMgmt.RabbitMq.Connection;
using PortMgmt.RabbitMq.Topology;
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

    [Theory]
    [InlineData("NOT_FOUND - no queue 'q' in vhost '/'", true)]
    [InlineData("NOT_FOUND - failed to perform operation on queue 'q' in vhost '/' due to timeout", false)]
    public void IsMissing_NotFound_IsToldFromAQueueThatDoesNotAnswer(string reply, bool expected) => Assert.Equal(expected, QueueProbe.IsMissing(reply));
}
