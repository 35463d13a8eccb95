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
            TypeLayout? layout = await TypeRegistry.FindAsync(connection, names, type, cancellationToken).ConfigureAwait(false);
            var waiting = new List<long?>();
            foreach (string queue in layout?.Queues ?? [])
            {
                waiting.Add((await QueueProbe.CountAsync(connection, queue, cancellationToken).ConfigureAwait(false))?.MessageCount);
            }

            queues.Add(new ClusterQueue
            {
                Type = type,
                IsMissing = layout is null or { IsNumberGone: true } || waiting.Contains(null),
                WaitingByPartition = waiting,
                Workers = layout is null ? 0 : (int)((await QueueProbe.CountAsync(connection, layout.Marker, cancellationToken).ConfigureAwait(false))?.ConsumerCount ?? 0),
                SetApart = await CountAsync(names.Suspect(type)).ConfigureAwait(false),
                GivenUp = await CountAsync(names.Exhausted(type)).ConfigureAwait(false),
                DeadLetters = await CountAsync(names.Dead(type)).ConfigureAwait(false),
            });
        }

        return queues;

        async Task<long> CountAsync(string queue) => (await QueueProbe.CountAsync(connection, queue, cancellationToken).ConfigureAwait(false))?.MessageCount ?? 0;
    }
}
