using PortMgmt.Operations;
using PortMgmt.Operations.Errors;

namespace PortMgmt.Cluster.Transport;

/// <summary>How a batch of a cluster runs.</summary>
internal sealed record ClusterBatchOptions
{
    /// <summary>The batch's id, a <see cref="ClusterName"/>; one of a batch whose submitter died goes on with that one. A new one unless set.</summary>
    public string BatchId { get; init; } = Guid.NewGuid().ToString("N");

    /// <summary>How long results are kept when nobody is there to take them, 1 minute to 30 days; 1 day unless set.</summary>
    public TimeSpan KeepResultsFor { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How many partitions the types of the batch must have, 1 to 64; null for as many as they have.</summary>
    public int? Partitions { get; init; }

    /// <summary>Told of what the batch's owner should know and need not act on: that the broker takes nothing for now, that operations are sent again. Quick and thread-safe.</summary>
    public Action<string>? OnNotice { get; init; }

    /// <summary>How many messages with results are held before the oldest half is let go; for tests, which cannot wait for so many.</summary>
    internal int MaxHeld { get; init; } = 50_000;

    /// <summary>How long an operation is out before it is looked for, and at most between two looks; 3 s and 2 s but in tests.</summary>
    internal TimeSpan? AuditAge { get; init; }

    /// <summary>How long the queue of a type may be gone before the batch's operations of that type fail; 30 s but in tests.</summary>
    internal TimeSpan GoneTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Checks every option.</summary>
    /// <exception cref="OperationException"><see cref="OperationErrorCode.InvalidOption"/>.</exception>
    public void Validate()
    {
        ClusterName.Require(nameof(BatchId), BatchId);
        OptionCheck.InRange(nameof(KeepResultsFor), KeepResultsFor, TimeSpan.FromMinutes(1), TimeSpan.FromDays(30));
        if (Partitions is int partitions)
        {
            OptionCheck.InRange(nameof(Partitions), partitions, 1, ClusterLimits.MaxPartitions);
        }
    }
}
