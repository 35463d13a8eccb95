using System.Management.Automation;
using System.Management.Automation.Language;
using PortMgmt.PowerShell.Affinity;
using Xunit;

namespace PortMgmt.Tests.Affinity;

[Collection(EngineTests.Name)]
public sealed class HomeUseTests(EngineFixture engine)
{
    [Theory]
    [InlineData("Set-Variable -Name $n -Value 1 -Scope Global", "sets a variable of the session by Set-Variable")]
    [InlineData("Set-Variable -Name n -Value 1 -Scope $s", "sets a variable of the session by Set-Variable")]
    [InlineData("sv n 1 -Scope 1", "sets a variable of the session by sv")]
    [InlineData("Set-Variable global:n 1", "sets a variable of the session by Set-Variable")]
    [InlineData("Set-Variable -Name n -Value 1 -Scope Global -Option ReadOnly", "sets a variable of the session by Set-Variable")]
    [InlineData("New-Variable -Name n -Scope Script", "sets a variable of the session by New-Variable")]
    [InlineData("Remove-Variable n -Scope Global", "sets a variable of the session by Remove-Variable")]
    [InlineData("Set-Alias n Get-Date -Scope Global", "sets an alias of the session by Set-Alias")]
    [InlineData("Set-Item \"variable:$n\" 1", "changes variable:")]
    [InlineData("New-Item -Path function:n -Value { }", "changes variable:")]
    [InlineData("Get-Date -OutVariable global:n", "has a parameter of Get-Date")]
    [InlineData("Get-Date -ov:script:n", "has a parameter of Get-Date")]
    [InlineData("function global:n { }", "defines global:n")]
    [InlineData("$ExecutionContext.SessionState.PSVariable.Set($n, 1)", "sets a variable by PSVariable")]
    [InlineData("${function:n} = { }", "sets $function:n")]
    public void FindChange_OfTheSession_SaysWhat(string script, string expected) => Assert.StartsWith(expected, FindChange(script), StringComparison.Ordinal);

    [Theory]
    [InlineData("Set-Variable -Name n -Value 1 -Scope Global")]
    [InlineData("Clear-Variable n -Scope Script")]
    [InlineData("Set-Variable n 1")]
    [InlineData("Set-Variable n 1 -Scope Local")]
    [InlineData("$global:n = 1; $this.n++")]
    [InlineData("function n { }; Set-Alias m n")]
    [InlineData("Get-Item variable:n; Test-Path function:n")]
    [InlineData("Get-Date -OutVariable n | Set-Content /tmp/n")]
    [InlineData("npm run script:n")]
    [InlineData("$list.Set(1, 2)")]
    public void FindChange_WhatOthersCanDo_IsNull(string script) => Assert.Null(FindChange(script));

    [Theory]
    [InlineData("Get-Variable $n", true)]
    [InlineData("Invoke-Expression $n", true)]
    [InlineData("& ([scriptblock]::Create($n))", true)]
    [InlineData("Get-ChildItem function:", true)]
    [InlineData("$ExecutionContext.InvokeCommand.ExpandString($n)", true)]
    [InlineData("$global:ErrorActionPreference", true)]
    [InlineData("${variable:n}", true)]
    [InlineData("$global:n; $ErrorActionPreference; Get-ChildItem /", false)]
    [InlineData("[guid]::Create($n); & $n; $env:PATH", false)]
    public void MayFind_Script_IsWhetherItsNamesAreKnown(string script, bool expected) =>
        Assert.Equal(expected, Nodes(script).Any(HomeUse.MayFind));

    // The engine binds parameters by the cmdlets of its session.
    private string? FindChange(string script)
    {
        engine.Enter();
        return Nodes(script).Select(HomeUse.FindChange).FirstOrDefault(static change => change is not null);
    }

    private static IEnumerable<Ast> Nodes(string script) => ScriptBlock.Create(script).Ast.FindAll(static _ => true, searchNestedScriptBlocks: true);
}
