using System.Globalization;
using PortMgmt.Cluster;
using PortMgmt.Operations;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace PortMgmt.RabbitMq.Topology;

/// <summary>
/// How many partitions a type has, as the broker keeps it: a queue of work by the type's own name means one, and a queue whose name ends in
/// the number means several. Whoever makes a type first decides; after that another number is refused. Where somebody deleted that queue alone,
/// the partitions that are there tell the number. Nothing but the existence of queues is asked, so that a user who may only submit can find out.
/// </summary>
internal static class TypeRegistry
{
    /// <summary>How long another worker may take to make a type: as long as the broker may take to notice that it is gone, and more.</summary>
    private static readonly TimeSpan LockTime = TimeSpan.FromMinutes(2);
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

        // Of a type that was made some of these are there, whatever somebody deleted.
        if (!await IsTypeAsync(connection, names, type, cancellationToken).ConfigureAwait(false))
        {
            return null;
        }

        return await FindCountAsync(connection, names, type, cancellationToken).ConfigureAwait(false) is int count
            ? new TypeLayout(names, type, count)
            : await FindByPartitionsAsync(connection, names, type, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes a type, or what is missing of it.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="channel">A channel of it.</param>
    /// <param name="names">The names.</param>
    /// <param name="type">The type.</param>
    /// <param name="partitions">How many partitions it is to have; null for as many as it has, or one.</param>
    /// <param name="hadThem">This worker has served the type with that number before: where the queue of the number is gone, it is made again.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="OperationException"><see cref="OperationErrorCode.BrokerConflict"/>: it has another number.</exception>
    public static async Task<TypeLayout> EnsureAsync(
        IConnection connection, IChannel channel, TopologyNames names, string type, int? partitions, bool hadThem, TimeProvider clock, CancellationToken cancellationToken)
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
                if (hadThem && known.IsNumberGone && partitions > known.Partitions)
                {
                    // The last partitions are gone as well.
                    known = new TypeLayout(names, type, partitions.Value) { IsNumberGone = true };
                }

                Require(known, partitions);
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
    public static void Require(TypeLayout layout, int? partitions)
    {
        if (partitions is not int wanted || wanted == layout.Partitions)
        {
            return;
        }

        string asked = string.Create(CultureInfo.InvariantCulture, $"{wanted} {(wanted == 1 ? "was" : "were")} asked for");
        string queues = layout.Partitions == 1 ? "" : $"the queues {layout.Queues[0]} to {layout.Queues[^1]}";
        throw new OperationException(OperationErrorCode.BrokerConflict, layout.IsNumberGone
            ? $"The queue that says how many partitions type '{layout.Type}' has was deleted. It has {layout.Partitions} by those that are there, and {asked}: "
                + $"give {layout.Partitions}, or none, and the queue is made again. To change the number, let the type run empty, stop its workers, "
                + $"delete {queues}, and start them with the new number."
            : $"Type '{layout.Type}' has {Count(layout.Partitions)} at the broker, and {asked}: "
                + $"give {layout.Partitions}, or none, or use another type. To change it, let the type run empty, stop its workers, "
                + $"run 'rabbitmqctl delete_queue {layout.Marker}'{(layout.Partitions == 1 ? "" : $" and delete {queues}")}, and start them with the new number.");
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

                await RequireFreeNamesAsync(connection, names, layout, cancellationToken).ConfigureAwait(false);
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

    // Nothing is lost of what waits there: the number is at least such that all of them are among the partitions.
    private static async Task<TypeLayout?> FindByPartitionsAsync(IConnection connection, TopologyNames names, string type, CancellationToken cancellationToken)
    {
        foreach (int[] partitions in Enumerable.Range(0, ClusterLimits.MaxPartitions).Reverse().Chunk(ProbesAtOnce))
        {
            bool[] found = await Task.WhenAll(partitions.Select(partition => QueueProbe.ExistsAsync(connection, names.Work(type, partition), cancellationToken))).ConfigureAwait(false);
            foreach (int partition in partitions.Where((_, i) => found[i]))
            {
                if (!await IsTypeAsync(connection, names, PartitionName.Of(type, partition), cancellationToken).ConfigureAwait(false))
                {
                    // A worker that makes the type meanwhile has made that queue before these.
                    return await FindCountAsync(connection, names, type, cancellationToken).ConfigureAwait(false) is int count
                        ? new TypeLayout(names, type, count)
                        : new TypeLayout(names, type, Math.Max(2, partition + 1)) { IsNumberGone = true };
                }
            }
        }

        return null;
    }

    // One that was made on its own, and not as a partition of another.
    private static async Task<bool> IsTypeAsync(IConnection connection, TopologyNames names, string type, CancellationToken cancellationToken)
    {
        string[] queues = [names.Dead(type), names.Exhausted(type), names.Suspect(type)];
        return (await Task.WhenAll(queues.Select(queue => QueueProbe.ExistsAsync(connection, queue, cancellationToken))).ConfigureAwait(false)).Contains(true);
    }

    // Before anything of the type is made: the broker would refuse it half-way.
    private static async Task RequireFreeNamesAsync(IConnection connection, TopologyNames names, TypeLayout layout, CancellationToken cancellationToken)
    {
        foreach (string name in layout.Partitions == 1 ? [] : layout.Keys)
        {
            if (await IsTypeAsync(connection, names, name, cancellationToken).ConfigureAwait(false))
            {
                throw new OperationException(
                    OperationErrorCode.BrokerConflict,
                    string.Create(CultureInfo.InvariantCulture, $"Type '{layout.Type}' cannot have {layout.Partitions} partitions: one of them would be called '{name}', and that is a type of its own. Give fewer, or none, or use another type."));
            }
        }
    }

    private static async Task<bool> IsPartitionAsync(IConnection connection, TopologyNames names, string name, CancellationToken cancellationToken) =>
        PartitionName.TryParse(name, out string? type, out int partition)
        && await FindAsync(connection, names, type, cancellationToken).ConfigureAwait(false) is { Partitions: > 1 } other
        && partition < other.Partitions;
}
