namespace PortMgmt.Operations;

/// <summary>
/// Which waiting operations are handed out first: all of a higher level before any of a lower one, in order of arrival within a level.
/// It holds within one batch; a steady supply of high ones keeps low ones waiting.
/// </summary>
public enum OperationPriority
{
    /// <summary>After everything else.</summary>
    Low,

    /// <summary>The level unless another is set.</summary>
    Normal,

    /// <summary>Before everything else.</summary>
    High,
}
