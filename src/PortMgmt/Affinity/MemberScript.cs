namespace PortMgmt.PowerShell.Affinity;

/// <summary>Which script of a member.</summary>
internal enum MemberScript
{
    Method,
    Getter,
    Setter,
}
