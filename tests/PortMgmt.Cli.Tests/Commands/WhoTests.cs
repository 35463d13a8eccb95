using System.Net.Sockets;
using System.Text.Json;
using PortMgmt.Cli.Tests.Support;

namespace PortMgmt.Cli.Tests.Commands;

[Collection(SocketTests.Name)]
public sealed class WhoTests : CommandLineFixture
{
    [Fact]
    public void Who_OnAListeningPort_NamesProcessAndLease()
    {
        using TcpListener listener = Listen(out int port);
        Run("lease", "new", "--port", $"{port}", "--adopt", "--name", "adopted").Expect(0);
        CliResult result = Run("who", $"{port}", "--json").Expect(0);
        Assert.Equal(["port", "protocol", "address", "processId", "program", "leaseName"], result.Members);
        JsonElement who = Assert.Single(result.Json);
        Assert.Equal("tcp", who.GetProperty("protocol").GetString());
        Assert.Equal("127.0.0.1", who.GetProperty("address").GetString());
        Assert.Equal(Environment.ProcessId, who.GetProperty("processId").GetInt32());
        Assert.Equal("adopted", who.GetProperty("leaseName").GetString());
        Assert.Contains($"{Environment.ProcessId}", Run("who", $"{port}").Expect(0).Lines[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Who_WithoutAUsableRegistry_WarnsAndTellsWhoListens(bool json)
    {
        using TcpListener listener = Listen(out int port);
        string file = Path.Combine(WorkDirectory, "file");
        File.WriteAllText(file, "");

        CliResult result = Run(["who", $"{port}", "--registry", file, .. json ? ["--json"] : Array.Empty<string>()]).Expect(0);

        Assert.StartsWith("portmgmt: warning: The names of leases are not known: ", result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error, character => character == '\n');
        if (json)
        {
            JsonElement who = Assert.Single(result.Json);
            Assert.Equal(Environment.ProcessId, who.GetProperty("processId").GetInt32());
            Assert.Equal(JsonValueKind.Null, who.GetProperty("leaseName").ValueKind);
        }
        else
        {
            // As a word: the digits of a short id may be in the port, too.
            Assert.Contains($"{Environment.ProcessId}", result.Lines[1].Split(' '));
        }
    }

    [Fact]
    public void Who_WithoutPort_ListsAll()
    {
        using TcpListener listener = Listen(out int port);
        Assert.Contains(Run("who", "--json").Expect(0).Json, who => who.GetProperty("port").GetInt32() == port);
    }

    [Fact]
    public void Who_OnAFreePort_SaysSo()
    {
        Listen(out int port).Dispose();
        Assert.Equal($"Nothing listens on port {port}.\n", Run("who", $"{port}").Expect(0).Output);
        Assert.Equal("[]\n", Run("who", $"{port}", "--json").Expect(0).Output);
    }
}
