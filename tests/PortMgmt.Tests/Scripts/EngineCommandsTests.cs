using PortMgmt.PowerShell.Scripts;
using Xunit;

namespace PortMgmt.Tests.Scripts;

public sealed class EngineCommandsTests
{
    [Theory]
    [InlineData("$_ * 2")]
    [InlineData("Get-Date")]
    [InlineData("get-date")]
    [InlineData("$x = 1; Set-Variable y 2")]
    [InlineData("Set-Location / ; Get-ChildItem | Sort-Object")]
    [InlineData("$_.ToString()")]
    [InlineData("$_.Invoke")]
    [InlineData("function f { Get-Date }")]
    public void MayImport_OnlyWhatIsKnown_IsFalse(string block) => Assert.False(EngineCommands.MayImport(Blocks.Parse(block)));

    [Theory]
    [InlineData("Import-Module x")]
    [InlineData("Get-PortLease")]
    [InlineData("whoami")]
    [InlineData("1..3 | % { $_ }")]
    [InlineData("Invoke-Expression $_")]
    [InlineData("Start-Job { 1 }")]
    [InlineData("& Get-Date")]
    [InlineData("& { 1 }")]
    [InlineData(". ./file.ps1")]
    [InlineData("$_ | ForEach-Object { Import-Module x }")]
    public void MayImport_AnUnknownOrCalledCommand_IsTrue(string block) => Assert.True(EngineCommands.MayImport(Blocks.Parse(block)));

    [Theory]
    [InlineData("$_.Invoke()")]
    [InlineData("$_.InvokeWithContext($null, $null)")]
    [InlineData("$_.INVOKE()")]
    [InlineData("$_.$name()")]
    [InlineData("[x]::InvokeAll()")]
    [InlineData("$ExecutionContext.SessionState")]
    [InlineData("$executioncontext")]
    public void MayImport_CodeThatIsNotSeen_IsTrue(string block) => Assert.True(EngineCommands.MayImport(Blocks.Parse(block)));
}
