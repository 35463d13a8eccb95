namespace PortMgmt.PowerShell.Affinity;

/// <summary>How a script uses the session that it comes from.</summary>
internal enum SessionUse
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>It reads what can be copied, or calls what can be taken along.</summary>
    Reads,

    /// <summary>It sets variables, which can be shared.</summary>
    Sets,

    /// <summary>In a way that only the session itself can do.</summary>
    AtHome,
}
