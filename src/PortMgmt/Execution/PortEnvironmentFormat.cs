namespace PortMgmt.PowerShell.Execution;

/// <summary>How Get-PortEnvironment writes variables as text.</summary>
public enum PortEnvironmentFormat
{
    /// <summary>A line <c>WEB_PORT=8080</c> each, as docker compose and most languages' libraries read .env files.</summary>
    Dotenv,

    /// <summary>One object, <c>{"WEB_PORT":8080}</c>.</summary>
    Json,

    /// <summary>A line of PowerShell each, which sets the variable.</summary>
    PowerShell,

    /// <summary>A line for POSIX shells each, which sets and exports the variable.</summary>
    Shell,
}
