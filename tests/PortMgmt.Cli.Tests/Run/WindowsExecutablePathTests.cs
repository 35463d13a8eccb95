using PortMgmt.Cli.Run;

namespace PortMgmt.Cli.Tests.Run;

/// <summary>How a command is found on Windows; the rules are looked at on every system.</summary>
public sealed class WindowsExecutablePathTests
{
    private const string SearchPath = @"""C:\quoted"";;C:\node\;C:\tools";

    [Theory]
    [InlineData("npm", @"C:\node\npm.CMD")]
    [InlineData("node", @"C:\node\node.EXE")]
    [InlineData("node.exe", @"C:\node\node.exe")]
    [InlineData("NPM.CMD", @"C:\node\NPM.CMD")]
    [InlineData("tool.v2", @"C:\tools\tool.v2.EXE")]
    [InlineData("spaced", @"C:\quoted\spaced.EXE")]
    [InlineData(@".\here", @".\here.EXE")]
    [InlineData("./here.exe", "./here.exe")]
    public void Find_Name_TakesTheFirstThatCanBeStarted(string command, string expected) => Assert.Equal(expected, Search(null).Find(command));

    [Fact]
    public void Find_EndingsOfTheUser_AreTriedInTheirOrder() => Assert.Equal(@"C:\node\npm.cmd", Search(".cmd;.exe").Find("npm"));

    [Theory]
    [InlineData("nosuchthing")]
    [InlineData("here")]
    [InlineData("")]
    [InlineData(@"C:\node\nothing")]
    public void Find_NothingThere_IsNotFoundAndNeverInTheCurrentDirectory(string command) =>
        Assert.Equal(ExitCodes.CommandNotFound, Assert.Throws<CommandFailedException>(() => Search(null).Find(command)).ExitCode);

    [Theory]
    [InlineData("script.ps1")]
    [InlineData("unix")]
    public void Find_FileThatTheSystemCannotStart_SaysSo(string command)
    {
        CommandFailedException failure = Assert.Throws<CommandFailedException>(() => Search(null).Find(command));
        Assert.Equal(ExitCodes.CommandNotExecutable, failure.ExitCode);
        Assert.Contains(".exe, .com, .bat and .cmd", failure.Message, StringComparison.Ordinal);
    }

    private static WindowsExecutablePath Search(string? endings)
    {
        HashSet<string> files = new(StringComparer.OrdinalIgnoreCase)
        {
            @"C:\node\npm", @"C:\node\npm.cmd", @"C:\node\node.exe", @"C:\tools\node.exe", @"C:\tools\tool.v2.exe", @"C:\quoted\spaced.exe",
            @"C:\tools\script.ps1", @"C:\tools\unix", @".\here.exe", "./here.exe", "here.exe",
        };
        return new WindowsExecutablePath(SearchPath, endings, files.Contains);
    }
}
