using PortMgmt.PowerShell.Scripts;
using Xunit;

namespace PortMgmt.Tests.Scripts;

public sealed class InlineCallTests
{
    [Theory]
    [InlineData("$_")]
    [InlineData("$_ * 2")]
    [InlineData("1; 2")]
    [InlineData("if ($_) { 1 } else { 2 }")]
    [InlineData("while ($false) { 1 }")]
    [InlineData("try { 1 } catch { 2 }")]
    [InlineData("throw 'no'")]
    [InlineData("exit 3")]
    [InlineData("'a' -like 'b'")]
    [InlineData("'a' -replace 'a', 'b'")]
    [InlineData("$_.ToString()")]
    [InlineData("[math]::Max(1, 2)")]
    [InlineData("[int]$_")]
    [InlineData("-$_")]
    public void IsPossible_NothingThatIsLeftBehind_IsTrueWithAndWithoutCommands(string block)
    {
        Assert.True(InlineCall.IsPossible(Blocks.Parse(block), allowsCommands: false));
        Assert.True(InlineCall.IsPossible(Blocks.Parse(block), allowsCommands: true));
    }

    [Theory]
    [InlineData("")]
    [InlineData("param($x) $x")]
    [InlineData("begin { $_ }")]
    [InlineData("process { $_ }")]
    [InlineData("end { $_ }")]
    [InlineData("trap { 1 } $_")]
    public void IsPossible_PartsOfABlock_IsFalse(string block) => AssertNever(block);

    [Theory]
    [InlineData("$x = 1")]
    [InlineData("$_.Name = 1")]
    [InlineData("$i++")]
    [InlineData("$i--")]
    [InlineData("++$i")]
    [InlineData("--$i")]
    [InlineData("foreach ($i in 1..3) { $i }")]
    [InlineData("switch ($_) { 1 { 2 } }")]
    [InlineData("'a' -match 'b'")]
    [InlineData("'a' -notmatch 'b'")]
    [InlineData("'a' -cmatch 'b'")]
    [InlineData("[ref]$x")]
    [InlineData("if ($_) { if ($_) { $x = 1 } }")]
    public void IsPossible_SetsAVariable_IsFalse(string block) => AssertNever(block);

    [Theory]
    [InlineData("function f { 1 }")]
    [InlineData("class C { }")]
    [InlineData("data { 1 }")]
    [InlineData("return")]
    [InlineData("while ($true) { break }")]
    [InlineData("while ($true) { continue }")]
    public void IsPossible_DefinesOrEndsEarly_IsFalse(string block) => AssertNever(block);

    [Theory]
    [InlineData("$args")]
    [InlineData("@($input)")]
    [InlineData("$this")]
    [InlineData("$Matches")]
    [InlineData("$matches")]
    [InlineData("$foreach")]
    [InlineData("$switch")]
    [InlineData("$^")]
    [InlineData("$$")]
    [InlineData("$MyInvocation")]
    [InlineData("$PSCmdlet")]
    [InlineData("$PSBoundParameters")]
    [InlineData("$PSDefaultParameterValues")]
    [InlineData("$Host")]
    [InlineData("$ExecutionContext")]
    public void IsPossible_AVariableOfTheLoopOrTheRunspace_IsFalse(string block) => AssertNever(block);

    [Theory]
    [InlineData("$_.Invoke()")]
    [InlineData("$_.InvokeReturnAsIs()")]
    [InlineData("$_.invoke()")]
    [InlineData("$_.$name()")]
    public void IsPossible_AMethodThatMayRunABlock_IsFalse(string block) => AssertNever(block);

    [Theory]
    [InlineData("Get-Date")]
    [InlineData("get-date -Format o")]
    [InlineData("$_ | ForEach-Object { $_ }")]
    [InlineData("Start-Sleep -Milliseconds 1; $_")]
    [InlineData("(Get-Content -Path $_ -Raw).Length")]
    public void IsPossible_HarmlessCommands_IsTrueOnlyWhereTheyMeanTheEngines(string block)
    {
        Assert.True(InlineCall.IsPossible(Blocks.Parse(block), allowsCommands: true));
        Assert.False(InlineCall.IsPossible(Blocks.Parse(block), allowsCommands: false));
    }

    [Theory]
    [InlineData("& Get-Date")]
    [InlineData(". Get-Date")]
    [InlineData("& $_")]
    [InlineData("$_ | % { $_ }")]
    [InlineData("Microsoft.PowerShell.Utility\\Get-Date")]
    [InlineData("Invoke-Expression '1'")]
    [InlineData("Set-Variable x 1")]
    [InlineData("whoami")]
    [InlineData("Get-Date &")]
    [InlineData("Get-Date && Get-Date &")]
    [InlineData("Write-Output @x")]
    [InlineData("$_ | ForEach-Object { $x = $_ }")]
    public void IsPossible_OtherCommands_IsFalse(string block) => AssertNever(block);

    [Theory]
    [InlineData("Get-Date -OutVariable x")]
    [InlineData("Get-Date -outv x")]
    [InlineData("Get-Date -ov x")]
    [InlineData("Get-Date -ErrorVariable x")]
    [InlineData("Get-Date -ev x")]
    [InlineData("Get-Date -WarningVariable x")]
    [InlineData("Get-Date -InformationVariable x")]
    [InlineData("Get-Date -PipelineVariable x")]
    [InlineData("Invoke-RestMethod -Uri $_ -SessionVariable x")]
    [InlineData("Invoke-RestMethod -Uri $_ -StatusCodeVariable x")]
    [InlineData("Invoke-RestMethod -Uri $_ -ResponseHeadersVariable x")]
    public void IsPossible_AParameterThatNamesAVariable_IsFalse(string block) => AssertNever(block);

    private static void AssertNever(string block)
    {
        Assert.False(InlineCall.IsPossible(Blocks.Parse(block), allowsCommands: false));
        Assert.False(InlineCall.IsPossible(Blocks.Parse(block), allowsCommands: true));
    }
}
