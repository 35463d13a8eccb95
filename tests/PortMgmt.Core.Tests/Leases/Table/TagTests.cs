using PortMgmt.Leases;
using PortMgmt.Leases.Table;
using PortMgmt.Ports;
using Xunit;

namespace PortMgmt.Core.Tests.Leases.Table;

/// <summary>Tags are hints: wrong ones never hand out a live lease, and a sweep sets them right.</summary>
public sealed class TagTests : IDisposable
{
    private const int Port = 18080;
    private const uint RestingForEver = 0xFFFF_FFFF;

    private static readonly PortRange Only = new(Port, Port);

    private readonly RegistryFixture _host = new();

    [Theory]
    [InlineData(0u)]
    [InlineData(RestingForEver)]
    [InlineData(0x8000_0000u)]
    [InlineData(12345u)]
    public void Acquire_TagOfALiveLeaseIsWrong_NeverHandsItOut(uint tag)
    {
        _host.Lease("web", Port);
        SetTag(tag);

        RegistryFixture.Refused(PortRegistryErrorCode.PortUnavailable, () => _host.Lease("api", Port));
        RegistryFixture.Refused(PortRegistryErrorCode.PortRangeExhausted, () => _host.Registry.Acquire(new PortLeaseRequest { Range = Only }));
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(RestingForEver)]
    [InlineData(12345u)]
    public void Sweep_TagOfALiveLeaseIsWrong_MendsIt(uint tag)
    {
        _host.Lease("web", Port);
        SetTag(tag);

        Assert.Empty(_host.Registry.Sweep());

        Assert.Equal(SlotTag.OfName("web", ""), GetTag());
        Assert.Single(_host.Registry.GetLeases(new PortLeaseFilter { Name = "web" }));
    }

    [Theory]
    [InlineData(12345u)]
    [InlineData(RestingForEver)]
    public void Acquire_TagsOfFreePortsSayTaken_FindsThemWhenNothingElseIsLeft(uint tag)
    {
        _host.Lease("other", 20000);
        _host.WithTable(table =>
        {
            for (int port = Port; port < Port + 20; port++)
            {
                table.Tags.Write(port, tag);
            }
        });

        var all = new PortLeaseRequest { Name = "web", Range = new PortRange(Port, Port + 19), Count = 20 };

        Assert.Equal(20, _host.Registry.AcquireMany(all).Count);
    }

    [Theory]
    [InlineData(12345u)]
    [InlineData(RestingForEver)]
    public void Sweep_TagOfANeverUsedPortSaysTaken_MendsIt(uint tag)
    {
        _host.Lease("other", Port + 1);
        SetTag(tag);

        _host.Registry.Sweep();

        Assert.Equal(0u, GetTag());
    }

    [Fact]
    public void Sweep_TagOfARemovedLeaseSaysLeased_MendsIt()
    {
        PortLease lease = _host.Lease("web", Port);
        uint leased = GetTag();
        _host.Registry.Remove(lease);
        uint resting = GetTag();
        SetTag(leased);

        _host.Registry.Sweep();

        Assert.NotEqual(leased, resting);
        Assert.Equal(resting, GetTag());
    }

    [Fact]
    public void Sweep_StaleLeaseWithoutATag_IsFound()
    {
        _host.Lease("web", Port);
        SetTag(0);
        _host.Platform.End(RegistryFixture.Owner);

        Assert.Equal(Port, Assert.Single(_host.Registry.Sweep()).Port);
    }

    [Fact]
    public void Sweep_WhatIf_MendsNothing()
    {
        _host.Lease("web", Port);
        SetTag(0);

        _host.Registry.Sweep(whatIf: true);

        Assert.Equal(0u, GetTag());
    }

    [Fact]
    public void Acquire_ClockHandFarBeyondTheTable_IsTakenRound()
    {
        _host.Lease("web", Port);
        _host.Overwrite(TableLayout.SweepCursorOffset, 0xFF, 0xFF, 0xFF, 0xFF);

        _host.Lease("api");

        Assert.Equal(2, _host.Registry.GetLeases().Count);
    }

    public void Dispose() => _host.Dispose();

    private void SetTag(uint tag) => _host.WithTable(table => table.Tags.Write(Port, tag));

    private uint GetTag()
    {
        uint tag = 0;
        _host.WithTable(table => tag = table.Tags[Port]);
        return tag;
    }
}
