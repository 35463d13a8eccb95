using PortMgmt.Cluster;
using PortMgmt.RabbitMq.Topology;
using RabbitMQ.Client;

namespace PortMgmt.RabbitMq.Nodes;

/// <summary>Asks the broker what waits in the queues of types.</summary>
internal static class QueueQuery
{
    /// <summary>Asks for each type.</summary>
    public static async Task<IReadOnlyList<ClusterQueue>> QueryAsync(IConnection connection, TopologyNames names, IReadOnlyList<string> types, CancellationToken cancellationToken)
    {
        var queues = new List<ClusterQueue>();
        foreach (string type in types)
        {
            QueueDeclareOk? work = await QueueProbe.CountAsync(connection, names.Work(type), cancellationToken).ConfigureAwait(false);
            queues.Add(new ClusterQueue
            {
                Type = type,
                IsMissing = work is null,
                Waiting = work?.MessageCount ?? 0,
                Workers = (int)(work?.ConsumerCount ?? 0),
                SetApart = await CountAsync(names.Suspect(type)).ConfigureAwait(false),
                GivenUp = await CountAsync(names.Exhausted(type)).ConfigureAwait(false),
                DeadLetters = await CountAsync(names.Dead(type)).ConfigureAwait(false),
            });
        }

        return queues;

        async Task<long> CountAsync(string queue) => (await QueueProbe.CountAsync(connection, queue, cancellationToken).ConfigureAwait(false))?.MessageCount ?? 0;
    }
}
