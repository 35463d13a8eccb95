using System.Management.Automation.Language;
using PortMgmt.PowerShell.Affinity;
using Xunit;

namespace PortMgmt.Tests.Affinity;

public sealed class LastingChangesTests
{
    [Theory]
    [InlineData("$n = 1; $n++; $n", nameof(ChangeReach.None))]
    [InlineData("$new = [pscustomobject]@{ n = 1 }; $new.n++", nameof(ChangeReach.None))]
    [InlineData("Get-Date | Out-Null", nameof(ChangeReach.None))]
    [InlineData("[datetime]::Parse($text)", nameof(ChangeReach.None))]
    [InlineData("$this.n++", nameof(ChangeReach.Object))]
    [InlineData("$this.list.Add(1)", nameof(ChangeReach.Object))]
    [InlineData("[Plain]::n++", nameof(ChangeReach.Session))]
    [InlineData("$global:n++", nameof(ChangeReach.Session))]
    [InlineData("Invoke-Expression '$this.n++'", nameof(ChangeReach.Session))]
    [InlineData("$text | iex", nameof(ChangeReach.Session))]
    [InlineData("if ($this.n) { & ([scriptblock]::Create($text)) }", nameof(ChangeReach.Session))]
    [InlineData("$ExecutionContext.InvokeCommand.InvokeScript($text)", nameof(ChangeReach.Session))]
    [InlineData(".$ExecutionContext.InvokeCommand.NewScriptBlock($text)", nameof(ChangeReach.Session))]
    public void Of_Script_IsHowFarItReaches(string script, string reach) =>
        Assert.Equal(reach, LastingChanges.Of(Parser.ParseInput(script, out _, out _), new HashSet<string>()).ToString());
}
