using System.Globalization;

namespace PortMgmt.RabbitMq.Topology;

/// <summary>
/// What our queues and exchanges are called. The version is part of every name: a change of what they are makes new ones beside the
/// old, instead of a conflict. No two have the same name, whatever clusters, types and batches are called: a queue's begins with the cluster
/// and one of <see cref="PortMgmt.Cluster.ClusterName.QueueKinds"/>, which no cluster's id has behind a dot; an exchange's ends with what it
/// is for; and what a type of its own has to do with a partition of that name, <see cref="TypeRegistry"/> decides.
/// </summary>
internal sealed class TopologyNames(string clusterId)
{
    private const string Version = "v1";

    private readonly string _prefix = $"portmgmt.{Version}.{clusterId}.";

    /// <summary>Nodes are asked how they are through this one.</summary>
    public string AskExchange => _prefix + "ask";

    /// <summary>Nodes tell how they are through this one.</summary>
    public string NodesExchange => _prefix + "nodes";

    /// <summary>
    /// Submitters send operations through this one, by their type: a user of the broker who may write here, and not to the default exchange,
    /// can send operations and no results.
    /// </summary>
    public string OperationsExchange => _prefix + "operations";

    /// <summary>Submitters send their notes and marks through this one, by their batch.</summary>
    public string NotesExchange => _prefix + "notes";

    /// <summary>The operations of a type.</summary>
    public string Work(string type) => _prefix + "work." + type;

    /// <summary>The operations of one partition of a type that has several.</summary>
    public string Work(string type, int partition) => Work(PartitionName.Of(type, partition));

    /// <summary>
    /// Says by its name how many partitions a type has, and holds nothing. No name of a type has a slash. It begins as the queues of work
    /// do, so that whoever may make those may make it.
    /// </summary>
    public string Partitions(string type, int count) => string.Create(CultureInfo.InvariantCulture, $"{Work(type)}/{count}");

    /// <summary>
    /// Whoever has this one may make a type, which nobody else does meanwhile; nor a type that has the name of a partition of it. It begins as the
    /// queues of work do as well: a user who may only submit could have one of any other name for good.
    /// </summary>
    public string TypeLock(string type)
    {
        while (PartitionName.TryParse(type, out string? parent, out _))
        {
            type = parent;
        }

        return Work(type) + "/lock";
    }

    /// <summary>Operations that were with a node that ended, twice: they are run one at a time.</summary>
    public string Suspect(string type) => _prefix + "suspect." + type;

    /// <summary>What the broker gave up; it waits to become a dead letter and to be answered.</summary>
    public string Exhausted(string type) => _prefix + "exhausted." + type;

    /// <summary>The dead letters of a type.</summary>
    public string Dead(string type) => _prefix + "dead." + type;

    /// <summary>A queue that is made behind others, and removed at once.</summary>
    public string FlushQueue(Guid id) => _prefix + "seal." + id.ToString("N");

    /// <summary>Whoever has this one has the batch open.</summary>
    public string Owner(string batchId) => _prefix + "owner." + batchId;

    /// <summary>The results of a batch.</summary>
    public string Results(string batchId) => _prefix + "batch." + batchId;
}
