using System.Net.Sockets;
using System.Text.Json;
using PortMgmt.Cli.Tests.Support;

namespace PortMgmt.Cli.Tests.Commands;

[Collection(SocketTests.Name)]
public sealed class TestTests : CommandLineFixture
{
    [Fact]
    public void Test_PortInUse_NamesTheProcessAndExitsWith3()
    {
        using TcpListener listener = Listen(out int port);

        CliResult result = Run("test", $"{port}", "--json");

        Assert.Equal(3, result.ExitCode);
        Assert.Equal(["port", "protocol", "available", "reason", "message", "lease", "listener"], result.Members);
        JsonElement test = Assert.Single(result.Json);
        Assert.Equal("listening", test.GetProperty("reason").GetString());
        Assert.Equal(Environment.ProcessId, test.GetProperty("listener").GetProperty("processId").GetInt32());
        Assert.StartsWith($"TCP port {port} is in use by process {Environment.ProcessId} (", Run("test", $"{port}").Output, StringComparison.Ordinal);
        Assert.Equal(0, Run("test", $"{port}", "--protocol", "udp").ExitCode);
    }

    [Fact]
    public void Test_LeasedPort_ShowsTheLeaseWithoutItsToken()
    {
        string port = $"{NewPort()}";

        JsonElement test = Assert.Single(Run("test", port, "--json").Json);

        Assert.False(test.GetProperty("available").GetBoolean());
        Assert.Equal("leased", test.GetProperty("reason").GetString());
        Assert.Equal(port, $"{test.GetProperty("lease").GetProperty("port").GetInt32()}");
        Assert.False(test.GetProperty("lease").TryGetProperty("token", out _));
    }

    [Fact]
    public void Test_FreePort_SaysSo()
    {
        Listen(out int port).Dispose();

        Assert.StartsWith($"TCP port {port} can be leased", Run("test", $"{port}").Expect(0).Output, StringComparison.Ordinal);
        Run("test").ExpectError(2);
        Run("test", "0").ExpectError(2);
    }
}
