using Microsoft.Win32.SafeHandles;
using PortMgmt.Leases;
using PortMgmt.Leases.Table;
using PortMgmt.Platform;
using PortMgmt.Ports;
using Xunit;

namespace PortMgmt.Core.Tests.Leases.Registry;

/// <summary>Lists by each filter, the state of the registry, and the sweep.</summary>
public sealed class ListTests : IDisposable
{
    private readonly RegistryFixture _host = new();
    private readonly string _token;

    public ListTests()
    {
        _host.Platform.Start(4712, 1);
        _host.Platform.Start(4713, 1);
        _host.Lease("web", 20001);
        _host.Lease("web", 20000, PortProtocol.Udp, owner: 4712);
        _token = _host.Lease("Web-API", 20000, time: TimeSpan.FromHours(1)).Token!;
        _host.Lease(null, 20003, PortProtocol.Both);
        _host.Lease("dead", 20004, PortProtocol.Both, owner: 4713);
        _host.Lease("gone", 20005).Dispose();
        _host.Platform.End(4713);
    }

    public static TheoryData<string, PortLeaseFilter, string[]> Filters => new()
    {
        { "nothing", new(), ["20000t", "20000u", "20001t", "20003b", "20004b"] },
        { "name", new() { Name = "WEB" }, ["20000u", "20001t"] },
        { "name and protocol", new() { Name = "web", Protocol = PortProtocol.Udp }, ["20000u"] },
        { "no name", new() { Name = "" }, ["20003b"] },
        { "pattern", new() { Name = "web*", NameIsPattern = true }, ["20000t", "20000u", "20001t"] },
        { "pattern of one", new() { Name = "w?b-*", NameIsPattern = true }, ["20000t"] },
        { "pattern for all", new() { Name = "*", NameIsPattern = true, State = PortLeaseState.Active }, ["20000t", "20000u", "20001t", "20003b"] },
        { "star without a pattern", new() { Name = "*" }, [] },
        { "port", new() { Port = 20000 }, ["20000t", "20000u"] },
        { "port of both", new() { Port = 20003 }, ["20003b"] },
        { "port and name", new() { Port = 20000, Name = "web" }, ["20000u"] },
        { "port nobody has", new() { Port = 20002 }, [] },
        { "TCP", new() { Protocol = PortProtocol.Tcp }, ["20000t", "20001t", "20003b", "20004b"] },
        { "UDP", new() { Protocol = PortProtocol.Udp }, ["20000u", "20003b", "20004b"] },
        { "owner", new() { OwnerProcessId = 4712 }, ["20000u"] },
        { "owner gone", new() { OwnerProcessId = 4713 }, ["20004b"] },
        { "active", new() { State = PortLeaseState.Active }, ["20000t", "20000u", "20001t", "20003b"] },
        { "stale", new() { State = PortLeaseState.Stale }, ["20004b"] },
        { "quarantined", new() { State = PortLeaseState.Quarantined }, ["20005t"] },
        { "quarantined by name", new() { State = PortLeaseState.Quarantined, Name = "gone" }, ["20005t"] },
        { "ended by name", new() { Name = "gone" }, [] },
    };

    [Theory]
    [MemberData(nameof(Filters))]
    public void GetLeases_Filter_GivesThoseInOrder(string what, PortLeaseFilter filter, string[] expected) =>
        Assert.True(expected.SequenceEqual(Seen(filter)), $"{what}: {string.Join(' ', Seen(filter))}");

    [Fact]
    public void GetLeases_Token_GivesThatOneUnlessSomethingElseIsWrong()
    {
        Assert.Equal(["20000t"], Seen(new PortLeaseFilter { Token = _token }));
        Assert.Empty(Seen(new PortLeaseFilter { Token = _token, Port = 20001 }));
        Assert.Empty(Seen(new PortLeaseFilter { Token = _token, Name = "web" }));
        Assert.Empty(Seen(new PortLeaseFilter { Token = _token.Replace("20000", "20001", StringComparison.Ordinal) }));
    }

    [Fact]
    public void GetLeases_NoRegistry_GivesNoneAndMakesNone()
    {
        using var empty = new RegistryFixture();

        Assert.Empty(empty.Registry.GetLeases());
        Assert.Empty(empty.Registry.Sweep());
        Assert.Equal(0, empty.Registry.GetStatus().ActiveLeases);
        Assert.True(empty.Registry.Test(20000).Available);
        Assert.Empty(Directory.GetFiles(empty.Directory));
    }

