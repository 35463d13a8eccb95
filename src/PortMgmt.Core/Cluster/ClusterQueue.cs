using System.Diagnostics.CodeAnalysis;

namespace PortMgmt.Cluster;

/// <summary>What waits in the queues of one type at the broker.</summary>
[SuppressMessage("Naming", "CA1711:Identifiers should not have incorrect suffix", Justification = "It is about a queue.")]
public sealed record ClusterQueue
{
    /// <summary>Which kind of operations.</summary>
    public required string Type { get; init; }

    /// <summary>A queue of work is gone, or none was ever made.</summary>
    public bool IsMissing { get; init; }

    /// <summary>Operations that no worker has taken yet.</summary>
    public long Waiting => WaitingByPartition.Sum() ?? 0;

    /// <summary>The same for each partition; null for one whose queue is gone.</summary>
    public IReadOnlyList<long?> WaitingByPartition { get; init; } = [];

    /// <summary>In how many queues the operations of the type wait; 0 where none was ever made.</summary>
    public int Partitions => WaitingByPartition.Count;

    /// <summary>Operations that came back from nodes twice, and wait to be run one at a time.</summary>
    public long SetApart { get; init; }

    /// <summary>Operations that were given up and are not answered yet.</summary>
    public long GivenUp { get; init; }

    /// <summary>Dead letters.</summary>
    public long DeadLetters { get; init; }

    /// <summary>How many workers take operations of the type.</summary>
    public int Workers { get; init; }

    /// <summary>How old the oldest operation that waits is at most, by the clocks of submitters and of whoever asks; null where none waits, or nobody can say.</summary>
    public TimeSpan? OldestAge { get; init; }

    /// <summary>
    /// The same with the age of the oldest. The broker does not tell it of its quorum queues, and to look at a message there is to count as one
    /// that took it. So it follows from what workers took last: what waits behind that was submitted later.
    /// </summary>
    /// <param name="nodes">The nodes of the cluster.</param>
    /// <param name="now">The time.</param>
    internal ClusterQueue WithAge(IEnumerable<ClusterNode> nodes, DateTimeOffset now)
    {
        IReadOnlyList<DateTimeOffset?>[] taken =
            [.. nodes.SelectMany(node => node.Workers).Where(worker => worker.Type == Type).Select(worker => worker.TakenUpTo).OfType<IReadOnlyList<DateTimeOffset?>>().Where(times => times.Count == Partitions)];
        DateTimeOffset?[] behind = [.. Enumerable.Range(0, Partitions).Where(partition => WaitingByPartition[partition] > 0).Select(partition => taken.Max(times => times[partition]))];
        return behind.Length == 0 || behind.Contains(null) ? this : this with { OldestAge = now > behind.Min() ? now - behind.Min() : TimeSpan.Zero };
    }
}
