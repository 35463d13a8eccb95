using System.Globalization;
using System.Text.Json;
using PortMgmt.Cli.Tests.Support;
using PortMgmt.TestKit;

namespace PortMgmt.Cli.Tests.Commands;

/// <summary>The ports of a project: the same each time, in each form, and nothing for a file that is not as it must be.</summary>
public sealed class EnvTests : CommandLineFixture
{
    private const string Project = """{"ports":{"web":{},"my-api":{"variable":"API"},"dns":{"protocol":"udp"}}}""";

    private static string Self => Environment.ProcessId.ToString(CultureInfo.InvariantCulture);

    [Fact]
    public void Env_Project_PrintsTheVariablesAndAgainTheSame()
    {
        WriteProject(Project);
        string[] lines = Run("env", "--pid", Self).Expect(0).Lines;

        Assert.Equal(["WEB_PORT", "API", "DNS_PORT"], lines.Select(line => line.Split('=')[0]));
        Assert.Equal(lines, Run("env", "--pid", Self).Expect(0).Lines);
        Assert.Equal(lines, Run("env", "portmgmt.json", "--pid", Self).Expect(0).Lines);
        Assert.Equal(lines, Run("env", ".", "--pid", Self).Expect(0).Lines);
        Assert.Equal(3, Leases().Length);
        Assert.Equal(lines.Select(line => line.Split('=')[1]).Order(), Leases().Select(lease => $"{lease.GetProperty("port").GetInt32()}").Order());
        Assert.All(Leases(), lease => Assert.Equal(Environment.ProcessId, lease.GetProperty("processId").GetInt32()));
    }

