using PortMgmt.RabbitMq.Topology;
using Xunit;

namespace PortMgmt.RabbitMq.Tests.Logic;

public sealed class TypeLayoutTests
{
    private static readonly TopologyNames Names = new("c");

    [Fact]
    public void Queues_OnePartition_IsTheQueueOfEarlierVersions()
    {
        var layout = new TypeLayout(Names, "event", 1);
        Assert.Equal(["portmgmt.v1.c.work.event"], layout.Queues);
        Assert.Equal(["event"], layout.Keys);
        Assert.Equal(0, layout.PartitionOf("anything"));
    }

    [Fact]
    public void Queues_SeveralPartitions_EndInTheirNumber()
    {
        var layout = new TypeLayout(Names, "event", 3);
        Assert.Equal(["portmgmt.v1.c.work.event.0", "portmgmt.v1.c.work.event.1", "portmgmt.v1.c.work.event.2"], layout.Queues);
        Assert.Equal("portmgmt.v1.c.work.event/3", layout.Marker);
    }

    /// <summary>As <c>printf a | sha256sum</c> says: ca978112… for a, ba7816bf… for abc. It may never change.</summary>
    [Theory]
    [InlineData("a", 8, 2)]
    [InlineData("abc", 8, 7)]
    [InlineData("a", 64, 18)]
    [InlineData("abc", 3, 0)]
    public void PartitionOf_Id_IsTheDocumentedOne(string id, int partitions, int expected) =>
        Assert.Equal(expected, new TypeLayout(Names, "event", partitions).PartitionOf(id));

    [Fact]
    public void PartitionOf_ManyIds_FillsAllAlike()
    {
        var layout = new TypeLayout(Names, "event", 8);
        int[] counts = [.. Enumerable.Range(0, 8000).GroupBy(n => layout.PartitionOf($"{n}")).OrderBy(group => group.Key).Select(group => group.Count())];
        Assert.Equal(8, counts.Length);
        Assert.All(counts, count => Assert.InRange(count, 850, 1150));
    }
}
