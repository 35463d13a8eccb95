using Xunit;

namespace PortMgmt.RabbitMq.Tests.Support;

/// <summary>The tests that bring a broker of their own.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneTests
{
    public const string Name = "alone";
}
