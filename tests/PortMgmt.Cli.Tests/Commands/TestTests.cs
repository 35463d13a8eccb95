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
    public void Test_DamagedPolicy_AnswersWhatItCanAndSaysWhatIsWrong()
    {
        int leased = NewPort();
        int free = NewPort();
        Run("lease", "remove", $"{free}").Expect(0);
        using TcpListener listener = Listen(out int listening);
        File.WriteAllText(Path.Combine(RegistryDirectory, "policy.json"), "[]");

        Assert.StartsWith($"TCP port {leased} is leased by user ", Run("test", $"{leased}").Expect(3).Output, StringComparison.Ordinal);
        CliResult inUse = Run("test", $"{listening}").Expect(3);
        Assert.StartsWith($"TCP port {listening} is in use by process {Environment.ProcessId} (", inUse.Output, StringComparison.Ordinal);
        Assert.Contains("policy.json' cannot be understood: it is a list", inUse.Error, StringComparison.Ordinal);
        CliResult unknown = Run("test", $"{free}", "--json").Expect(4);
        JsonElement test = Assert.Single(unknown.Json);
        Assert.False(test.GetProperty("available").GetBoolean());
        Assert.Equal("none", test.GetProperty("reason").GetString());
        Assert.Equal($"TCP port {free} could be bound, but no port can be leased as the registry is", test.GetProperty("message").GetString());
        Assert.StartsWith("portmgmt: warning: The policy '", unknown.Error, StringComparison.Ordinal);
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
