using PortMgmt.Leases;
using PortMgmt.Leases.Allocation;
using PortMgmt.Ports;
using Xunit;

namespace PortMgmt.Tests.Leases;

public sealed class StickyTests
{
    /// <summary>The published vectors of 64-bit FNV-1a.</summary>
    [Theory]
    [InlineData("", 0xCBF29CE484222325)]
    [InlineData("a", 0xAF63DC4C8601EC8C)]
    [InlineData("foobar", 0x85944171F73967E8)]
    [InlineData("FooBar", 0x85944171F73967E8)]
    public void Of_KnownName_IsTheKnownHash(string name, ulong expected) =>
        Assert.Equal(expected, StickyHash.Compute(name));

    /// <summary>What services on other machines already rely on: a change here moves every service to another port.</summary>
    [Theory]
    [InlineData("a", 11996)]
    [InlineData("foobar", 26968)]
    public void Acquire_KnownName_StartsAtTheKnownPort(string name, int expected)
    {
        using var host = new RegistryFixture();

        Assert.Equal(expected, host.Lease(name).Port);
    }

    [Fact]
    public void Acquire_SameNameInAnotherRegistry_HasTheSamePort()
    {
        using var one = new RegistryFixture();
        using var other = new RegistryFixture();
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(one.Lease($"service-{i}").Port, other.Lease($"SERVICE-{i}").Port);
        }
    }

    [Fact]
    public void Acquire_SameNameManyTimes_HasAPortForEach()
    {
        using var host = new RegistryFixture();
        int[] ports = [.. Enumerable.Range(0, 50).Select(_ => host.Lease("worker").Port)];

        Assert.Equal(Enumerable.Range(ports[0], 50), ports);
    }

    [Fact]
    public void Acquire_PortsExcluded_MovesOnlyTheNamesThatStartThere()
    {
        using var host = new RegistryFixture();
        host.Registry.SetPolicy(new PortPolicy { Exclude = [new PortRange(10000, 15000)] });

        Assert.Equal(26968, host.Lease("foobar").Port);
        Assert.Equal(15001, host.Lease("a").Port);
    }

    [Fact]
    public void Acquire_LastPortOfTheRangeIsTaken_GoesAroundToItsFirst()
    {
        using var host = new RegistryFixture();
        var range = new PortRange(20000, 20009);
        string name = TimeTests.StartingAt(range, 20009);

        int[] ports = [.. Enumerable.Range(0, 10).Select(_ => host.Registry.Acquire(new PortLeaseRequest { Name = name, Range = range }).Port)];

        Assert.Equal([20009, 20000, 20001, 20002, 20003, 20004, 20005, 20006, 20007, 20008], ports);
    }

    [Fact]
    public void Acquire_WithoutAName_DoesNotAlwaysStartAtOnePlace()
    {
        using var host = new RegistryFixture();
        int[] ports = [.. Enumerable.Range(0, 10).Select(_ => host.Lease().Port)];

        Assert.True(ports.Max() - ports.Min() > 100, string.Join(' ', ports));
    }
}
