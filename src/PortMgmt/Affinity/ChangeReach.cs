namespace PortMgmt.PowerShell.Affinity;

/// <summary>What a script changes that outlives its call.</summary>
internal enum ChangeReach
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Its own object, <c>$this</c>.</summary>
    Object,

    /// <summary>Variables of the session, static properties, or what it was given.</summary>
    Session,
}
