using PortMgmt.Cli.Run;

namespace PortMgmt.Cli.Tests.Run;

/// <summary>The text that stands for arguments on Windows; the rules are looked at on every system.</summary>
public sealed class WindowsCommandLineTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("", "\"\"")]
    [InlineData("two words", "\"two words\"")]
    [InlineData("say \"it\"", "\"say \\\"it\\\"\"")]
    [InlineData("C:\\dir\\", "C:\\dir\\")]
    [InlineData("C:\\my dir\\", "\"C:\\my dir\\\\\"")]
    [InlineData("a\\\"b", "\"a\\\\\\\"b\"")]
    [InlineData("100% & more", "\"100% & more\"")]
    public void Create_Program_QuotesAsProgramsTakeItApart(string argument, string expected) =>
        Assert.Equal(new WindowsCommandLine(@"C:\x.exe", expected), WindowsCommandLine.Create(@"C:\x.exe", [argument], @"C:\system"));

    [Theory]
    [InlineData("plain", "\"plain\"")]
    [InlineData("", "\"\"")]
    [InlineData("x\" & echo INJECTED & rem \"", "\"x\"\" & echo INJECTED & rem \"\"\"")]
    [InlineData("back\\", "\"back\\\\\"")]
    [InlineData("a\\\"b", "\"a\\\\\"\"b\"")]
    [InlineData("^ ! ( ) | < >", "\"^ ! ( ) | < >\"")]
    public void Create_BatchFile_QuotesForTheShellThatReadsIt(string argument, string expected)
    {
        var line = WindowsCommandLine.Create(@"C:\my dir\x.CMD", [argument], @"C:\system");
        Assert.Equal(@"C:\system\cmd.exe", line.Program);
        Assert.Equal($"/d /e:ON /v:OFF /s /c \"\"C:\\my dir\\x.CMD\" {expected}\"", line.Arguments);
    }

    [Theory]
    [InlineData("%PATH%")]
    [InlineData("50%")]
    [InlineData("a\nb")]
    [InlineData("a\rb")]
    [InlineData("a\0b")]
    public void Create_BatchFileAndTextThatQuotesDoNotHelp_IsRefused(string argument)
    {
        CommandFailedException failure = Assert.Throws<CommandFailedException>(() => WindowsCommandLine.Create(@"C:\x.bat", ["fine", argument], @"C:\system"));
        Assert.Equal(ExitCodes.CommandNotExecutable, failure.ExitCode);
        Assert.Contains("cmd.exe", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_BatchFileWhoseOwnPathIsCode_IsRefused() =>
        Assert.Throws<CommandFailedException>(() => WindowsCommandLine.Create(@"C:\%TEMP%\x.bat", [], @"C:\system"));

    [Theory]
    [InlineData(@"C:\x.exe", 32_766, "Windows takes 32766")]
    [InlineData(@"C:\x.cmd", 8191, "cmd.exe, which reads batch files, takes 8191")]
    public void Create_AsLongAsItMayBe_IsMadeAndAnyLongerIsRefused(string path, int limit, string error)
    {
        int room = limit - WindowsCommandLine.Create(path, ["x y"], @"C:\system").Text.Length + 3;
        Assert.Equal(limit, WindowsCommandLine.Create(path, [new string('x', room - 1) + " "], @"C:\system").Text.Length);

        CommandFailedException failure = Assert.Throws<CommandFailedException>(() => WindowsCommandLine.Create(path, [new string('x', room) + " "], @"C:\system"));
        Assert.Equal(ExitCodes.CommandNotExecutable, failure.ExitCode);
        Assert.Contains(error, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x.bat", true)]
    [InlineData("x.CMD", true)]
    [InlineData("x.cmd. .", true)]
    [InlineData(@"C:\d.bat\x", false)]
    [InlineData("x.exe", false)]
    [InlineData("x.bat.exe", false)]
    public void IsBatchFile_Path_IsToldByItsLastEnding(string path, bool expected) => Assert.Equal(expected, WindowsExecutablePath.IsBatchFile(path));
}
