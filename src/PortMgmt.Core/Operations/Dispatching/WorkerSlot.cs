using PortMgmt.Metrics.Recording;
using PortMgmt.Operations.Queues;

namespace PortMgmt.Operations.Dispatching;

/// <summary>What the dispatcher knows of a lane. What can be set is guarded by the dispatcher's lock.</summary>
/// <param name="number">The lane's number in its batch, from 1.</param>
/// <param name="metrics">What the lane's worker records.</param>
internal sealed class WorkerSlot<TInput>(int number, WorkerMetrics metrics)
{
    /// <summary>What earlier lanes counted in the same metrics.</summary>
    private readonly long _chunksBefore = metrics.HandOffs;

    /// <summary>The lane's number in its batch, from 1.</summary>
    public int Number => number;

    public WorkerMetrics Metrics => metrics;

    /// <summary>It has had something to start.</summary>
    public bool HasWorked { get; set; }

    /// <summary>How many chunks were handed out to the lane so far, without those of others that it joined.</summary>
    public long Chunks => metrics.HandOffs - _chunksBefore;

    /// <summary>What the lane starts next, alone or with others; see <see cref="Chunk{TInput}"/> for who may do what. Set by the lane, under the lock.</summary>
    public Chunk<TInput> Chunk { get; set; } = new();

    /// <summary>What the lane runs.</summary>
    public RunningAttempt<TInput> Attempt { get; } = new();

    /// <summary>The lane's worker.</summary>
    public required IWorkerHost Host { get; init; }

    /// <summary>Where the lane is in its life.</summary>
    public LaneState State { get; set; }

    /// <summary>The worker has not returned from its pull.</summary>
    public bool IsInside { get; set; }

    /// <summary>When it found no work last.</summary>
    public long ParkedAt { get; set; }

    /// <summary>The lane runs on the permit of the operation that started its batch, not on one of the batch's own.</summary>
    public bool HasBorrowedPermit { get; set; }

    /// <summary>When the operation could run for which the idle lane was woken; null for a lane whose worker had to be made first.</summary>
    public long? WokenFor { get; set; }

    /// <summary>When it got the last chunk, or joined it.</summary>
    public long GivenAt { get; set; }

    /// <summary>How many operations of the last chunk it started; 0 before the first. The worker's own.</summary>
    public int Started { get; set; }

    /// <summary>When the present operation was told to stop; from then on the grace runs.</summary>
    public long CancelledAt { get; set; }
}
