namespace PortMgmt.Operations.Dispatching;

/// <summary>Where a lane is in its life.</summary>
internal enum LaneState
{
    /// <summary>Woken for work that it has not come to get.</summary>
    Waking,

    /// <summary>Running operations, or about to ask for more.</summary>
    Active,

    /// <summary>Without work, to be woken.</summary>
    Parked,

    /// <summary>Closed for good.</summary>
    Closed,
}
