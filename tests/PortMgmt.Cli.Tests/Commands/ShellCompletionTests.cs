using PortMgmt.Cli.Tests.Support;
using PortMgmt.TestKit;
using PortMgmt.TestKit.Processes;

namespace PortMgmt.Cli.Tests.Commands;

/// <summary>
/// The scripts of <c>completion</c> in the real shells. Interactive ones are typed into on a terminal: what Tab completed is then run, and
/// the lease that it names is gone.
/// </summary>
public sealed class ShellCompletionTests : CommandLineFixture
{
    [Fact]
    public void Bash_TypedLine_IsCompletedAndRun() =>
        AssertTypedLineRemovesTheLease("bash", "bash --norc --noprofile -i", "source <(portmgmt completion bash)");

    [Fact]
    public void Zsh_TypedLine_IsCompletedAndRun() => AssertTypedLineRemovesTheLease(
        "zsh", "zsh -f -i", "autoload -U compinit; compinit -u -d ./dump; source <(portmgmt completion zsh)");

    [Theory]
    [InlineData("portmgmt lease rem", "remove")]
    [InlineData("portmgmt lease remove --name ", "api web:front")]
    [InlineData("portmgmt lease remove --name web", "web:front")]
    [InlineData("portmgmt lease list --state=s", "--state=stale")]
    [InlineData("portmgmt run -- mkfif", "mkfifo")]
    [InlineData("portmgmt batch --report ./comm", "./command")]
    public void Fish_Line_IsCompleted(string line, string expected)
    {
        Require("fish");
        MakeLeases();
        File.WriteAllText(Path.Combine(WorkDirectory, "command"), "portmgmt completion fish | source; complete -C $argv[1]");

        string[] found = [.. WithPath("exec fish --no-config ./command \"$1\"", line).Lines.Select(found => found.Split('\t')[0])];

        Assert.Equal(expected.Split(' '), found);
    }

    [Theory]
    [InlineData("portmgmt lease rem", "remove")]
    [InlineData("portmgmt lease remove --name ", "api web:front")]
    [InlineData("portmgmt lease remove --name web", "web:front")]
    [InlineData("portmgmt lease list --state=s", "--state=stale")]
    [InlineData("portmgmt lease remove --na", "--name")]
    public void Pwsh_Line_IsCompleted(string line, string expected)
    {
        Needs.Unix();
        MakeLeases();
        const string Script = "portmgmt completion pwsh | Out-String | Invoke-Expression; (TabExpansion2 -inputScript $env:LINE -cursorColumn $env:LINE.Length).CompletionMatches.CompletionText";

        CliResult result = WithPath(
            "LINE=$1 POWERSHELL_TELEMETRY_OPTOUT=1; export LINE POWERSHELL_TELEMETRY_OPTOUT; shift; exec \"$@\"",
            [line, .. PowerShellProgram.Command, "-NoProfile", "-NonInteractive", "-Command", Script]);

        Assert.Equal(expected.Split(' '), result.Lines);
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public void Script_OfEachShell_IsValid(string shell)
    {
        Require(shell);

        CliResult result = WithPath("portmgmt completion $1 > script && exec $1 -n script", shell);

        Assert.Equal((0, "", ""), (result.ExitCode, result.Output, result.Error));
    }

    private void AssertTypedLineRemovesTheLease(string shell, string command, string load)
    {
        Require(shell);
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "There is no script(1) here to give the shell a terminal.");
        MakeLeases();
        File.WriteAllText(Path.Combine(WorkDirectory, "keys"), $"{load}\nportmgmt lea\trem\t--nam\tweb:\t\nexit\n");

        CliResult result = WithPath("exec script --quiet --return --command \"$1\" /dev/null < keys", command);

        Assert.True(Run("lease", "list", "--name", "web*").Lines is ["No leases."], result.Output);
        Assert.Single(Run("lease", "list", "--json").Json);
    }

    private void MakeLeases()
    {
        Run("lease", "new", "--name", "web:front");
        Run("lease", "new", "--name", "api");
    }

    private void Require(string shell)
    {
        Needs.Unix();
        Assert.SkipWhen(Shell("command -v \"$1\"", shell).ExitCode != 0, $"There is no {shell} on this machine.");
    }

    /// <summary>Runs a script that finds portmgmt by its name.</summary>
    private CliResult WithPath(string script, params string[] arguments) =>
        Shell($"export PATH=\"$(dirname \"$portmgmt\"):$PATH\" TERM=xterm HOME=\"$PWD\"; {script}", arguments);
}
