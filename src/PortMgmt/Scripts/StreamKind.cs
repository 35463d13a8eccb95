namespace PortMgmt.PowerShell.Scripts;

/// <summary>A stream that an operation writes to.</summary>
internal enum StreamKind
{
    Output,
    Error,
    Warning,
    Verbose,
    Debug,
    Information,
}