    [Fact]
    public void Env_EachFormat_IsReadByThoseItIsFor()
    {
        WriteProject(Project);
        string[] dotenv = Run("env", "--pid", Self).Expect(0).Lines;
        string json = Run("env", "--pid", Self, "--format", "json").Expect(0).Output;
        string[] pwsh = Run("env", "--pid", Self, "--format", "pwsh").Expect(0).Lines;

        using var parsed = JsonDocument.Parse(json);
        Assert.Equal(dotenv, parsed.RootElement.EnumerateObject().Select(member => $"{member.Name}={member.Value.GetInt32()}"));
        Assert.Equal(dotenv, pwsh.Select(line => line["$env:".Length..].Replace(" = ", "=", StringComparison.Ordinal).Replace("'", "", StringComparison.Ordinal)));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(dotenv, Shell("eval \"$(\"$1\" env --pid \"$2\" --format sh)\"; env | grep -E '^(WEB_PORT|API|DNS_PORT)='", Executable, Self).Expect(0).Lines.OrderBy(line => Array.IndexOf(dotenv, line)));
            Assert.Equal(dotenv, Shell("\"$1\" env --pid \"$2\" > .env; set -a; . ./.env; env | grep -E '^(WEB_PORT|API|DNS_PORT)='", Executable, Self).Expect(0).Lines.OrderBy(line => Array.IndexOf(dotenv, line)));
        }
    }

    [Fact]
    public void Env_AsJson_HasTheLeasesWithTheirVariables()
    {
        WriteProject(Project);
        CliResult result = Run("env", "--pid", Self, "--json").Expect(0);

        Assert.Equal(["variable", "port", "protocol", "name", "scope", "processId", "createdAt", "expiresAt", "state"], result.Members);
        Assert.Equal(["WEB_PORT web tcp", "API my-api tcp", "DNS_PORT dns udp"], result.Json.Select(row => $"{row.GetProperty("variable").GetString()} {row.GetProperty("name").GetString()} {row.GetProperty("protocol").GetString()}"));
    }

    [Fact]
    public void Env_WithoutOwnerOrTime_IsOfTheProcessThatCalled()
    {
        Needs.Unix();
        WriteProject(Project);

        Assert.Equal(Environment.ProcessId, Run("env", "--json").Expect(0).Json[0].GetProperty("processId").GetInt32());
    }

    [Fact]
    public void Env_ForATime_FindsTheSamePortsAgainAndRenewsThem()
    {
        WriteProject(Project);
        string[] lines = Run("env", "--ttl", "10m").Expect(0).Lines;

        Assert.Equal(lines, Run("env", "--ttl", "2h").Expect(0).Lines);
        Assert.Equal(3, Leases().Length);
        Assert.All(Leases(), lease =>
        {
            Assert.Equal(JsonValueKind.Null, lease.GetProperty("processId").ValueKind);
            Assert.InRange(lease.GetProperty("expiresAt").GetDateTime() - DateTime.UtcNow, TimeSpan.FromMinutes(100), TimeSpan.FromMinutes(121));
        });
    }

    [Fact]
    public void Env_TwoCheckouts_HavePortsOfTheirOwn()
    {
        foreach (string checkout in new[] { "one", "two" })
        {
            Directory.CreateDirectory(Path.Combine(WorkDirectory, checkout));
            File.WriteAllText(Path.Combine(WorkDirectory, checkout, "portmgmt.json"), Project);
        }

        string[] one = Run("env", "--pid", Self, "--project", "one").Expect(0).Lines;
        string[] two = Run("env", "--pid", Self, "--project", Path.Combine("two", "portmgmt.json")).Expect(0).Lines;

        Assert.Equal(6, one.Concat(two).Distinct().Count());
        Assert.Equal(one, Run("env", "--pid", Self, "--project", "one").Expect(0).Lines);
    }

    [Theory]
    [InlineData("""{"ports":{"web":{},"api":{"preferred":80}}}""", "ports.api.preferred")]
    [InlineData("""{"ports":{"web":{"variable":"LD_PRELOAD"}}}""", "ports.web.variable")]
    [InlineData("""{"ports":{"web":{}},"run":"rm -rf /"}""", "run: ")]
    [InlineData("""{"ports":{"a\u001b[31mb":{}}}""", @"ports[""a\u001b[31mb""]")]
    public void Env_FileThatIsNotAsItMustBe_LeasesNothing(string text, string place)
    {
        WriteProject(text);

        Assert.Contains(place, Run("env", "--pid", Self).ExpectError(ExitCodes.Usage), StringComparison.Ordinal);
        Assert.Contains(place, Run("run", "--project", "--", "portmgmt-no-such-command").ExpectError(ExitCodes.RunFailed), StringComparison.Ordinal);
        Assert.Empty(Leases());
    }

    [Fact]
    public void Env_NamedPipe_IsRefusedAndNotWaitedFor()
    {
        Needs.Unix();
        Shell("mkfifo portmgmt.json").Expect(0);

        Assert.Contains("no regular file", Run("env", "--pid", Self).ExpectError(ExitCodes.Usage), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("env")]
    [InlineData("env", "--project", "no/such/file", "--ttl", "1h")]
    [InlineData("env", "--format", "yaml", "--ttl", "1h")]
    [InlineData("env", "--json", "--format", "sh", "--ttl", "1h")]
    [InlineData("env", "--project", "", "--ttl", "1h")]
    [InlineData("env", "surplus")]
    public void Env_UsageThatCannotBe_IsTold(params string[] arguments) => Run(arguments).ExpectError(ExitCodes.Usage);

    [Fact]
    public void OtherVerbs_FileInTheDirectory_IsNotRead()
    {
        WriteProject("not even JSON");

        Assert.Equal("", Run("lease", "new", "--name", "web").Expect(0).Error);
        Assert.Equal("", Assert.Single(Leases()).GetProperty("scope").GetString());
    }

    [Fact]
    public void RunProject_Command_HasTheVariablesOfTheFile()
    {
        WriteProject(Project);
        Dictionary<string, string> variables = ReadVariables("run", "--project", "--", "env");

        string[] ports = [variables["WEB_PORT"], variables["API"], variables["DNS_PORT"]];
        Assert.Equal(3, ports.Distinct().Count());
        string[] numbered = [variables["PORT_1"], variables["PORT_2"], variables["PORT_3"]];
        Assert.Equal(ports, numbered);
        Assert.Equal(ports[0], variables["PORT"]);
        Assert.Equal(3, Run("run", "--project", "--", "echo", "{port:1} {port:2} {port:3}").Expect(0).Lines.Single().Split(' ').Distinct().Count());
        Assert.Empty(Leases("--state", "active"));
    }

    [Fact]
    public void RunProject_VariablePortInTheFile_IsThatOfItsName()
    {
        WriteProject("""{"ports":{"web":{},"api":{"variable":"PORT"}}}""");
        Dictionary<string, string> variables = ReadVariables("run", "--project", ".", "--", "env");

        Assert.NotEqual(variables["WEB_PORT"], variables["PORT"]);
        Assert.DoesNotContain("PORTS", variables.Keys);
        Assert.Contains("PORT would be that of", Run("run", "--project", "--env", "PORT", "--", "true").ExpectError(ExitCodes.RunFailed), StringComparison.Ordinal);
    }

    [Fact]
    public void RunProject_Listening_HandsEachSocketOver()
    {
        Needs.Linux();
        WriteProject(Project);

        Assert.Equal(["web:my-api:dns 3"], Run("run", "--project", "--listen", "--", "sh", "-c", "echo $LISTEN_FDNAMES $(ls -l /proc/$$/fd | grep -c socket:)").Expect(0).Lines);
    }

    [Theory]
    [InlineData("--name", "web")]
    [InlineData("--port", "21000")]
    [InlineData("--count", "2")]
    [InlineData("--range", "21000-21100")]
    public void RunProject_OptionsThatNamePorts_ExcludeIt(string option, string value)
    {
        WriteProject(Project);

        Assert.Contains($"--project and {option} exclude each other", Run("run", "--project", option, value, "--", "true").ExpectError(ExitCodes.RunFailed), StringComparison.Ordinal);
        Assert.Empty(Leases());
    }

    // A value of several lines is not looked for.
    private Dictionary<string, string> ReadVariables(params string[] arguments) => Run(arguments).Expect(0).Lines
        .Select(static line => line.Split('=', 2))
        .Where(static parts => parts.Length == 2)
        .DistinctBy(static parts => parts[0])
        .ToDictionary(static parts => parts[0], static parts => parts[1]);

    private void WriteProject(string text) => File.WriteAllText(Path.Combine(WorkDirectory, "portmgmt.json"), text);
}
