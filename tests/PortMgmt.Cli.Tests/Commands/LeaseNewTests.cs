using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using PortMgmt.Cli.Tests.Support;
using PortMgmt.TestKit;

namespace PortMgmt.Cli.Tests.Commands;

[Collection(SocketTests.Name)]
public sealed class LeaseNewTests : CommandLineFixture
{
    [Fact]
    public void New_WithoutOptions_PrintsOnePortAndLeasesIt()
    {
        int port = NewPort();
        JsonElement lease = Assert.Single(Leases());
        Assert.Equal(port, lease.GetProperty("port").GetInt32());
        Assert.Equal("active", lease.GetProperty("state").GetString());
    }

    [Fact]
    public void New_WithoutOwner_LivesAnHour()
    {
        JsonElement lease = Assert.Single(Run("lease", "new", "--json").Expect(0).Json);
        Assert.Equal(JsonValueKind.Null, lease.GetProperty("processId").ValueKind);
        Assert.Equal(1, (Time(lease, "expiresAt") - Time(lease, "createdAt")).TotalHours, 0.01);
    }

    [Fact]
    public void New_WithOwner_EndsWithIt()
    {
        JsonElement lease = Assert.Single(Run("lease", "new", "--json", "--pid", Environment.ProcessId.ToString(CultureInfo.InvariantCulture)).Expect(0).Json);
        Assert.Equal(Environment.ProcessId, lease.GetProperty("processId").GetInt32());
        Assert.Equal(JsonValueKind.Null, lease.GetProperty("expiresAt").ValueKind);
    }

    [Fact]
    public void New_AsJson_HasTheMembersOfTheContract()
    {
        CliResult result = Run("lease", "new", "--name", "Web.1", "--protocol", "udp", "--ttl", "10m", "--json").Expect(0);
        Assert.Equal(["port", "protocol", "name", "scope", "processId", "createdAt", "expiresAt", "state", "token"], result.Members);
        JsonElement lease = Assert.Single(result.Json);
        Assert.Equal("udp", lease.GetProperty("protocol").GetString());
        Assert.Equal("Web.1", lease.GetProperty("name").GetString());
        Assert.NotEqual("", lease.GetProperty("token").GetString());
        Assert.EndsWith("Z", lease.GetProperty("createdAt").GetString()!, StringComparison.Ordinal);
        Assert.Equal(10, (Time(lease, "expiresAt") - Time(lease, "createdAt")).TotalMinutes, 0.1);
    }

    [Theory]
    [InlineData("web", "api", "db")]
    [InlineData("--name", "web", "--name", "api", "--name", "db")]
    public void New_SeveralNames_PrintsThePortOfEachInTheirOrder(params string[] names)
    {
        string[] lines = Run(["lease", "new", .. names]).Expect(0).Lines;

        string[] inOrder = ["web", "api", "db"];
        Assert.Equal(lines, inOrder.Select(name => $"{Assert.Single(Leases("--name", name)).GetProperty("port").GetInt32()}"));
    }

    [Fact]
    public void New_SeveralNames_HaveThePortsOfOneList()
    {
        int[] free = [.. Enumerable.Range(0, 2).Select(_ => NewPort("--registry", Path.Combine(WorkDirectory, "finder")))];

        Assert.Equal(free.Select(port => $"{port}"), Run("lease", "new", "web", "api", "--port", $"{free[0]},{free[1]}").Expect(0).Lines);
    }

    [Theory]
    [InlineData("web", "WEB")]
    [InlineData("web", "--name", "api")]
    [InlineData("web", "8080")]
    [InlineData("web", "api", "--count", "2")]
    [InlineData("web", "api", "--port", "21000")]
    [InlineData("web", "api", "--prefer", "21000")]
    [InlineData("web", "--port", "21000,21001")]
    [InlineData("web", "api", "--contiguous")]
    [InlineData("web", "-x")]
    public void New_SeveralNamesThatCannotBe_LeaseNothing(params string[] arguments)
    {
        Run(["lease", "new", .. arguments]).ExpectError(ExitCodes.Usage);
        Assert.Empty(Leases());
    }

    [Fact]
    public void New_OneOfSeveralThatCannotBeHad_LeasesNothing()
    {
        int taken = NewPort("--name", "taken");
        CliResult result = Run("lease", "new", "web", "api", "--port", $"0,{taken}");

        Assert.Contains("'api' cannot be had: ", result.ExpectError(ExitCodes.Unavailable), StringComparison.Ordinal);
        Assert.Equal("taken", Assert.Single(Leases()).GetProperty("name").GetString());
    }

