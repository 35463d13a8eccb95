using System.Text.Json;
using PortMgmt.Cli.Tests.Support;

namespace PortMgmt.Cli.Tests.Commands;

/// <summary>Two checkouts side by side, as a shell sees them.</summary>
public sealed class ScopeTests : CommandLineFixture
{
    [Fact]
    public void New_ScopeAuto_GivesEachCheckoutItsOwnPortBack()
    {
        string[] ports = [.. ((string[])["one", "two", "one", "two"]).Select(checkout =>
        {
            string below = MakeCheckout(checkout);
            string port = RunAt(below, "lease", "new", "--name", "web", "--scope", "auto").Expect(0).Output;
            RunAt(below, "lease", "remove", "--name", "web", "--scope", "Auto").Expect(0);
            return port;
        })];

        Assert.NotEqual(ports[0], ports[1]);
        Assert.Equal(ports[..2], ports[2..]);
    }

    [Fact]
    public void New_ScopeOfTheEnvironment_HoldsForEveryVerb()
    {
        string one = MakeCheckout("one");
        string two = Path.GetDirectoryName(MakeCheckout("two"))!;
        List<string> ports =
        [
            InScope(one, "lease", "new", "--name", "web"),
            InScope(two, "lease", "new", "--name", "web"),
            InScope(two, "lease", "new", "--scope=", "--name", "web"),
        ];
        InScope(two, "lease", "renew", "--name", "web", "--ttl", "2h");
        InScope(two, "lease", "remove", "--name", "web");
        using var left = JsonDocument.Parse(InScope(two, "lease", "list", "--json"));
        ports.Add(InScope(one, "run", "--name", "web", "--", "echo", "{port}"));

        Assert.Equal(new[] { "", Path.Combine(Path.GetFullPath(WorkDirectory), "one") }.Order(), left.RootElement.EnumerateArray().Select(static lease => lease.GetProperty("scope").GetString()!).Order());
        Assert.Equal(4, ports.Distinct().Count());
    }

    [Fact]
    public void List_Scope_IsShownAndFilters()
    {
        Run("lease", "new", "--name", "web", "--scope", "/srv/shop").Expect(0);
        Run("lease", "new", "--name", "web").Expect(0);

        string[] lines = Run("lease", "list").Expect(0).Lines;
        Assert.Contains("SCOPE", lines[0], StringComparison.Ordinal);
        Assert.Contains("/srv/shop", string.Concat(lines), StringComparison.Ordinal);
        Assert.Equal(2, Run("lease", "list", "--name", "web", "--scope", "/srv/*").Expect(0).Lines.Length);
        Assert.Equal(3, Run("lease", "list", "--name", "web", "--scope", "*").Expect(0).Lines.Length);
        Assert.DoesNotContain("SCOPE", Run("lease", "list", "--name", "web").Expect(0).Lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Remove_NameOfAnotherScope_IsNotFound()
    {
        Run("lease", "new", "--name", "web", "--scope", "shop").Expect(0);

        Assert.Contains("No lease named 'web'", Run("lease", "remove", "--name", "web").Expect(3).Error, StringComparison.Ordinal);
        Assert.Contains("in the scope 'other'", Run("lease", "remove", "--name", "web", "--scope", "other").Expect(3).Error, StringComparison.Ordinal);
        Run("lease", "remove", "--port", "1", "--scope", "shop").Expect(2);
        Run("lease", "remove", "--name", "web", "--scope", "shop").Expect(0);
    }

    [Fact]
    public void New_ScopeThatIsNone_IsRefused()
    {
        Assert.Contains("U+003D", Run("lease", "new", "--name", "web", "--scope", "=1").Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains(".git", Run("lease", "new", "--name", "web", "--scope", "auto").Expect(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Policy_ReservationInAScope_HoldsThereAlone()
    {
        Run("policy", "set", "--reserve", "web in /srv/shop=18080").Expect(0);

        Assert.Equal("18080", Run("lease", "new", "--name", "web", "--scope", "/srv/shop").Expect(0).Lines[0]);
        Assert.Contains("in the scope '/srv/shop'", Run("lease", "new", "--name", "web", "--port", "18080").Expect(3).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Complete_Scope_IsThoseOfLeasesAndAuto()
    {
        Run("lease", "new", "--name", "web", "--scope", "/srv/shop").Expect(0);

        string offered = Run("complete", "--", "lease", "new", "--scope", "").Output;
        Assert.Contains("/srv/shop", offered, StringComparison.Ordinal);
        Assert.Contains("auto", offered, StringComparison.Ordinal);
    }

    /// <summary>A checkout with a directory below it, which is returned.</summary>
    private string MakeCheckout(string name)
    {
        Directory.CreateDirectory(Path.Combine(WorkDirectory, name, ".git"));
        return Directory.CreateDirectory(Path.Combine(WorkDirectory, name, "src")).FullName;
    }

    private CliResult RunAt(string directory, params string[] arguments) => RunIn(start => start.WorkingDirectory = directory, arguments);

    private string InScope(string directory, params string[] arguments) => RunIn(
        start =>
        {
            start.WorkingDirectory = directory;
            start.Environment["PORTMGMT_SCOPE"] = "auto";
        },
        arguments).Expect(0).Output;
}
