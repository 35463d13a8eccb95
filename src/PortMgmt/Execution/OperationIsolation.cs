namespace PortMgmt.PowerShell.Execution;

/// <summary>What operations of one worker share.</summary>
public enum OperationIsolation
{
    /// <summary>The runspace: each has a scope, streams and automatic variables of its own; global variables and imported modules stay.</summary>
    Scope,

    /// <summary>Nothing: each has a new runspace, which takes some 20 ms.</summary>
    Runspace,
}
