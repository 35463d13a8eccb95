namespace PortMgmt.Operations;

/// <summary>An operation whose executor did not heed its cancellation: its result was given without it, and its worker is not used again.</summary>
/// <param name="Lane">The number of the worker's lane in its batch.</param>
/// <param name="OperationId">The operation's id; null for none.</param>
/// <param name="Sequence">The operation's place in the input.</param>
/// <param name="Running">How long it had been running when it was given up.</param>
public sealed record StuckOperation(int Lane, string? OperationId, long Sequence, TimeSpan Running);
