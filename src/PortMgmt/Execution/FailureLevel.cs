namespace PortMgmt.PowerShell.Execution;

/// <summary>Which errors make an operation fail. Each level has those of the levels before it.</summary>
public enum FailureLevel
{
    /// <summary>Those that end the block: <c>throw</c>, <c>-ErrorAction Stop</c>, <c>exit</c> with another code than 0.</summary>
    Terminating,

    /// <summary>Those that end a statement and that the block does not handle, such as a command that does not exist.</summary>
    Statement,

    /// <summary>Every error that the block writes, as Write-Error does.</summary>
    Error,
}
