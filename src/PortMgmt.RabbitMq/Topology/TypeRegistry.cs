using System.Globalization;
using PortMgmt.Cluster;
using PortMgmt.Operations;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace PortMgmt.RabbitMq.Topology;

/// <summary>
/// How many partitions a type has, as the broker keeps it: a queue of work by the type's own name means one, and a queue whose name ends in
/// the number means several. Whoever makes a type first decides; after that another number is refused. Nothing but the existence of queues
/// is asked, so that a user who may only submit can find out.
/// </summary>
internal static class TypeRegistry
{
    /// <summary>How long another worker may take to make a type.</summary>
    private static readonly TimeSpan LockTime = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LockPollInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>How many numbers are asked for at once; those that are given most often come first.</summary>
    private const int ProbesAtOnce = 8;
    private static readonly int[] Counts = [8, 4, 16, 3, 6, 2, 12, 32, .. Enumerable.Range(2, ClusterLimits.MaxPartitions - 1).Except([8, 4, 16, 3, 6, 2, 12, 32])];

    /// <summary>Finds the layout of a type.</summary>
    /// <returns>Null where there is none: no worker ever served the type, or its queue was deleted.</returns>
    public static async Task<TypeLayout?> FindAsync(IConnection connection, TopologyNames names, string type, CancellationToken cancellationToken)
    {
        if (await QueueProbe.ExistsAsync(connection, names.Work(type), cancellationToken).ConfigureAwait(false))
        {
            // A partition of another type may have the name of this one.
            return await IsPartitionAsync(connection, names, type, cancellationToken).ConfigureAwait(false) ? null : new TypeLayout(names, type, 1);
        }

        return await QueueProbe.ExistsAsync(connection, names.Dead(type), cancellationToken).ConfigureAwait(false)
            && await FindCountAsync(connection, names, type, cancellationToken).ConfigureAwait(false) is int count
            ? new TypeLayout(names, type, count)
            : null;
    }

    /// <summary>Makes a type, or what is missing of it.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="channel">A channel of it.</param>
    /// <param name="names">The names.</param>
    /// <param name="type">The type.</param>
    /// <param name="partitions">How many partitions it is to have; null for as many as it has, or one.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="OperationException"><see cref="OperationErrorCode.BrokerConflict"/>: it has another number.</exception>
    public static async Task<TypeLayout> EnsureAsync(
        IConnection connection, IChannel channel, TopologyNames names, string type, int? partitions, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await IsPartitionAsync(connection, names, type, cancellationToken).ConfigureAwait(false))
        {
            throw new OperationException(
                OperationErrorCode.BrokerConflict, $"A type cannot be called '{type}': that is the name of a partition of another one. Give it another name.");
        }

        long since = clock.GetTimestamp();
        while (true)
        {
            if (await FindAsync(connection, names, type, cancellationToken).ConfigureAwait(false) is { } known)
            {
                Require(names, known, partitions);
                await ClusterTopology.DeclareTypeAsync(connection, channel, names, known, cancellationToken).ConfigureAwait(false);
                return known;
            }

            if (await TryMakeAsync(connection, channel, names, new TypeLayout(names, type, partitions ?? 1), cancellationToken).ConfigureAwait(false) is { } made)
            {
                return made;
            }

            if (clock.GetElapsedTime(since) > LockTime)
            {
                throw new OperationException(OperationErrorCode.BrokerConflict, $"Another worker has been making the queues of type '{type}' for {LockTime.TotalSeconds:0} s: look what keeps it.");
            }

            await Task.Delay(LockPollInterval, clock, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Requires that a type has a number of partitions.</summary>
    /// <exception cref="OperationException"><see cref="OperationErrorCode.BrokerConflict"/>: it has another.</exception>
    public static void Require(TopologyNames names, TypeLayout layout, int? partitions)
    {
        if (partitions is int wanted && wanted != layout.Partitions)
        {
            throw new OperationException(
                OperationErrorCode.BrokerConflict,
                string.Create(CultureInfo.InvariantCulture, $"Type '{layout.Type}' has {Count(layout.Partitions)} at the broker, and {wanted} {(wanted == 1 ? "was" : "were")} asked for: ")
                    + $"give {layout.Partitions}, or none, or use another type. To change it, let the type run empty, stop its workers, "
                    + $"run 'rabbitmqctl delete_queue {layout.Marker}'{(layout.Partitions == 1 ? "" : $" and delete the queues {layout.Queues[0]} to {layout.Queues[^1]}")}, and start them with the new number.");
        }
    }

    private static string Count(int partitions) => partitions == 1 ? "one partition" : string.Create(CultureInfo.InvariantCulture, $"{partitions} partitions");

    // Where two make a type at once, with different numbers, one decides.
    private static async Task<TypeLayout?> TryMakeAsync(IConnection connection, IChannel channel, TopologyNames names, TypeLayout layout, CancellationToken cancellationToken)
    {
        IChannel own = await connection.CreateChannelAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        await using (own.ConfigureAwait(false))
        {
            string queue = names.TypeLock(layout.Type);
            try
            {
                await own.QueueDeclareAsync(queue, durable: false, exclusive: true, autoDelete: true, cancellationToken: cancellationToken).ConfigureAwait(false);
            }
            catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == Constants.ResourceLocked)
            {
                return null;
            }

            try
            {
                if (await FindAsync(connection, names, layout.Type, cancellationToken).ConfigureAwait(false) is not null)
                {
                    return null;
                }

                await ClusterTopology.DeclareTypeAsync(connection, channel, names, layout, cancellationToken).ConfigureAwait(false);
                return layout;
            }
            finally
            {
                await own.QueueDeleteAsync(queue, ifUnused: false, ifEmpty: false, cancellationToken: CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private static async Task<int?> FindCountAsync(IConnection connection, TopologyNames names, string type, CancellationToken cancellationToken)
    {
        foreach (int[] counts in Counts.Chunk(ProbesAtOnce))
        {
            bool[] found = await Task.WhenAll(counts.Select(count => QueueProbe.ExistsAsync(connection, names.Partitions(type, count), cancellationToken))).ConfigureAwait(false);
            if (Array.IndexOf(found, true) is >= 0 and int at)
            {
                return counts[at];
            }
        }

        return null;
    }

    private static async Task<bool> IsPartitionAsync(IConnection connection, TopologyNames names, string type, CancellationToken cancellationToken)
    {
        int dot = type.LastIndexOf('.');
        return dot > 0
            && int.TryParse(type.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int partition)
            && partition < ClusterLimits.MaxPartitions
            && type == string.Create(CultureInfo.InvariantCulture, $"{type.AsSpan(0, dot)}.{partition}")
            && await FindAsync(connection, names, type[..dot], cancellationToken).ConfigureAwait(false) is { Partitions: > 1 } other
            && partition < other.Partitions;
    }
}
