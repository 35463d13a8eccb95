using PortMgmt.Cli.Tests.Support;
using PortMgmt.TestKit;

namespace PortMgmt.Cli.Tests.Commands;

public sealed class UsageTests : CommandLineFixture
{
    public static TheoryData<string[]> BadNames => new(
        [""],
        [new string('a', 10_000)],
        ["a\u001b[31mb"],
        ["a\nb"],
        ["a b"],
        ["😀"],
        ["..\\etc"],
        ["a\u202eb"]);

    public static TheoryData<string[]> BadOptions => new(
        ["--range", "200-100"],
        ["--range", "0-10"],
        ["--range", "1-70000"],
        ["--range", "a-b"],
        ["--port", "70000"],
        ["--port", "-1"],
        ["--port", "080x"],
        ["--prefer", "99999999999999"],
        ["--port", "8080", "--range", "1-2"],
        ["--count", "0"],
        ["--count", "1001"],
        ["--count", "two"],
        ["--ttl", "10 s"],
        ["--ttl", "10x"],
        ["--ttl", "0s"],
        ["--ttl", "3651d"],
        ["--pid", "0"],
        ["--protocol", "sctp"],
        ["--exclude", "1,,2"],
        ["--adopt"],
        ["--reuse"],
        ["--reuse", "--name", "a"],
        ["--no-such-option"],
        ["a", "A"],
        ["a", "--name", "b"],
        ["8080"],
        ["--name="],
        ["--name=", "web"],
        ["--name:", "web"],
        ["--name", "--contiguous"],
        ["--ttl=", "--name", "web"],
        ["--json=", "web"],
        ["--name"]);

    public static TheoryData<string[]> BadVerbs => new(
        [],
        ["bogus\u001b[2J"],
        ["lease"],
        ["lease", "bogus"],
        ["lease", "renew", "--name", "a"],
        ["lease", "renew", "--ttl", "10m"],
        ["lease", "remove"],
        ["lease", "remove", "--name", "a", "--port", "1"],
        ["lease", "remove", "a", "--port", "1"],
        ["lease", "list", "80", "--port", "1"],
        ["lease", "list", "a", "--name", "b"],
        ["help", "bogus"],
        ["lease", "list", "--state", "dead"],
        ["lease", "new", "--registry", ""],
        ["who", "0"],
        ["who", "http"],
        ["wait"],
        ["wait", "65536"],
        ["wait", "80", "--timeout", "soon"],
        ["policy", "set"],
        ["policy", "set", "--reserve", "web"],
        ["policy", "set", "--reserve", "web=0"],
        ["policy", "set", "--unreserve", "nobody"],
        ["policy", "set", "--range", "9-1"],
        ["registry", "init"],
        ["registry", "init", "--machine-wide", "--registry", "x"]);

    [Theory]
    [MemberData(nameof(BadNames))]
    public void New_BadName_IsRefusedInOneLine(string[] name)
    {
        Assert.InRange(Run("lease", "new", "--name", name[0]).ExpectError(2).Length, 20, 1100);
        Assert.Empty(Leases());
    }

    [Theory]
    [MemberData(nameof(BadOptions))]
    public void New_BadOption_IsRefusedInOneLine(string[] options)
    {
        Run(["lease", "new", .. options]).ExpectError(2);
        Assert.Empty(Leases());
    }

    [Theory]
    [MemberData(nameof(BadVerbs))]
    public void Run_BadVerb_IsRefusedInOneLine(string[] arguments) => Run(arguments).ExpectError(2);

    [Theory]
    [InlineData("")]
    [InlineData("run")]
    [InlineData("lease")]
    [InlineData("lease new")]
    [InlineData("lease list")]
    [InlineData("lease renew")]
    [InlineData("lease remove")]
    [InlineData("sweep")]
    [InlineData("who")]
    [InlineData("wait")]
    [InlineData("policy")]
    [InlineData("policy set")]
    [InlineData("registry")]
    [InlineData("registry init")]
    [InlineData("batch")]
    [InlineData("demo")]
    [InlineData("test")]
    [InlineData("worker")]
    [InlineData("submit")]
    [InlineData("completion")]
    [InlineData("help")]
    public void Help_OfEachVerb_NamesItInLinesOf80Columns(string verb)
    {
        Assert.Equal(Run([.. verb.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]).Output, Run(["help", .. verb.Split(' ', StringSplitOptions.RemoveEmptyEntries)]).Expect(0).Output);
        CliResult result = Run([.. verb.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]).Expect(0);
        Assert.Contains($"portmgmt {verb}".TrimEnd(), result.Output, StringComparison.Ordinal);
        Assert.Contains("--json", result.Output, StringComparison.Ordinal);
        Assert.All(result.Lines, line => Assert.InRange(line.Length, 0, 80));
    }

