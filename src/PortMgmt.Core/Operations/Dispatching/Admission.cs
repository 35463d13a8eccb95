namespace PortMgmt.Operations.Dispatching;

/// <summary>What becomes of an operation that is offered.</summary>
internal enum Admission
{
    /// <summary>There is no room; it was not taken.</summary>
    Full,

    /// <summary>It waits for a worker.</summary>
    Accepted,

    /// <summary>It was taken and ends at once, without running.</summary>
    Rejected,

    /// <summary>Its result is known.</summary>
    Known,

    /// <summary>It shares the result of one that runs.</summary>
    Joined,
}
