namespace PortMgmt.Leases.Allocation;

/// <summary>The proof that a lease holds no more.</summary>
internal enum StaleReason
{
    /// <summary>It holds.</summary>
    None,

    /// <summary>Its owner has ended.</summary>
    OwnerGone,

    /// <summary>Its owner's id belongs to another process now.</summary>
    OwnerReplaced,

    /// <summary>Its time to live has passed.</summary>
    Expired,
}
