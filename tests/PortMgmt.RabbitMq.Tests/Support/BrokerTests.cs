using Xunit;

namespace PortMgmt.RabbitMq.Tests.Support;

/// <summary>The tests that share a broker.</summary>
[CollectionDefinition(Name)]
public sealed class BrokerTests : ICollectionFixture<BrokerFixture>
{
    public const string Name = "broker";
}
