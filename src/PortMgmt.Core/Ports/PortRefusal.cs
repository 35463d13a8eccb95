namespace PortMgmt.Ports;

/// <summary>Why a port is not handed out.</summary>
public enum PortRefusal
{
    /// <summary>It is handed out.</summary>
    None,

    /// <summary>Somebody else holds a live lease on it.</summary>
    Leased,

    /// <summary>A process listens on it already, leased or not; in the tally of a search, has it open in any way.</summary>
    Listening,

    /// <summary>The registry's policy keeps it for a name.</summary>
    Reserved,

    /// <summary>The registry's policy or the caller excludes it.</summary>
    Excluded,

    /// <summary>It lies in the range from which the system takes ports for outgoing connections.</summary>
    Ephemeral,

    /// <summary>The kernel's list of reserved ports has it.</summary>
    KernelReserved,

    /// <summary>The system has excluded it (Windows: Hyper-V, HTTP.sys and others); nobody can bind it.</summary>
    SystemExcluded,

    /// <summary>Web browsers refuse to connect to it.</summary>
    BrowserBlocked,

    /// <summary>It is below 1024.</summary>
    Privileged,

    /// <summary>The system does not let this user bind it.</summary>
    PermissionDenied,

    /// <summary>Its lease ended less than 60 seconds ago.</summary>
    Quarantined,

    /// <summary>A process has bound it and does not listen, or does not do so yet.</summary>
    Bound,

    /// <summary>A process has a connection on it.</summary>
    Connected,

    /// <summary>The system remembers closed connections on it (TIME_WAIT), and does not let them be passed over.</summary>
    Lingering,
}
