using System.Net.Sockets;
using System.Text.Json;
using PortMgmt.Cli.Tests.Support;
using PortMgmt.TestKit;

namespace PortMgmt.Cli.Tests.Commands;

[Collection(SocketTests.Name)]
public sealed class LeaseListTests : CommandLineFixture
{
    [Fact]
    public void List_OfNothing_SaysSo()
    {
        Assert.Equal("No leases.\n", Run("lease", "list").Expect(0).Output);
        Assert.Equal("[]\n", Run("lease", "list", "--json").Expect(0).Output);
    }

    [Fact]
    public void List_AsJson_HasNoToken()
    {
        NewPort("--name", "web");
        CliResult result = Run("lease", "list", "--json").Expect(0);
        Assert.Equal(["port", "protocol", "name", "scope", "processId", "createdAt", "expiresAt", "state"], result.Members);
    }

    [Fact]
    public void List_ForPeopleRedirected_IsPlain()
    {
        int port = NewPort("--name", "web");
        string[] lines = Run("lease", "list").Expect(0).Lines;
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("PORT ", lines[0], StringComparison.Ordinal);
        Assert.StartsWith($"{port} ", lines[1], StringComparison.Ordinal);
        Assert.EndsWith("Active", lines[1], StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', string.Concat(lines));
    }

    [Fact]
    public void List_PatternPortOrState_IsFiltered()
    {
        int web1 = NewPort("--name", "web-1");
        NewPort("--name", "web-22");
        NewPort("--name", "db");
        Assert.Equal(2, Leases("--name", "WEB*").Length);
        Assert.Equal(web1, Assert.Single(Leases("--name", "web-?")).GetProperty("port").GetInt32());
        Assert.Equal("web-1", Assert.Single(Leases("--port", $"{web1}")).GetProperty("name").GetString());
        Run("lease", "remove", "--name", "db").Expect(0);
        Assert.Equal("quarantined", Assert.Single(Leases("--state", "quarantined")).GetProperty("state").GetString());
        Assert.Equal(2, Leases("--state", "active").Length);
        Assert.Empty(Leases("--state", "stale"));
    }

    [Fact]
    public void List_WithListeners_ShowsThem()
    {
        using TcpListener listener = Listen(out int port);
        Run("lease", "new", "--port", $"{port}", "--adopt", "--name", "adopted").Expect(0);
        JsonElement lease = Assert.Single(Leases("--listeners"));
        Assert.Equal(Environment.ProcessId, lease.GetProperty("listener").GetProperty("processId").GetInt32());
        Assert.False(lease.GetProperty("listenerMismatch").GetBoolean());
        Assert.Contains("LISTENER", Run("lease", "list", "--listeners").Expect(0).Lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void List_OnATerminal_IsColouredUnlessToldNot()
    {
        Needs.Linux();
        RequireProgram("script -qec true /dev/null", "script");
        NewPort();
        const string Terminal = "TERM=xterm-256color script -qec '\"$portmgmt\" lease list' /dev/null";
        Assert.Contains('\u001b', Shell(Terminal).Expect(0).Output);
        Assert.DoesNotContain('\u001b', Shell($"NO_COLOR=1 {Terminal}").Expect(0).Output);
    }

    [Theory]
    [InlineData("dumb")]
    [InlineData("xterm")]
    public void List_OnATerminalThatIsTooNarrow_LosesNothing(string terminal)
    {
        string name = new('n', 40);
        int port = NewPort("--name", name, "--pid", $"{Environment.ProcessId}");

        string screen = OnTerminal("\"$portmgmt\" lease list", $"TERM={terminal}", columns: 30);

        Assert.Matches($"{port} +tcp +{name} +{Environment.ProcessId} ", System.Text.RegularExpressions.Regex.Replace(screen, "\u001b\\[[0-9;]*m", ""));
    }
}
