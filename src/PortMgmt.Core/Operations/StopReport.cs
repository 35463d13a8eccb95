namespace PortMgmt.Operations;

/// <summary>What a stop left behind.</summary>
public sealed record StopReport
{
    /// <summary>Operations that were given up: their results say cancelled or timed out, their executors had not returned.</summary>
    public IReadOnlyList<StuckOperation> Stuck { get; init; } = [];

    /// <summary>Workers that had not left for another reason, such as one that was still being opened.</summary>
    public int WorkersLeft { get; init; }

    /// <summary>Nothing is left.</summary>
    public bool IsClean => Stuck.Count == 0 && WorkersLeft == 0;
}
