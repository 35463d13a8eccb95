namespace PortMgmt.PowerShell.Affinity;

/// <summary>How a script uses the session that it comes from.</summary>
internal enum SessionUse
{
    /// <summary>It reads at most what can be copied.</summary>
    Reads,

    /// <summary>It sets variables, which can be shared.</summary>
    Sets,

    /// <summary>In a way that only the session itself can do.</summary>
    AtHome,
}
