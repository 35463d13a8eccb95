using System.Text.Json;
using PortMgmt.Cli.Tests.Support;
using PortMgmt.TestKit;

namespace PortMgmt.Cli.Tests.Commands;

/// <summary>Two checkouts side by side, as a shell sees them.</summary>
public sealed class ScopeTests : CommandLineFixture
{
    private const string InBoth = "for checkout in one two; do mkdir -p \"$checkout/.git\" \"$checkout/src\"; done; ";

    [Fact]
    public void New_ScopeAuto_GivesEachCheckoutItsOwnPortBack()
    {
        Needs.Unix();
        const string Script = InBoth + """
            for round in 1 2; do
                for checkout in one two; do
                    (cd "$checkout/src" && "$1" lease new --name web --scope auto && "$1" lease remove --name web --scope auto)
                done
            done
            """;
        string[] ports = Shell(Script, Executable).Expect(0).Lines;

        Assert.Equal(4, ports.Length);
        Assert.NotEqual(ports[0], ports[1]);
        Assert.Equal(ports[..2], ports[2..]);
    }

    [Fact]
    public void New_ScopeOfTheEnvironment_HoldsForEveryVerb()
    {
        Needs.Unix();
        const string Script = InBoth + """
            export PORTMGMT_SCOPE=auto
            cd one/src && "$1" lease new --name web && cd ../../two && "$1" lease new --name web && "$1" lease new --name web --scope ''
            "$1" lease renew --name web --ttl 2h && "$1" lease remove --name web && "$1" lease list --json
            cd ../one && "$1" run --name web -- sh -c 'echo $PORT'
            """;
        string[] lines = Shell(Script, Executable).Expect(0).Lines;

        using var left = JsonDocument.Parse(lines[3]);
        Assert.Equal(new[] { "", Path.Combine(Path.GetFullPath(WorkDirectory), "one") }.Order(), left.RootElement.EnumerateArray().Select(static lease => lease.GetProperty("scope").GetString()!).Order());
        Assert.Equal(5, lines.Distinct().Count());
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
}
