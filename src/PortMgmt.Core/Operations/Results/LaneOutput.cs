using PortMgmt.Metrics.Recording;
using PortMgmt.Operations.Dispatching;

namespace PortMgmt.Operations.Results;

/// <summary>Where what a lane's attempts come to is kept.</summary>
/// <param name="metrics">What its worker records.</param>
/// <param name="results">Where its results go.</param>
/// <param name="slot">The lane.</param>
internal sealed class LaneOutput<TInput, TResult>(WorkerMetrics metrics, ResultBuffer<TInput, TResult> results, WorkerSlot<TInput> slot)
{
    public WorkerMetrics Metrics { get; } = metrics;

    public ResultBuffer<TInput, TResult> Results { get; } = results;

    /// <summary>
    /// The lane has something left to start, so that what it just ended is not the batch's last. To be looked at after that was counted:
    /// another lane may take the rest over and end it, and must then find this one counted.
    /// </summary>
    public bool HasMore => slot.Chunk.Count > 0;
}
