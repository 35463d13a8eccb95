using PortMgmt.Cluster;
using PortMgmt.Operations;
using Xunit;

namespace PortMgmt.Core.Tests.Cluster;

public sealed class BrokerAddressTests
{
    private const string Secret = "s3cret-of-nobody";

    [Theory]
    [InlineData("amqp://broker", "broker", 5672, "/", false, "guest", "guest")]
    [InlineData("amqps://broker", "broker", 5671, "/", true, "guest", "guest")]
    [InlineData("amqp://broker:1234/", "broker", 1234, "/", false, "guest", "guest")]
    [InlineData("amqp://ann@broker/prod", "broker", 5672, "prod", false, "ann", "")]
    [InlineData("amqp://a%40b:p%3Aq%2F@broker/%2Fa%20b", "broker", 5672, "/a b", false, "a@b", "p:q/")]
    [InlineData("amqp://[::1]:99/x", "::1", 99, "x", false, "guest", "guest")]
    public void Parse_Url_IsReadWhole(string url, string host, int port, string virtualHost, bool tls, string user, string password)
    {
        var address = BrokerAddress.Parse(url, environment: _ => null);
        Assert.Equal((host, port, virtualHost, tls), (address.Host.Trim('[', ']'), address.Port, address.VirtualHost, address.UsesTls));
        Assert.Equal((user, password), (address.User, address.Password));
    }

    [Theory]
    [InlineData("")]
    [InlineData("broker:5672")]
    [InlineData("http://broker")]
    [InlineData("amqp://")]
    [InlineData("amqp://" + Secret + "@")]
    [InlineData("amqp://guest:" + Secret + "@broker:port")]
    [InlineData("amqp://guest:" + Secret + "@broker/?heartbeat=1")]
    [InlineData("amqp://guest:" + Secret + "@broker/#x")]
    public void Parse_NoAddress_IsRefusedWithoutRepeatingIt(string url)
    {
        OperationException refused = Assert.Throws<OperationException>(() => BrokerAddress.Parse(url, environment: _ => null));
        Assert.Equal((OperationErrorCode.InvalidOption, "Broker"), (refused.Code, refused.Option));
        Assert.DoesNotContain(Secret, refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_NoUrl_IsTheEnvironments() =>
        Assert.Equal("amqp://there:5672/v", BrokerAddress.Parse(null, environment: name => name == BrokerAddress.UrlVariable ? "amqp://there/v" : null).ToString());

    [Theory]
    [InlineData("amqp://url:1@b", "explicit", "2", "explicit", "2")]
    [InlineData("amqp://url:1@b", null, null, "url", "1")]
    [InlineData("amqp://b", null, null, "env", "3")]
    [InlineData("amqp://url@b", null, null, "url", "")]
    [InlineData("amqp://b", "explicit", null, "explicit", "")]
    public void Parse_SeveralCredentials_TheNearestCountsAndNoneAreMixed(string url, string? user, string? password, string expectedUser, string expectedPassword)
    {
        var address = BrokerAddress.Parse(url, user, password, name => name switch
        {
            BrokerAddress.UserVariable => "env",
            BrokerAddress.PasswordVariable => "3",
            _ => null,
        });
        Assert.Equal((expectedUser, expectedPassword), (address.User, address.Password));
    }

    [Fact]
    public void ToString_Address_HasNoCredentials() =>
        Assert.Equal("amqps://broker:5671/a%2Fb", BrokerAddress.Parse($"amqps://ann:{Secret}@broker/a%2Fb", environment: _ => null).ToString());
}