    [Fact]
    public void New_WithCount_PrintsThatManyDifferentPorts()
    {
        string[] lines = Run("lease", "new", "--count", "5", "--contiguous").Expect(0).Lines;
        int[] ports = [.. lines.Select(line => int.Parse(line, CultureInfo.InvariantCulture))];
        Assert.Equal(Enumerable.Range(ports[0], 5), ports);
    }

    [Fact]
    public void New_OfSameName_GetsSamePortInAnotherRegistry()
    {
        int port = NewPort("--name", "sticky");
        string other = Directory.CreateDirectory(Path.Combine(WorkDirectory, "other")).FullName;
        Assert.Equal(port, NewPort("--name", "STICKY", "--registry", other));
    }

    [Fact]
    public void LeaseNew_ListsWithBlanks_AreRead()
    {
        string[] ports = [.. Run("lease", "new", "--count", "2").Expect(0).Lines];

        string third = Run("lease", "new", "--prefer", $"{ports[0]}, {ports[1]} ,23456", "--exclude", "8080, 9000-9099").Expect(0).Lines[0];

        Assert.DoesNotContain(third, ports);
        Assert.Contains("'' is not valid for --prefer", Run("lease", "new", "--prefer", "9910,, 9912").ExpectError(2), StringComparison.Ordinal);
    }

    [Fact]
    public void New_ExactPortThatIsLeased_Fails()
    {
        string port = NewPort().ToString(CultureInfo.InvariantCulture);
        Assert.Contains(port, Run("lease", "new", "--port", port).ExpectError(3), StringComparison.Ordinal);
        Assert.NotEqual(port, Run("lease", "new", "--prefer", port).Expect(0).Lines[0]);
    }

    [Fact]
    public void New_ExactPortThatIsListening_Fails()
    {
        using TcpListener listener = Listen(out int port);
        Run("lease", "new", "--port", $"{port}").ExpectError(3);
    }

    [Fact]
    public void New_RangeThatIsExhausted_Fails()
    {
        string port = NewPort().ToString(CultureInfo.InvariantCulture);
        Run("lease", "new", "--range", $"{port}-{port}").ExpectError(3);
        Run("lease", "new", "--range", port, "--exclude", port).ExpectError(3);
    }

    [Fact]
    public void New_WithReuse_ReturnsTheLiveLeaseOfThatOwner()
    {
        string[] options = ["--name", "web", "--reuse", "--pid", $"{Environment.ProcessId}"];
        int port = NewPort(options);
        Assert.Equal(port, NewPort(options));
        Run(["lease", "new", .. options, "--count", "2"]).ExpectError(5);
        Assert.Single(Leases());
    }

    [Fact]
    public void New_WithAdopt_TakesTheListenersPort()
    {
        using TcpListener listener = Listen(out int port);
        Run("lease", "new", "--port", $"{port}", "--adopt").Expect(0);
        Assert.Equal(Environment.ProcessId, Assert.Single(Leases()).GetProperty("processId").GetInt32());
    }

    [Fact]
    public void New_WithAdoptWhereNothingListens_Fails()
    {
        TcpListener listener = Listen(out int port);
        listener.Dispose();
        Run("lease", "new", "--port", $"{port}", "--adopt").ExpectError(3);
    }

    [Fact]
    public void New_OutputThatCannotBeWritten_LeavesNoLease()
    {
        Needs.Linux();
        CliResult result = Shell("\"$portmgmt\" lease new --count 3 > /dev/full");
        result.ExpectError(1);
        Assert.Empty(Leases());
    }

    [Fact]
    public void New_TwiceIntoOneFile_KeepsBothLines()
    {
        CliResult result = OperatingSystem.IsWindows()
            ? Finish(Start("cmd", "/c", "%portmgmt% lease new > ports& %portmgmt% lease new >> ports"))
            : Shell("{ \"$portmgmt\" lease new; \"$portmgmt\" lease new; } > ports");
        result.Expect(0);
        Assert.Equal(2, File.ReadAllLines(Path.Combine(WorkDirectory, "ports")).Length);
    }

    private static DateTimeOffset Time(JsonElement lease, string member) => lease.GetProperty(member).GetDateTimeOffset();
}
