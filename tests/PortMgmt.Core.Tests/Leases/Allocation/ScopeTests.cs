using PortMgmt.Leases;
using PortMgmt.Leases.Allocation;
using PortMgmt.Leases.Table;
using PortMgmt.Ports;
using PortMgmt.TestKit;
using Xunit;

namespace PortMgmt.Core.Tests.Leases.Allocation;

/// <summary>Names in scopes: web of one checkout and web of another are two leases with two ports of their own.</summary>
public sealed class ScopeTests : IDisposable
{
    private const string One = "/home/ann/shop", Two = "/home/ann/shop-2";

    private readonly RegistryFixture _host = new();
    private readonly TemporaryDirectory _tree = new();

    public void Dispose()
    {
        _host.Dispose();
        _tree.Dispose();
    }

    [Fact]
    public void Acquire_NameInTwoScopes_GetsTwoStickyPortsBack()
    {
        int none = Take("").Port, one = Take(One).Port, two = Take(Two).Port;
        Assert.Equal(3, new[] { none, one, two }.Distinct().Count());
        foreach (PortLease lease in _host.Registry.GetLeases())
        {
            _host.Registry.Remove(lease);
        }

        Assert.Equal([two, one, none], new[] { Take(Two).Port, Take(One).Port, Take("").Port });
    }

    /// <summary>The port of a scoped name is a promise to the next machine, like that of a name alone.</summary>
    [Fact]
    public void Acquire_NameInAScope_StartsAtTheHashOfBoth()
    {
        Assert.Equal(StickyHash.Compute("web"), StickyHash.Compute("web", ""));
        Assert.Equal(StickyHash.Compute(One + "\nweb"), StickyHash.Compute("web", One));
        Assert.Equal(10000 + (int)(StickyHash.Compute("web", One) % 20000), Take(One).Port);
    }

    [Fact]
    public void Acquire_Reuse_FindsTheLeaseOfItsScopeAlone()
    {
        int one = Take(One, reuse: true).Port;
        int none = Take("", reuse: true).Port;

        Assert.NotEqual(one, none);
        Assert.Equal(one, Take(One, reuse: true).Port);
        Assert.Equal(none, Take("", reuse: true).Port);
        Assert.Equal(2, _host.Registry.GetLeases().Count);
    }

    [Fact]
    public void Acquire_QuarantinedPortOfTheSameNameInAnotherScope_IsNotItsOwn()
    {
        PortLease lease = Take(One);
        _host.Registry.Remove(lease);

        PortLease other = _host.Registry.Acquire(Request(Two) with { Range = new PortRange(lease.Port, lease.Port + 1) });

        Assert.Equal(lease.Port + 1, other.Port);
    }

    public static TheoryData<string, PortLeaseFilter, string[]> Filters => new()
    {
        { "all", new(), ["", One, Two] },
        { "a name is one of no scope", new() { Name = "web" }, [""] },
        { "a name in a scope", new() { Name = "web", Scope = One }, [One] },
        { "a scope", new() { Scope = Two }, [Two] },
        { "none", new() { Scope = "" }, [""] },
        { "a pattern", new() { Name = "web", Scope = "/home/*", ScopeIsPattern = true }, [One, Two] },
        { "any", new() { Name = "web", Scope = "*", ScopeIsPattern = true }, ["", One, Two] },
        { "a scope that nobody has", new() { Scope = "/home/ann" }, [] },
    };

    [Theory]
    [MemberData(nameof(Filters))]
    public void GetLeases_ByScope_GivesThose(string what, PortLeaseFilter filter, string[] expected)
    {
        Take("");
        Take(One);
        Take(Two);

        Assert.Equal((what, string.Join(' ', expected)), (what, string.Join(' ', _host.Registry.GetLeases(filter).Select(static lease => lease.Scope).Order(StringComparer.Ordinal))));
    }

