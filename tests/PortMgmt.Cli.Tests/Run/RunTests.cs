using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using PortMgmt.Cli.Tests.Support;
using PortMgmt.TestKit;
using static PortMgmt.Cli.Tests.Support.TestCommands;

namespace PortMgmt.Cli.Tests.Run;

public sealed class RunTests : CommandLineFixture
{
    [Fact]
    public void Run_Command_GetsItsPortsByVariablesAndPlaceholders()
    {
        string[] command = Either(
            ["sh", "-c", "echo $PORT $PORT_1 $PORT_2 $PORTS; echo $1 $2", "sh", "{port}", "{port:2}"],
            ["cmd", "/c", "echo %PORT% %PORT_1% %PORT_2% %PORTS%& echo {port} {port:2}"]);
        string[] lines = [.. Run(["run", "--count", "2", "--", .. command]).Expect(0).Lines.Select(line => line.TrimEnd('\r'))];
        string[] variables = lines[0].Split(' ');
        Assert.Equal(variables[0], variables[1]);
        Assert.NotEqual(variables[1], variables[2]);
        Assert.Equal($"{variables[1]},{variables[2]}", variables[3]);
        Assert.Equal($"{variables[1]} {variables[2]}", lines[1]);
    }

    [Fact]
    public void Run_WithEnvironmentVariable_LeavesPortAlone()
    {
        string[] lines = RunWith("PORT", "mine", "run", "--env", "HTTP_PORT", "--", "env").Expect(0).Lines;
        Assert.Contains("PORT=mine", lines);
        Assert.Single(lines, line => Regex.IsMatch(line, "^HTTP_PORT=[1-9]"));
    }

