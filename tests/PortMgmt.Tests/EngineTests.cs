using Xunit;

namespace PortMgmt.Tests;

/// <summary>The tests that share a session: one after another.</summary>
[CollectionDefinition(Name)]
public sealed class EngineTests : ICollectionFixture<EngineFixture>
{
    public const string Name = "Engine";
}
