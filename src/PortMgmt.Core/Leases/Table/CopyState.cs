namespace PortMgmt.Leases.Table;

/// <summary>What a copy of a slot looks like by itself.</summary>
internal enum CopyState
{
    /// <summary>Never written.</summary>
    Blank,

    /// <summary>Its record is whole.</summary>
    Sound,

    /// <summary>Its record is not whole: a write that was cut short, or damage.</summary>
    Unsound,
}