    /// <summary>The table that holds for both heads.</summary>
    public static TheoryData<string, int, string> Variables =>
    [
        .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "tables", "port-variables.csv")).Skip(1)
            .Select(line => line.Split(';')).Select(row => (row[0], int.Parse(row[1], CultureInfo.InvariantCulture), row[2])),
    ];

    [Theory]
    [MemberData(nameof(Variables))]
    public void Run_TheTableOfVariables_SetsThemAndNoOthers(string name, int count, string variables)
    {
        CliResult result = Run("run", "--env", name, "--count", $"{count}", "--", "env");
        if (variables.Length == 0)
        {
            Assert.Contains("--env: '", result.Expect(ExitCodes.RunFailed).Error, StringComparison.Ordinal);
            return;
        }

        string[] set = [.. result.Expect(0).Lines.Where(line => line.StartsWith(name, StringComparison.Ordinal) || line.StartsWith("PORT", StringComparison.Ordinal))];
        string[] ports = set.Single(line => line.StartsWith($"{name}S=", StringComparison.Ordinal)).Split('=')[1].Split(',');
        string[] expected = [.. variables.Split(' ').Select(variable => Regex.Replace(variable, "#(.)", number => ports[int.Parse(number.Groups[1].Value, CultureInfo.InvariantCulture) - 1]))];
        Assert.Equal(count, ports.Distinct().Count());
        Assert.Equal(expected.Order(), set.Where(line => !line.StartsWith("PORTMGMT_", StringComparison.Ordinal)).Order());
    }

    [Fact]
    public void Run_SeveralNames_HaveAVariableEachAndPortIsTheFirst()
    {
        Needs.Unix();
        string[] lines = Run("run", "--name", "web", "--name", "my-api", "--", "sh", "-c", "echo $WEB_PORT $MY_API_PORT; echo $PORT $PORT_2; echo $PORTS; echo $0 $1", "{port}", "{port:2}").Expect(0).Lines;

        Assert.NotEqual(lines[0].Split(' ')[0], lines[0].Split(' ')[1]);
        Assert.Equal([lines[0], lines[0], lines[0].Replace(' ', ','), lines[0]], [lines[0], lines[1], lines[2], lines[3]]);
    }

    [Fact]
    public void Run_OneName_HasNoVariableOfItsOwn()
    {
        string[] lines = Run("run", "--name", "web", "--", "env").Expect(0).Lines;

        Assert.Contains(lines, static line => line.StartsWith("PORT=", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, static line => line.StartsWith("WEB_PORT=", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--name web --name web")]
    [InlineData("--name web --name api --count 2")]
    [InlineData("--name web --name api --port 21000")]
    [InlineData("--name web --name api --prefer 21000,21001,21002")]
    [InlineData("--name web --port 21000,21001")]
    [InlineData("--name my-api --name my_api")]
    [InlineData("--name web --name ld")]
    [InlineData("--name web --name api --env API_PORT")]
    [InlineData("--name web --name no/../such%name")]
    public void Run_SeveralNamesThatCannotBe_LeaseNothing(string options)
    {
        Run(["run", .. options.Split(' '), "--", "touch", "started"]).ExpectError(ExitCodes.RunFailed);

        Assert.False(File.Exists(Path.Combine(WorkDirectory, "started")));
        Assert.Empty(Leases());
    }

    [Fact]
    public void Run_VariablesThatAreSetAlready_AreReplaced()
    {
        CliResult result = RunIn(
            start =>
            {
                start.Environment["PORT"] = "1";
                start.Environment["PORTS"] = "2";
            },
            "run",
            "--",
            "env");
        Assert.Single(result.Expect(0).Lines, line => Regex.IsMatch(line, "^PORT=[1-9][0-9]{3,4}$"));
        Assert.Single(result.Lines, line => Regex.IsMatch(line, "^PORTS=[1-9][0-9]{3,4}$"));
    }

    [Fact]
    public void Run_Lease_IsOwnedByTheCommandThatItBecomes()
    {
        Needs.Unix();
        CliResult result = Run("run", "--name", "self", "--", "sh", "-c", "echo $$; \"$portmgmt\" lease list --json").Expect(0);
        JsonElement lease = JsonDocument.Parse(result.Lines[1]).RootElement[0];
        Assert.Equal(result.Lines[0], $"{lease.GetProperty("processId").GetInt32()}");
        Assert.Equal("active", lease.GetProperty("state").GetString());
    }

    [Theory]
    [InlineData("exit 0", 0)]
    [InlineData("exit 2", 2)]
    [InlineData("exit 77", 77)]
    public void Run_CommandEnded_HandsItsExitCodeOnAndNoLeaseLives(string command, int expected)
    {
        Run(["run", "--", .. Script(command, command)]).Expect(expected);
        Assert.Empty(Leases("--state", "active"));
        Assert.Empty(Directory.GetFileSystemEntries(ChildrenTemporaryDirectory));
    }

    [Theory]
    [InlineData("kill -TERM $$", 143)]
    [InlineData("kill -KILL $$", 137)]
    [InlineData("kill -SEGV $$", 139)]
    public void Run_CommandEndedByASignal_HandsOnHowAndNoLeaseLives(string command, int expected)
    {
        string status = Shell("ulimit -c 0; \"$portmgmt\" run -- sh -c \"$1\"; echo $?", command).Expect(0).Lines[^1];
        Assert.Equal($"{expected}", status);
        Assert.Empty(Leases("--state", "active"));
        Assert.Empty(Directory.GetFileSystemEntries(ChildrenTemporaryDirectory));
    }

    [Fact]
    public void Run_KilledFromOutside_LeavesNoLiveLease()
    {
        using Process process = Start(Executable, ["run", "--", .. Script("echo up; exec sleep 60", "say up", "sleep 60000")]);
        Assert.Equal("up", process.StandardOutput.ReadLine());
        Assert.Single(Leases("--state", "active"));
        process.Kill();
        process.WaitForExit();
        Assert.Empty(Leases("--state", "active"));
        Assert.Empty(Directory.GetFileSystemEntries(ChildrenTemporaryDirectory));
    }

    [Theory]
    [InlineData("run -- no-such-command", 127)]
    [InlineData("run -- ./no-such-file", 127)]
    [InlineData("run -- ", 127)]
    [InlineData("run", 125)]
    [InlineData("run --", 125)]
    [InlineData("run --port 70000 -- true", 125)]
    [InlineData("run --range 9-1 -- true", 125)]
    [InlineData("run --env 1A -- true", 125)]
    [InlineData("run --bogus -- true", 125)]
    [InlineData("run -- echo {port:2}", 125)]
    [InlineData("run --registry a-file/x -- true", 125)]
    public void Run_Failure_TellsWhichOfUsFailed(string arguments, int expected)
    {
        File.WriteAllText(Path.Combine(WorkDirectory, "a-file"), "");
        Run(arguments.Split(' ')).ExpectError(expected);
        Assert.Empty(Leases("--state", "active"));
        Assert.Empty(Directory.GetFileSystemEntries(ChildrenTemporaryDirectory));
    }

    [Theory]
    [InlineData("run -- /etc/passwd", 126)]
    [InlineData("run -- /", 126)]
    [InlineData("run -- ./no-interpreter", 126)]
    [InlineData("run --registry /dev/null/x -- true", 125)]
    public void Run_CommandThatIsNoProgram_IsToldApart(string arguments, int expected)
    {
        Shell("printf '#!/no/such/interpreter\\n' > no-interpreter; chmod +x no-interpreter").Expect(0);
        Shell($"exec \"$portmgmt\" {arguments}").ExpectError(expected);
        Assert.Empty(Leases("--state", "active"));
        Assert.Empty(Directory.GetFileSystemEntries(ChildrenTemporaryDirectory));
    }

    [Fact]
    public void Run_PortThatIsTaken_FailsWithoutStartingTheCommand()
    {
        int port = NewPort();
        Run("run", "--port", $"{port}", "--", "touch", "started").ExpectError(125);
        Assert.False(File.Exists(Path.Combine(WorkDirectory, "started")));
    }

    [Fact]
    public void Run_CommandByName_IsFoundAsAShellDoes()
    {
        Needs.Unix();
        Shell("mkdir one two; printf 'echo first' > one/tool; printf 'echo second $1' > two/tool; chmod +x two/tool").Expect(0);
        Assert.Equal("second a\n", Shell("PATH=one:two:$PATH; \"$portmgmt\" run -- tool a").Expect(0).Output);
        Assert.Equal("second b\n", Shell("cd two; PATH=:$PATH; \"$portmgmt\" run -- tool b").Expect(0).Output);
        Shell("PATH=one; \"$portmgmt\" run -- tool").ExpectError(126);
    }
}
