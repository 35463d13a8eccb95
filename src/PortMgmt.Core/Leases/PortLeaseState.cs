namespace PortMgmt.Leases;

/// <summary>What a lease in a list is worth right now.</summary>
public enum PortLeaseState
{
    /// <summary>The port is held: its owner lives, or its time to live has not passed.</summary>
    Active,

    /// <summary>The owner is gone or the time to live has passed; whoever needs the port next takes it back.</summary>
    Stale,

    /// <summary>The lease ended less than 60 seconds ago; the port is in quarantine, and only its own name gets it at once.</summary>
    Quarantined,
}
