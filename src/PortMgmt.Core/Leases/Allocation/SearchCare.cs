namespace PortMgmt.Leases.Allocation;

/// <summary>How closely a range is searched: each way finds what the one before passed over, and costs more.</summary>
internal enum SearchCare
{
    /// <summary>Ports that the tags say are taken or quarantined are passed over unread.</summary>
    Quick,

    /// <summary>Quarantined ports are read: a name may have its own.</summary>
    Thorough,

    /// <summary>Quarantined ports are had by anybody, since nothing else is left.</summary>
    AllowQuarantined,
}
