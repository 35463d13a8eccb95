using PortMgmt.Operations;

namespace PortMgmt.Advice;

/// <summary>Settings for a target.</summary>
/// <param name="Settings">The settings.</param>
/// <param name="Reasons">Why, one sentence for each change or obstacle.</param>
/// <param name="IsReachable">Whether the figures say that the target can be reached.</param>
internal sealed record OperationTuning(OperationSettings Settings, IReadOnlyList<string> Reasons, bool IsReachable);
