using System.Reflection;
using PortMgmt.Cluster;
using PortMgmt.Operations;
using PortMgmt.RabbitMq.Topology;
using Xunit;

namespace PortMgmt.RabbitMq.Tests.Logic;

/// <summary>No two queues, and no two exchanges, have the same name, whatever clusters, types and batches are called.</summary>
public sealed class TopologyNamesTests
{
    /// <summary>All that names may be made of, so that one name could begin or end as another does.</summary>
    private static readonly string[] Parts =
        [.. ClusterName.QueueKinds, "ask", "nodes", "operations", "notes", "lock", "v1", "portmgmt", "", "0", "1", "00", "63", "64", "a", "b", "a:b", "-", "_"];

    /// <summary>Every name that the transport makes: what it is of, and how it is made of a type, or the batch of that name, and a number.</summary>
    private static readonly (string Kind, bool IsExchange, Func<TopologyNames, string, int, (string Name, string Owner)> Make)[] Shapes =
    [
        (nameof(TopologyNames.AskExchange), true, (names, _, _) => (names.AskExchange, "")),
        (nameof(TopologyNames.NodesExchange), true, (names, _, _) => (names.NodesExchange, "")),
        (nameof(TopologyNames.OperationsExchange), true, (names, _, _) => (names.OperationsExchange, "")),
        (nameof(TopologyNames.NotesExchange), true, (names, _, _) => (names.NotesExchange, "")),
        (nameof(TopologyNames.Work), false, (names, type, _) => (names.Work(type), type)),

        // A type of its own and a partition may have one name: whoever comes second is refused, as PartitionTests show.
        (nameof(TopologyNames.Work), false, (names, type, number) => (names.Work(type, number), PartitionName.Of(type, number))),
        (nameof(TopologyNames.Partitions), false, (names, type, number) => (names.Partitions(type, number), $"{type}/{number}")),
        (nameof(TopologyNames.TypeLock), false, (names, type, _) => (names.TypeLock(type), RootOf(type))),
        (nameof(TopologyNames.Suspect), false, (names, type, _) => (names.Suspect(type), type)),
        (nameof(TopologyNames.Exhausted), false, (names, type, _) => (names.Exhausted(type), type)),
        (nameof(TopologyNames.Dead), false, (names, type, _) => (names.Dead(type), type)),
        (nameof(TopologyNames.FlushQueue), false, (names, _, number) => (names.FlushQueue(new Guid(number, 0, 0, new byte[8])), $"{number}")),
        (nameof(TopologyNames.Owner), false, (names, batch, _) => (names.Owner(batch), batch)),
        (nameof(TopologyNames.Results), false, (names, batch, _) => (names.Results(batch), batch)),
    ];

    [Fact]
    public void Shapes_AreAllThereAre() => Assert.Equal(
        typeof(TopologyNames).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Select(method => method.IsSpecialName ? method.Name["get_".Length..] : method.Name).Order(StringComparer.Ordinal),
        Shapes.Select(shape => shape.Kind).Order(StringComparer.Ordinal));

    [Fact]
    public void Queues_EachKind_IsReservedInIdsOfClusters()
    {
        var names = new TopologyNames("c");
        Assert.Equal(
            ClusterName.QueueKinds.Order(StringComparer.Ordinal),
            Shapes.Where(shape => !shape.IsExchange).Select(shape => shape.Make(names, "t", 0).Name.Split('.')[3]).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Names_AnyClustersTypesAndBatches_AreOfOneOwnerEach()
    {
        var random = new Random(16);
        var owners = new Dictionary<(bool, string), string>();
        int clusters = 0;
        for (int i = 0; i < 4000; i++)
        {
            string cluster = MakeName(random);
            if (Record.Exception(() => ClusterName.RequireCluster("ClusterId", cluster)) is not null)
            {
                continue;
            }

            clusters++;
            var names = new TopologyNames(cluster);
            for (int j = 0; j < 8; j++)
            {
                string name = MakeName(random);
                foreach ((string kind, bool isExchange, Func<TopologyNames, string, int, (string, string)> make) in Shapes)
                {
                    (string made, string owner) = make(names, name, random.Next(66));
                    owner = $"{kind} of {owner} in {cluster}";
                    Assert.True(owners.TryAdd((isExchange, made), owner) || owners[(isExchange, made)] == owner, $"{made} is {owner} and {owners[(isExchange, made)]}");
                }
            }
        }

        Assert.InRange(clusters, 1000, 3500);
    }

    /// <summary>What would be the same queue.</summary>
    [Theory]
    [InlineData("a.work.x", "work", "b", "a", "x.work.b")]
    [InlineData("a.batch", "work", "b", "a", "work.b")]
    [InlineData("a.dead.b", "dead", "c", "a", "b.dead.c")]
    public void RequireCluster_PartThatBeginsNamesOfQueues_IsRefused(string cluster, string kind, string rest, string other, string restOfOther)
    {
        string otherKind = cluster.Split('.')[1];
        Assert.Equal($"{cluster}.{kind}.{rest}", $"{other}.{otherKind}.{restOfOther}");
        OperationException refused = Assert.Throws<OperationException>(() => new ClusterOptions { Broker = BrokerAddress.Parse("amqp://localhost"), ClusterId = cluster }.Validate());
        Assert.Equal((OperationErrorCode.InvalidOption, nameof(ClusterOptions.ClusterId)), (refused.Code, refused.Option));
        Assert.Contains($"'{otherKind}'", refused.Message, StringComparison.Ordinal);
        ClusterName.RequireCluster("ClusterId", cluster.Replace('.', '-'));
        ClusterName.RequireCluster("ClusterId", other);
    }

    /// <summary>They may never change: what waits at a broker would be lost.</summary>
    [Theory]
    [InlineData("work", "portmgmt.v1.work.work.batch")]
    [InlineData("prod.eu", "portmgmt.v1.prod.eu.work.batch")]
    [InlineData("default", "portmgmt.v1.default.work.batch")]
    public void Work_OrdinaryNames_AreThoseOfEarlierVersions(string cluster, string queue)
    {
        ClusterName.RequireCluster("ClusterId", cluster);
        Assert.Equal(queue, new TopologyNames(cluster).Work("batch"));
    }

    [Theory]
    [InlineData("event.0", "event", 0)]
    [InlineData("event.63", "event", 63)]
    [InlineData("a.1.2", "a.1", 2)]
    [InlineData("event.64", null, 0)]
    [InlineData("event.00", null, 0)]
    [InlineData("event.+1", null, 0)]
    [InlineData("event.", null, 0)]
    [InlineData(".1", null, 0)]
    [InlineData("event", null, 0)]
    public void TryParse_Name_IsAPartitionByTheVeryName(string name, string? type, int partition)
    {
        Assert.Equal(type is not null, PartitionName.TryParse(name, out string? parent, out int number));
        Assert.Equal(type, parent);
        if (type is not null)
        {
            Assert.Equal(partition, number);
        }
    }

    private static string RootOf(string type) => PartitionName.TryParse(type, out string? parent, out _) ? RootOf(parent) : type;

    private static string MakeName(Random random)
    {
        string name;
        do
        {
            name = string.Join('.', Enumerable.Range(0, random.Next(1, 5)).Select(_ => Parts[random.Next(Parts.Length)]));
        }
        while (!ClusterName.IsValid(name));

        return name;
    }
}
