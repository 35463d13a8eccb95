using PortMgmt.RabbitMq.Topology;
using Xunit;

namespace PortMgmt.RabbitMq.Tests.Logic;

public sealed class QueueProbeTests
{
    [Theory]
    [InlineData("NOT_FOUND - no queue 'q' in vhost '/'", true)]
    [InlineData("NOT_FOUND - home node 'rabbit@a' of durable queue 'q' in vhost '/' is down or inaccessible", false)]
    [InlineData("NOT_FOUND - failed to perform operation on queue 'q' in vhost '/' due to timeout", false)]
    [InlineData("NOT_FOUND - queue 'q' in vhost '/' has crashed and failed to restart", false)]
    [InlineData("NOT_FOUND - queue 'no queue ' in vhost '/' process is stopped by supervisor", false)]
    [InlineData("", false)]
    public void IsGone_NotFound_IsToldFromAQueueThatDoesNotServe(string reply, bool expected) => Assert.Equal(expected, QueueProbe.IsGone(reply));
}
