using System.Management.Automation.Language;

namespace PortMgmt.PowerShell.Scripts;

/// <summary>What is known of the engine's own cmdlets; by their full names, since an alias may mean something else where a block runs.</summary>
internal static class EngineCommands
{
    /// <summary>Those that touch nothing but the streams, unless a parameter names a variable to set.</summary>
    public static readonly IReadOnlySet<string> Harmless = new HashSet<string>(StringComparer.OrdinalIgnoreCase)
    {
        "Compare-Object", "ConvertFrom-Csv", "ConvertFrom-Json", "ConvertTo-Csv", "ConvertTo-Json", "ForEach-Object", "Get-ChildItem",
        "Get-Content", "Get-Date", "Get-Item", "Get-ItemProperty", "Get-Process", "Get-Random", "Group-Object", "Invoke-RestMethod",
        "Invoke-WebRequest", "Join-Path", "Join-String", "Measure-Object", "New-Guid", "New-TimeSpan", "Out-Null", "Out-String",
        "Resolve-Path", "Select-Object", "Select-String", "Sort-Object", "Split-Path", "Start-Sleep", "Test-Connection", "Test-Path",
        "Where-Object", "Write-Debug", "Write-Host", "Write-Information", "Write-Output", "Write-Verbose", "Write-Warning",
    };

    /// <summary>Those that import nothing, though they may leave variables or a location behind.</summary>
    private static readonly HashSet<string> Importless = new(StringComparer.OrdinalIgnoreCase)
    {
        "Add-Content", "Add-Member", "Clear-Content", "Clear-Variable", "Copy-Item", "Export-Clixml", "Export-Csv", "Get-FileHash",
        "Get-Location", "Get-Member", "Get-Unique", "Get-Variable", "Import-Clixml", "Import-Csv", "Measure-Command", "Move-Item",
        "New-Item", "New-Object", "New-Variable", "Out-File", "Pop-Location", "Push-Location", "Remove-Item", "Remove-Variable",
        "Rename-Item", "Select-Xml", "Set-Content", "Set-Item", "Set-Location", "Set-StrictMode", "Set-Variable", "Start-Process",
        "Stop-Process", "Tee-Object", "Test-Json", "Wait-Process", "Write-Error", "Write-Progress",
    };

    /// <summary>
    /// Whether a block, where there are no commands but the engine's, may load a module, or run code that is not to be seen in it.
    /// </summary>
    public static bool MayImport(ScriptBlockAst block) => block.Find(MayImport, searchNestedScriptBlocks: true) is not null;

    /// <summary>Whether a call may run a script block, which the method's name shows, or else is not to be known.</summary>
    public static bool MayRunCode(InvokeMemberExpressionAst call) =>
        call.Member is not StringConstantExpressionAst name || name.Value.StartsWith("Invoke", StringComparison.OrdinalIgnoreCase);

    private static bool MayImport(Ast node) => node switch
    {
        CommandAst command => command.InvocationOperator != TokenKind.Unknown || !IsKnown(command.GetCommandName() ?? ""),
        InvokeMemberExpressionAst call => MayRunCode(call),
        VariableExpressionAst variable => variable.VariablePath.UserPath.Equals("ExecutionContext", StringComparison.OrdinalIgnoreCase),
        UsingStatementAst or ConfigurationDefinitionAst => true,
        _ => false,
    };

    private static bool IsKnown(string command) => Harmless.Contains(command) || Importless.Contains(command);
}