    [Fact]
    public void Acquire_ReservationWithAScope_HoldsThereAndOneWithoutEverywhere()
    {
        _host.Registry.SetPolicy(new PortPolicy { Reservations = new Dictionary<string, int> { [$"web in {One}"] = 18080, ["api"] = 18081 } });

        Assert.Equal(18080, Take(One).Port);
        Assert.NotEqual(18080, Take(Two).Port);
        Assert.Equal(18081, _host.Registry.Acquire(Request(Two) with { Name = "api" }).Port);
        PortRegistryException refusal = RegistryFixture.Refused(
            PortRegistryErrorCode.PortUnavailable, () => _host.Registry.Acquire(Request(Two) with { Port = 18080 }));
        Assert.Contains($"the name 'web' in the scope '{One}'", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(18080, _host.Registry.GetPolicy().Reservations[$"web in {One}"]);
    }

    [Theory]
    [InlineData("=1+1")]
    [InlineData("@sum")]
    [InlineData("-2")]
    [InlineData("a\tb")]
    [InlineData("a\u001b[2J")]
    [InlineData("a\u202eb")]
    [InlineData("half of a pair")]
    public void Acquire_TextThatIsNoScope_IsRefused(string scope)
    {
        scope = scope == "half of a pair" ? "a\ud83d" : scope;
        PortRegistryException refusal = RegistryFixture.Refused(PortRegistryErrorCode.InvalidRequest, () => Take(scope));

        Assert.Contains("U+", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(refusal.Message, static letter => char.IsControl(letter) || char.IsSurrogate(letter));
    }

    [Theory]
    [InlineData("/home/jürgen/mein laden")]
    [InlineData("C:\\src\\Shop 100%")]
    [InlineData("店")]
    public void Acquire_ScopeOfAnyLetters_IsKeptAsGiven(string scope)
    {
        Take(scope);

        Assert.Equal(scope, Assert.Single(_host.Registry.GetLeases(new PortLeaseFilter { Name = "web", Scope = scope })).Scope);
    }

    [Fact]
    public void Acquire_ScopesLongerThanASlotHasRoomFor_AreTwoStill()
    {
        string end = "/" + string.Join('/', Enumerable.Repeat("ein-langer-name", 20));
        PortLease first = Take("/a" + end), second = Take("/b" + end);

        Assert.NotEqual(first.Scope, second.Scope);
        Assert.EndsWith("/ein-langer-name", first.Scope, StringComparison.Ordinal);
        Assert.InRange(ScopeText.Encode(first.Scope).Length, 100, ScopeText.MaxEncodedLength);
        Assert.Equal(first.Port, Assert.Single(_host.Registry.GetLeases(new PortLeaseFilter { Name = "web", Scope = "/a" + end })).Port);
        Assert.Equal(second.Port, Assert.Single(_host.Registry.GetLeases(new PortLeaseFilter { Scope = second.Scope })).Port);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Find_Auto_IsTheRealPathOfTheNearestCheckout(bool isFile)
    {
        Needs.Links();
        string checkout = Directory.CreateDirectory(_tree["real/shop"]).FullName;
        string deep = Directory.CreateDirectory(Path.Combine(checkout, "src", "web")).FullName;
        if (isFile)
        {
            File.WriteAllText(Path.Combine(checkout, ".git"), "gitdir: elsewhere");
        }
        else
        {
            Directory.CreateDirectory(Path.Combine(checkout, ".git"));
        }

        Directory.CreateSymbolicLink(_tree["link"], _tree["real"]);

        string expected = PortScope.Find(PortScope.Auto, deep);
        Assert.EndsWith(Path.Combine("real", "shop"), expected, StringComparison.Ordinal);
        Assert.Equal(expected, PortScope.Find(PortScope.Auto, Path.Combine(_tree["link"], "shop", "src")));
        Assert.Equal(expected, PortScope.Find(PortScope.Auto, checkout));
    }

    [Fact]
    public void Find_AutoOutsideOfAnyCheckout_IsRefused()
    {
        string nowhere = Directory.CreateDirectory(_tree["nowhere"]).FullName;

        Assert.Contains(nowhere, RegistryFixture.Refused(PortRegistryErrorCode.InvalidRequest, () => PortScope.Find(PortScope.Auto, nowhere)).Message, StringComparison.Ordinal);
    }

    private PortLease Take(string scope, bool reuse = false) => _host.Registry.Acquire(Request(scope) with { Reuse = reuse });

    private static PortLeaseRequest Request(string scope) => new() { Name = "web", Scope = scope, Owner = PortLeaseOwner.Process(RegistryFixture.Owner) };
}
