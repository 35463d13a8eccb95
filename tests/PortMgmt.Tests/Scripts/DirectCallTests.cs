using PortMgmt.PowerShell.Scripts;
using Xunit;

namespace PortMgmt.Tests.Scripts;

public sealed class DirectCallTests
{
    [Theory]
    [InlineData("$_")]
    [InlineData("$_ * 2")]
    [InlineData("1, 2, 3")]
    [InlineData("\"got $_\"")]
    [InlineData("$_.Length")]
    [InlineData("[math]::Sqrt($_)")]
    [InlineData("-join ('a', 'b')")]
    [InlineData("{ $_ }")]
    [InlineData("$x = $_")]
    [InlineData("$x = $_ + 1; $x * 2")]
    [InlineData("$x = 1; $y = $x; $x + $y")]
    [InlineData("$x = if ($_) { 1 } else { 2 }; $x")]
    [InlineData("$x = foreach ($i in 1..3) { $i }; $x")]
    public void IsPossible_AssignmentsThenOneExpression_IsTrue(string block) => Assert.True(DirectCall.IsPossible(Blocks.Parse(block)));

    [Theory]
    [InlineData("")]
    [InlineData("1; 2")]
    [InlineData("if ($_) { 1 }")]
    [InlineData("foreach ($i in 1..3) { $i }")]
    [InlineData("try { 1 } finally { 2 }")]
    [InlineData("function f { 1 }")]
    public void IsPossible_OtherStatements_IsFalse(string block) => Assert.False(DirectCall.IsPossible(Blocks.Parse(block)));

    [Theory]
    [InlineData("param($x) $x")]
    [InlineData("begin { $_ }")]
    [InlineData("process { $_ }")]
    [InlineData("begin { 1 } end { $_ }")]
    [InlineData("dynamicparam { } end { $_ }")]
    [InlineData("end { $_ }")]
    [InlineData("end { $_ } clean { 1 }")]
    [InlineData("trap { 1 } $_")]
    public void IsPossible_PartsThatOnlyAPipelineCalls_IsFalse(string block) => Assert.False(DirectCall.IsPossible(Blocks.Parse(block)));

    [Theory]
    [InlineData("Get-Date")]
    [InlineData("$x = Get-Date; $x")]
    [InlineData("$_ | Out-String")]
    [InlineData("(Get-Date).Ticks")]
    [InlineData("& $_")]
    [InlineData("{ Get-Date }")]
    public void IsPossible_ACommandAnywhere_IsFalse(string block) => Assert.False(DirectCall.IsPossible(Blocks.Parse(block)));

    [Theory]
    [InlineData("return 1")]
    [InlineData("throw 'no'")]
    [InlineData("exit 3")]
    [InlineData("$x = while ($true) { break }; $x")]
    [InlineData("$x = foreach ($i in 1..3) { continue }; $x")]
    public void IsPossible_AnEarlyEnd_IsFalse(string block) => Assert.False(DirectCall.IsPossible(Blocks.Parse(block)));

    [Theory]
    [InlineData("$_ > out.txt")]
    [InlineData("$_ *>&1")]
    public void IsPossible_Redirected_IsFalse(string block) => Assert.False(DirectCall.IsPossible(Blocks.Parse(block)));

    [Theory]
    [InlineData("$?")]
    [InlineData("$^")]
    [InlineData("$$")]
    [InlineData("$MyInvocation.Line")]
    [InlineData("$myinvocation.Line")]
    [InlineData("$PSCmdlet")]
    [InlineData("$foreach")]
    [InlineData("@($input)")]
    public void IsPossible_AVariableOfPipelines_IsFalse(string block) => Assert.False(DirectCall.IsPossible(Blocks.Parse(block)));
}
