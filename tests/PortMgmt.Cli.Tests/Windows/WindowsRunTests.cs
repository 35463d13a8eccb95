using PortMgmt.Cli.Tests.Support;
using PortMgmt.TestKit;
using static PortMgmt.Cli.Tests.Support.TestCommands;

namespace PortMgmt.Cli.Tests.Windows;

public sealed class WindowsRunTests : WindowsFixture
{
    [Fact]
    public void Run_CommandThatIsNotThere_SaysSoAndLeavesNoLease()
    {
        string error = Run("run", "--", "nosuchthing").ExpectError(ExitCodes.CommandNotFound);
        Assert.Contains("'nosuchthing' not found", error, StringComparison.Ordinal);
        Assert.Empty(Leases());
    }

    [Fact]
    public void Run_CommandThatCannotBeStarted_SaysSoAndLeavesNoLease()
    {
        Needs.Windows();
        string error = Run("run", "--", Write("no-program.exe", "text")).ExpectError(ExitCodes.CommandNotExecutable);
        Assert.Contains("no-program.exe", error, StringComparison.Ordinal);
        Assert.Empty(Leases());
    }

    [Theory]
    [InlineData("exit 0", 0)]
    [InlineData("exit 7", 7)]
    [InlineData("exit 259", 259)]
    public void Run_Command_GivesItsExitCodeAndItsPort(string script, int exitCode)
    {
        Needs.Windows();
        string[] ports = Run("run", "--", "cmd", "/c", $"echo %PORT% {{port}}& {script}").Expect(exitCode).Output.Trim().Split(' ');
        Assert.Equal(ports[1], ports[0]);
        Assert.Empty(Leases());
    }

    [Fact]
    public void Run_NameWithoutEnding_FindsABatchFileByPathext()
    {
        Needs.Windows();
        Write("tool.cmd", "@echo tool got %*\r\n");
        Write("tool", "for another system");
        string caller = Write("caller.cmd", $"@set PATH={WorkDirectory};%PATH%\r\n@\"%portmgmt%\" run -- tool start\r\n");
        Assert.Equal("tool got \"start\"", Finish(Start("cmd", "/c", caller)).Expect(0).Output.Trim());
    }

    [Theory]
    [InlineData("x\" & echo INJECTED & rem \"")]
    [InlineData("a&echo INJECTED")]
    [InlineData("\"&echo INJECTED|more")]
    [InlineData("^\"&echo INJECTED")]
    [InlineData("\\\"&echo INJECTED")]
    [InlineData("a > INJECTED")]
    [InlineData("(a) ! ^ , ; =")]
    [InlineData("back\\")]
    [InlineData("")]
    public void Run_ArgumentOfABatchFile_IsNoCode(string argument)
    {
        Needs.Windows();
        string tool = Write("hand on.cmd", $"@\"{TestProgram}\" say %*\r\n");
        CliResult result = Run("run", "--", tool, argument, "next").Expect(0);
        Assert.Equal([argument, "next"], result.Output.ReplaceLineEndings("\n").Split('\n')[..2]);
        Assert.False(File.Exists(Path.Combine(WorkDirectory, "INJECTED")));
    }

    [Theory]
    [InlineData("%PATH%")]
    [InlineData("100%")]
    [InlineData("a\nb")]
    [InlineData("a\rb")]
    public void Run_ArgumentThatABatchFileWouldRun_IsRefusedAndTakesNoPort(string argument)
    {
        Needs.Windows();
        string error = Run("run", "--", Write("tool.bat", "@echo RAN\r\n"), argument).ExpectError(ExitCodes.CommandNotExecutable);
        Assert.Contains("cmd.exe", error, StringComparison.Ordinal);
        Assert.Empty(Leases());
    }
}
