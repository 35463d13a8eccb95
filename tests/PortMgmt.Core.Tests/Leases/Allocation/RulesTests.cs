using PortMgmt.Leases;
using PortMgmt.Leases.Allocation;
using PortMgmt.Leases.Policy;
using PortMgmt.Platform;
using PortMgmt.Ports;
using Xunit;

namespace PortMgmt.Core.Tests.Leases.Allocation;

/// <summary>What is never handed out unasked, and what asking by range or by number overrides.</summary>
public sealed class RulesTests : IDisposable
{
    private readonly RegistryFixture _host = new();

    /// <summary>A range of ports that a rule keeps, and the rule.</summary>
    public static TheoryData<int, PortRefusal> Kept => new()
    {
        { 900, PortRefusal.Privileged },
        { 40000, PortRefusal.Ephemeral },
        { 21000, PortRefusal.KernelReserved },
        { 6666, PortRefusal.BrowserBlocked },
    };

    [Theory]
    [MemberData(nameof(Kept))]
    public void Acquire_OnlyKeptPortsInTheDefaultRange_IsExhausted(int port, PortRefusal rule)
    {
        // One more, which is in use: of a range that is kept altogether a policy is refused, or taken at its word.
        int other = rule switch
        {
            PortRefusal.Privileged => 1024,
            PortRefusal.Ephemeral => 32767,
            PortRefusal.KernelReserved => 20999,
            _ => 6664,
        };
        _host.Registry.SetPolicy(new PortPolicy { DefaultRange = new PortRange(Math.Min(port, other), Math.Max(port, other)) });
        _host.Platform.Bindings[(other, false)] = PortBinding.Busy;
        Keep();

        PortRegistryException refusal = RegistryFixture.Refused(PortRegistryErrorCode.PortRangeExhausted, () => _host.Lease());

        Assert.Contains("1 in use", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(rule, _host.Registry.Test(port).Reason);
        Assert.True(_host.Registry.Test(port).Available);
    }

    [Theory]
    [MemberData(nameof(Kept))]
    public void Acquire_RangeAsked_OverridesTheLowAndTheEphemeralRuleOnly(int port, PortRefusal rule)
    {
        Keep();
        var request = new PortLeaseRequest { Range = new PortRange(port, port) };

        if (rule is PortRefusal.Privileged or PortRefusal.Ephemeral)
        {
            Assert.Empty(_host.Registry.Acquire(request).Warnings);
        }
        else
        {
            RegistryFixture.Refused(PortRegistryErrorCode.PortRangeExhausted, () => _host.Registry.Acquire(request));
        }
    }

    [Theory]
    [MemberData(nameof(Kept))]
    public void Acquire_PortAsked_IsGrantedWithAWarningThatSaysWhichRule(int port, PortRefusal rule)
    {
        Keep();
        string sentence = PortRefusals.Sentence(rule, port, PortProtocol.Tcp);

        Assert.StartsWith(sentence, Assert.Single(_host.Lease("web", port).Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Acquire_PortAskedThatBreaksTwoRules_WarnsOfEach()
    {
        Assert.Equal(2, _host.Lease("web", 22).Warnings.Count);
        Assert.Empty(_host.Lease("web", 20000).Warnings);
    }

    [Fact]
    public void Acquire_PortAskedAtRest_IsGrantedWithAWarning()
    {
        _host.Lease("web", 20000).Dispose();

        Assert.Contains("is quarantined", Assert.Single(_host.Lease("api", 20000).Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Acquire_OwnPortAskedAtRest_IsGrantedWithoutAWarning()
    {
        _host.Lease("web", 20000).Dispose();

        Assert.Empty(_host.Lease("web", 20000).Warnings);
    }

    [Fact]
    public void Acquire_DefaultRangeCutByTheEphemeralRange_StaysBelowIt()
    {
        _host.Platform.Ephemeral = new PortRange(10010, 65000);

        int[] ports = [.. _host.Registry.AcquireMany(new PortLeaseRequest { Count = 10 }).Select(lease => lease.Port)];

        Assert.Equal(Enumerable.Range(10000, 10), ports.Order());
        RegistryFixture.Refused(PortRegistryErrorCode.PortRangeExhausted, () => _host.Lease());
    }

    [Fact]
    public void Acquire_EphemeralRangeChanges_IsSeenWithinSeconds()
    {
        _host.Lease();
        _host.Platform.Ephemeral = new PortRange(1024, 65535);
        _host.Clock.Advance(TimeSpan.FromSeconds(2));

        RegistryFixture.Refused(PortRegistryErrorCode.PortRangeExhausted, () => _host.Lease());
    }

    [Theory]
    [InlineData(10080, true)]
    [InlineData(10081, false)]
    [InlineData(6000, true)]
    [InlineData(1, true)]
    [InlineData(65535, false)]
    public void Contains_PortOfTheFetchStandard_IsBlocked(int port, bool expected) =>
        Assert.Equal(expected, BrowserBlockedPorts.Contains(port));

    [Fact]
    public void Acquire_ExcludedByRequestOrPolicy_IsNeverHandedOut()
    {
        _host.Registry.SetPolicy(new PortPolicy { Exclude = [new PortRange(20000, 20003)] });
        var request = new PortLeaseRequest { Range = new PortRange(20000, 20009), Exclude = [new PortRange(20006, 20009), new PortRange(20005, 20006)] };

        Assert.Equal(20004, _host.Registry.Acquire(request).Port);
        RegistryFixture.Refused(PortRegistryErrorCode.PortRangeExhausted, () => _host.Registry.Acquire(request));
        Assert.Equal(PortRefusal.Excluded, Refusal(20000));
        Assert.Equal(PortRefusal.Excluded, RegistryFixture.Refused(
            PortRegistryErrorCode.PortUnavailable,
            () => _host.Registry.Acquire(request with { Range = null, Port = 20008 })).Refusal);
    }

    [Fact]
    public void Acquire_ReservedPort_IsHadByItsNameAlone()
    {
        _host.Registry.SetPolicy(new PortPolicy { Reservations = new Dictionary<string, int> { ["Web"] = 20005 } });

        Assert.Equal(PortRefusal.Reserved, Refusal(20005));
        Assert.Equal([20004, 20006], _host.Registry.AcquireMany(new PortLeaseRequest { Name = "x", Range = new PortRange(20004, 20006), Count = 2 }).Select(lease => lease.Port).Order());
        Assert.Equal(20005, _host.Lease("wEB").Port);
        Assert.NotEqual(20005, _host.Lease("web").Port);
    }

    [Fact]
    public void Acquire_ReservationOutsideTheDefaultRange_IsHonouredWithoutAWarning()
    {
        _host.Registry.SetPolicy(new PortPolicy { Reservations = new Dictionary<string, int> { ["dns"] = 53 } });

        PortLease lease = _host.Lease("dns");

        Assert.Equal(53, lease.Port);
        Assert.Empty(lease.Warnings);
    }

    [Fact]
    public void Acquire_ReservationOutsideTheRangeAsked_StaysInTheRange()
    {
        _host.Registry.SetPolicy(new PortPolicy { Reservations = new Dictionary<string, int> { ["web"] = 8080 } });

        Assert.InRange(_host.Registry.Acquire(new PortLeaseRequest { Name = "web", Range = new PortRange(20000, 20009) }).Port, 20000, 20009);
    }

    [Theory]
    [InlineData((int)PortBinding.Busy, PortRefusal.Listening)]
    [InlineData((int)PortBinding.Forbidden, PortRefusal.PermissionDenied)]
    public void Acquire_PortThatCannotBeBound_IsPassedOverAndRefusedByNumber(int binding, PortRefusal expected)
    {
        _host.Platform.Bindings[(20000, false)] = (PortBinding)binding;

        Assert.Equal(20001, _host.Registry.Acquire(new PortLeaseRequest { Range = new PortRange(20000, 20001) }).Port);
        Assert.Equal(expected, Refusal(20000));
    }

    [Fact]
    public void Acquire_LingeringConnections_KeepItFromOthersButNotByNumberOrFromItsOwnName()
    {
        _host.Lease("web", 20000).Dispose();
        _host.Platform.Bindings[(20000, false)] = PortBinding.Lingering;
        var range = new PortRange(20000, 20001);

        Assert.Equal(20001, _host.Registry.Acquire(new PortLeaseRequest { Name = "api", Range = range }).Port);
        PortLease own = _host.Registry.Acquire(new PortLeaseRequest { Name = "web", Range = range });
        Assert.Equal(20000, own.Port);
        own.Dispose();
        Assert.Equal(20000, _host.Lease("api", 20000).Port);
    }

    [Fact]
    public void Acquire_PreferredPort_IsHadElseAnother()
    {
        var request = new PortLeaseRequest { PreferredPort = 25000 };

        Assert.Equal(25000, _host.Registry.Acquire(request).Port);
        Assert.NotEqual(25000, _host.Registry.Acquire(request).Port);
    }

    public void Dispose() => _host.Dispose();

    private void Keep()
    {
        _host.Platform.Reserved = PortSet.From([new PortRange(21000, 21010)]);
        _host.Clock.Advance(TimeSpan.FromSeconds(2));
    }

    private PortRefusal Refusal(int port) =>
        RegistryFixture.Refused(PortRegistryErrorCode.PortUnavailable, () => _host.Lease("other", port)).Refusal;
}