    [Fact]
    public void GetStatus_LeasesOfEachState_CountsEachLeaseOnce()
    {
        PortRegistryStatus status = _host.Registry.GetStatus();

        Assert.Equal((4, 1, 1), (status.ActiveLeases, status.StaleLeases, status.QuarantinedPorts));
        Assert.Equal((_host.Directory, PortRegistrySource.Option, _host.TableFile), (status.Directory, status.Source, status.TableFile));
        Assert.Equal((null, 0), (status.LockHolder, status.LockWaiters.Count));

        // Sparse: the room of what was written and no more. 10080 is blocked by browsers.
        Assert.InRange(status.TableBytes!.Value, TableLayout.TagsLength, TableLayout.FileLength / 8);
        Assert.Equal(20000 - 1, status.UsablePorts);
    }

    [Fact]
    public void GetStatus_PolicyAndEphemeralRange_LessenTheUsablePorts()
    {
        _host.Registry.SetPolicy(new PortPolicy
        {
            DefaultRange = new PortRange(32700, 32799),
            Exclude = [new PortRange(32700, 32709)],
            Reservations = new Dictionary<string, int> { ["web"] = 32710 },
        });

        Assert.Equal(32768 - 32700 - 10 - 1, _host.Registry.GetStatus().UsablePorts);
    }

    [Fact]
    public void GetStatus_PolicyDamaged_SaysSoAndWhatElseThereIs()
    {
        File.WriteAllText(_host.PolicyFile, "{");

        PortRegistryStatus status = _host.Registry.GetStatus();

        Assert.Null(status.UsablePorts);
        Assert.Equal(_host.Registry.GetLeases(new PortLeaseFilter { State = PortLeaseState.Active }).Count, status.ActiveLeases);
        Assert.Contains(_host.PolicyFile, Assert.Single(status.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void GetLeases_PolicyDamaged_ListsAndRemovesAllTheSame()
    {
        int before = _host.Registry.GetLeases().Count;
        File.WriteAllText(_host.PolicyFile, "{");
        PortRegistry registry = _host.Open();

        registry.Remove(registry.GetLeases()[0]);

        Assert.Equal(before - 1, registry.GetLeases().Count);
        RegistryFixture.Refused(PortRegistryErrorCode.RegistryCorrupt, () => registry.Acquire("web"));
    }

    [Fact]
    public void GetStatus_LockHeld_NamesTheHolder()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux tells who has a lock");
        using SafeFileHandle held = _host.Platform.OpenFile(_host.LockFile)!;
        Assert.True(_host.Platform.Lock(held, LockWait.For(TimeSpan.FromSeconds(60)), CancellationToken.None));

        Assert.Equal(Environment.ProcessId, _host.Platform.GetLockUsers(_host.LockFile).Holder);
        PortRegistryStatus status = _host.Open(TimeSpan.FromMilliseconds(50)).GetStatus();
        Assert.Equal((_host.Directory, _host.TableFile, Environment.ProcessId), (status.Directory, status.TableFile, status.LockHolder));
        Assert.Null(status.ActiveLeases);
        Assert.NotNull(status.UsablePorts);
        Assert.Contains($"process {Environment.ProcessId}", Assert.Single(status.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Sweep_WhatIf_ReportsAndChangesNothing()
    {
        StalePort seen = Assert.Single(_host.Registry.Sweep(whatIf: true));
        Assert.Equal((20004, PortProtocol.Both, "dead", 4713, false), (seen.Port, seen.Protocol, seen.Name, seen.OwnerProcessId, seen.Removed));
        Assert.Contains("process 4713", seen.Reason, StringComparison.Ordinal);
        Assert.Equal(["20004b"], Seen(new PortLeaseFilter { State = PortLeaseState.Stale }));

        Assert.Equal(seen with { Removed = true }, Assert.Single(_host.Registry.Sweep()));

        Assert.Empty(_host.Registry.Sweep());
        Assert.Equal(["20004b", "20005t"], Seen(new PortLeaseFilter { State = PortLeaseState.Quarantined }));
        Assert.Equal(4, _host.Registry.GetLeases().Count);
    }

    [Fact]
    public void GetLeases_StaleWithTokenInHand_CanStillBeRemoved()
    {
        _host.Registry.Remove(Assert.Single(_host.Registry.GetLeases(new PortLeaseFilter { State = PortLeaseState.Stale })));

        Assert.Empty(_host.Registry.Sweep());
    }

    public void Dispose() => _host.Dispose();

    private string[] Seen(PortLeaseFilter filter) =>
        [.. _host.Registry.GetLeases(filter).Select(lease => $"{lease.Port}{lease.Protocol.ToString().ToLowerInvariant()[0]}")];
}
