using PortMgmt.Cluster;
using Xunit;

namespace PortMgmt.RabbitMq.Tests.Logic;

public sealed class ClusterQueueTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch + TimeSpan.FromDays(1);

    [Fact]
    public void WithAge_SeveralWorkers_TheLatestOfEachPartitionCounts() =>
        Assert.Equal(TimeSpan.FromSeconds(20), Queue(5, 1).WithAge([Node(90, 20), Node(10, null)], Now).OldestAge);

    [Fact]
    public void WithAge_PartitionWithoutAnything_DoesNotCount() => Assert.Equal(TimeSpan.FromSeconds(10), Queue(5, 0).WithAge([Node(10, 500)], Now).OldestAge);

    [Fact]
    public void WithAge_NothingWaits_IsNone() => Assert.Null(Queue(0, 0).WithAge([Node(10, 500)], Now).OldestAge);

    [Fact]
    public void WithAge_NobodyTookAnything_IsNotKnown() => Assert.Null(Queue(1, 1).WithAge([Node(10, null)], Now).OldestAge);

    [Fact]
    public void WithAge_ClocksDiffer_IsNoTimeAhead() => Assert.Equal(TimeSpan.Zero, Queue(1, 0).WithAge([Node(-30, null)], Now).OldestAge);

    [Fact]
    public void WithAge_WorkersOfAnotherTypeNumberOrVersion_SayNothing() =>
        Assert.Null(Queue(1, 0).WithAge([Node(type: "other", 10, 10), Node(type: "job", 10), Node(type: "job") with { Workers = [new ClusterWorkerState { Type = "job", MaxConcurrent = 1 }] }], Now).OldestAge);

    private static ClusterQueue Queue(params long?[] waiting) => new() { Type = "job", WaitingByPartition = waiting };

    private static ClusterNode Node(params int?[] secondsAgo) => Node("job", secondsAgo);

    private static ClusterNode Node(string type, params int?[] secondsAgo) => new()
    {
        NodeId = "n",
        ClusterId = "c",
        Host = "h",
        ProcessId = 1,
        Timestamp = Now,
        Workers = [new ClusterWorkerState { Type = type, MaxConcurrent = 1, TakenUpTo = [.. secondsAgo.Select(seconds => seconds is int ago ? Now - TimeSpan.FromSeconds(ago) : (DateTimeOffset?)null)] }],
    };
}
