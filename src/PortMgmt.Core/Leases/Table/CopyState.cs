namespace PortMgmt.Leases;

/// <summary>What a copy of a slot looks like by itself.</summary>
internal enum CopyState
{
    /// <summary>Never written.</summary>
    Blank,

    /// <summary>Written whole.</summary>
    Sound,

    /// <summary>Its two sequence numbers differ: a write that was cut short, or damage that looks like one.</summary>
    Torn,

    /// <summary>Damage.</summary>
    Broken,
}
