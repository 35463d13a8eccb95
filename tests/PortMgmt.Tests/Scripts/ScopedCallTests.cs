using PortMgmt.PowerShell.Scripts;
using Xunit;

namespace PortMgmt.Tests.Scripts;

public sealed class ScopedCallTests
{
    [Theory]
    [InlineData("$_")]
    [InlineData("$x = $_ + 1; $x * 2")]
    [InlineData("1; 2")]
    [InlineData("if ($_) { 1 }")]
    [InlineData("foreach ($i in 1..3) { $i }")]
    [InlineData("try { throw 'no' } catch { 2 } finally { 3 }")]
    [InlineData("trap { 1 } $_")]
    [InlineData("return 1")]
    [InlineData("exit 3")]
    [InlineData("break")]
    [InlineData("$_ > out.txt")]
    [InlineData("$foreach")]
    public void FindObstacle_AnyStatements_IsNull(string block) => Assert.Null(ScopedCall.FindObstacle(Blocks.Parse(block)));

    [Theory]
    [InlineData("Get-Date")]
    [InlineData("$x = Join-Path a $_; $x")]
    [InlineData("$_ | Out-String")]
    [InlineData("function f { $_ }; f")]
    [InlineData("Anything-AtAll $_")]
    [InlineData("& { $_ }")]
    [InlineData(". { $x = 1 }; $x")]
    [InlineData("$p = @{ Path = 'a' }; Get-Item @p")]
    [InlineData("Get-Date &")]
    public void FindObstacle_Commands_IsNull(string block) => Assert.Null(ScopedCall.FindObstacle(Blocks.Parse(block)));

    [Theory]
    [InlineData("")]
    [InlineData("param($x) $x")]
    [InlineData("begin { $_ }")]
    [InlineData("process { $_ }")]
    [InlineData("begin { 1 } end { $_ }")]
    [InlineData("dynamicparam { } end { $_ }")]
    [InlineData("end { $_ }")]
    [InlineData("end { $_ } clean { 1 }")]
    public void FindObstacle_Parts_IsFound(string block) => Assert.NotNull(ScopedCall.FindObstacle(Blocks.Parse(block)));

    [Theory]
    [InlineData("& $_")]
    [InlineData(". $_")]
    [InlineData("& (Get-Command Write-Error) $_")]
    [InlineData("Write-Error $_")]
    [InlineData("Microsoft.PowerShell.Utility\\Write-Error $_")]
    [InlineData("function f { Get-PSCallStack }; f")]
    [InlineData("Get-Variable MyInvocation -ValueOnly")]
    [InlineData("Invoke-Expression '$MyInvocation'")]
    public void FindObstacle_CommandsThatTellOfTheirCaller_IsFound(string block) => Assert.NotNull(ScopedCall.FindObstacle(Blocks.Parse(block)));

    [Theory]
    [InlineData("class C { }; [C]::new()")]
    [InlineData("enum E { A }; [E]::A")]
    public void FindObstacle_Types_IsFound(string block) => Assert.NotNull(ScopedCall.FindObstacle(Blocks.Parse(block)));

    [Theory]
    [InlineData("$?")]
    [InlineData("$^")]
    [InlineData("$$")]
    [InlineData("$MyInvocation.Line")]
    [InlineData("$myinvocation.Line")]
    [InlineData("$local:MyInvocation")]
    [InlineData("$PSCmdlet")]
    [InlineData("$PSBoundParameters")]
    [InlineData("@($input)")]
    public void FindObstacle_AVariableOfPipelines_IsFound(string block) => Assert.NotNull(ScopedCall.FindObstacle(Blocks.Parse(block)));
}