    [Fact]
    public void Help_OfTheProgram_FitsAScreenWithALineForEachVerb()
    {
        string[] lines = Run("--help").Expect(0).Output.TrimEnd('\n').Split('\n');

        Assert.InRange(lines.Length, 15, 23);
        Assert.DoesNotContain(lines, line => line.StartsWith("   ", StringComparison.Ordinal));
        foreach (string verb in (ReadOnlySpan<string>)["run", "lease", "batch", "worker", "submit", "sweep", "who", "wait", "test", "policy", "registry", "completion", "demo", "help"])
        {
            Assert.Single(lines, line => line.StartsWith($"  {verb} ", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Arguments_NameNoOption_AreWhatTheyCanBe()
    {
        string port = Run("lease", "new", "web").Expect(0).Output.Trim();
        string token = Run("lease", "new", "web", "--json").Expect(0).Json[0].GetProperty("token").GetString()!;
        Assert.Equal(2, Run("lease", "list", "w*", "--json").Expect(0).Json.Length);
        Assert.Equal("web", Assert.Single(Run("lease", "list", port, "--json").Expect(0).Json).GetProperty("name").GetString());
        Run("lease", "renew", "web", "--ttl", "10m").Expect(0);
        Run("lease", "remove", port).Expect(0);
        Run("lease", "remove", token).Expect(0);
        Run("lease", "remove", "web").ExpectError(3);
        Assert.Contains("did you mean --port 8080?", Run("lease", "new", "8080").ExpectError(2), StringComparison.Ordinal);
        Run("lease", "new", "--name", "8080").Expect(0);
        Run("lease", "remove", "--name", "8080").Expect(0);
    }

    [Fact]
    public void Arguments_OfRun_AreNames()
    {
        Needs.Unix();
        Assert.Matches("^([0-9]+) \\1 [0-9]+\n$", Run("run", "web", "api", "--", "sh", "-c", "echo $PORT $WEB_PORT $API_PORT").Expect(0).Output);
        Assert.Contains("did you mean --port 8080?", Run("run", "8080", "--", "true").ExpectError(125), StringComparison.Ordinal);
        Assert.Contains("in two ways", Run("run", "web", "--name", "api", "--", "true").ExpectError(125), StringComparison.Ordinal);
        Assert.Contains("'--nmae' is no option here", Run("run", "--nmae", "web", "--", "true").ExpectError(125), StringComparison.Ordinal);
        Assert.Contains("the name 'web' exclude each other", Run("run", "web", "--project", "--", "true").ExpectError(125), StringComparison.Ordinal);
        Assert.Contains("Write the command behind --", Run("run", "./server").ExpectError(125), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("env", "--project", "--ttl", "1m")]
    [InlineData("submit", "--type")]
    [InlineData("worker", "--type", "--", "sh")]
    public void Arguments_ThatAreGivenByOptionAsWell_AreRefused(string verb, string option, params string[] others) =>
        Assert.Contains("'a' as an argument and 'b' by " + option, Run([verb, "a", option, "b", .. others]).ExpectError(2), StringComparison.Ordinal);

    [Theory]
    [InlineData("wait")]
    [InlineData("test")]
    [InlineData("who")]
    public void Options_ThatAVerbDoesNotHave_AreNamed(string verb) =>
        Assert.Contains("'--port' is no option here", Run(verb, "--port", "8080").ExpectError(2), StringComparison.Ordinal);

    [Fact]
    public void Scope_WhereTheCurrentDirectoryIsGone_SaysThat()
    {
        Needs.Linux();
        CliResult scope = Shell("mkdir gone; cd gone; rmdir ../gone; \"$portmgmt\" lease new web --scope auto");
        Assert.Contains("'auto' begins to look at the current directory", scope.ExpectError(2), StringComparison.Ordinal);
        CliResult project = Shell("mkdir gone; cd gone; rmdir ../gone; \"$portmgmt\" env --ttl 1m");
        Assert.Contains("There is no project file", project.ExpectError(2), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run", " [NAME ...]")]
    [InlineData("batch", "")]
    [InlineData("worker", " [TYPE]")]
    public void Help_OfVerbsWithACommand_ShowsWhereItStands(string verb, string arguments) =>
        Assert.Contains($"portmgmt {verb}{arguments} [options] -- COMMAND [ARGUMENTS]\n", Run(verb, "--help").Expect(0).Output, StringComparison.Ordinal);

    [Fact]
    public void Help_OfTheProgram_TellsTheExitCodes()
    {
        string help = Run("--help").Expect(0).Output;
        Assert.Contains("Exit codes:", help, StringComparison.Ordinal);
        Assert.Contains("130 interrupted", help, StringComparison.Ordinal);
        Assert.DoesNotContain("Exit codes:", Run("lease", "--help").Expect(0).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(">&-")]
    [InlineData("> /dev/full")]
    public void Help_CannotBeWritten_IsAnErrorInOneLine(string where)
    {
        Needs.Linux();
        Assert.Contains("Cannot write the output", Shell($"\"$portmgmt\" lease --help {where}").ExpectError(1), StringComparison.Ordinal);
    }

    [Fact]
    public void Registry_RelativeToADirectoryThatIsGone_IsTheRegistrysError()
    {
        Needs.Linux();
        CliResult result = Shell("mkdir gone; cd gone; rmdir ../gone; \"$portmgmt\" --registry here lease list");
        Assert.Contains("'here'", result.ExpectError(4), StringComparison.Ordinal);
    }

    [Fact]
    public void Version_OfTheProgram_IsTheProducts() => Assert.Matches("^[0-9]+\\.[0-9]+\\.[0-9]+\n$", Run("--version").Expect(0).Output);

    [Fact]
    public void Arguments_WithAnAtSign_AreNoFileToReadArgumentsFrom()
    {
        File.WriteAllText(Path.Combine(WorkDirectory, "file"), "--count 3");
        Run("lease", "new", "@file").Expect(0);
        Assert.Equal("@file", Assert.Single(Leases()).GetProperty("name").GetString());
    }

    [Fact]
    public void GlobalOptions_BeforeTheVerb_Count()
    {
        string other = Directory.CreateDirectory(Path.Combine(WorkDirectory, "other")).FullName;
        Assert.Single(Run("--json", "--registry", other, "lease", "new").Expect(0).Json);
        Assert.Empty(Leases());
    }
}
