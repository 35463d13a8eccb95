using PortMgmt.RabbitMq.Connection;
using Xunit;

namespace PortMgmt.RabbitMq.Tests.Logic;

public sealed class BrokerVersionTests
{
    [Theory]
    [InlineData("3.10.8", false)]
    [InlineData("3.13.7", false)]
    [InlineData("4.0.3", true)]
    [InlineData("4.1.0-rc.1", true)]
    [InlineData("10.0", true)]
    [InlineData("4", true)]
    [InlineData("", false)]
    [InlineData("unknown", false)]
    public void LimitsDeliveries_Version_IsTrueFromFour(string version, bool expected) => Assert.Equal(expected, BrokerVersion.LimitsDeliveries(version));
}
