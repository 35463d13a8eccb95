namespace PortMgmt.Leases.Table;

/// <summary>What a slot's record says of its port.</summary>
internal enum SlotKind
{
    /// <summary>It is leased; whether the lease still holds is judged by its owner and its deadline.</summary>
    Leased,

    /// <summary>Its lease ended; it is in quarantine until the deadline and is free from then on.</summary>
    Quarantined,
}
