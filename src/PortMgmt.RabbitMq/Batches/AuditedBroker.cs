using PortMgmt.RabbitMq.Nodes;
using PortMgmt.RabbitMq.Topology;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace PortMgmt.RabbitMq.Batches;

/// <summary>The broker as <see cref="BatchAudit"/> asks it, on whichever connection there is.</summary>
internal sealed class AuditedBroker(TopologyNames names, Func<KnownTypes> types, string batchId, TimeProvider clock) : IAuditedBroker
{
    private IConnection? _connection;
    private ReplyConsumer? _replies;

    /// <summary>There is a connection.</summary>
    public void Attach(IConnection connection, ReplyConsumer replies)
    {
        Volatile.Write(ref _replies, replies);
        Volatile.Write(ref _connection, connection);
    }

    /// <summary>The connection is gone.</summary>
    public void Detach() => Volatile.Write(ref _connection, null);

    /// <inheritdoc/>
    public async Task<WaitingOperations?> CountAsync(string type, CancellationToken cancellationToken)
    {
        IConnection connection = Require();
        TypeLayout? layout = types().Find(type);
        long? waiting = await CountAsync(connection, layout!, cancellationToken).ConfigureAwait(false);
        if (waiting is null)
        {
            // It may be there with another number of partitions.
            layout = await types().FindAgainAsync(connection, type, cancellationToken).ConfigureAwait(false);
            waiting = layout is null ? null : await CountAsync(connection, layout, cancellationToken).ConfigureAwait(false);
        }

        if (waiting is not long messages)
        {
            return null;
        }

        foreach (string queue in (string[])[names.Suspect(type), names.Exhausted(type)])
        {
            messages += (await QueueProbe.CountAsync(connection, queue, cancellationToken).ConfigureAwait(false))?.MessageCount ?? 0;
        }

        // Where nobody can say how many workers there are, no number of answers is enough.
        QueueDeclareOk? marker = await QueueProbe.CountAsync(connection, layout!.Marker, cancellationToken).ConfigureAwait(false);
        return new WaitingOperations(messages, (int?)marker?.ConsumerCount ?? int.MaxValue);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyCollection<HeldOperations>> AskHeldAsync(CancellationToken cancellationToken) =>
        HeldQuery.AskAsync(Require(), names, batchId, clock, cancellationToken);

    /// <inheritdoc/>
    public Task CatchUpAsync(CancellationToken cancellationToken) => Volatile.Read(ref _replies)!.CatchUpAsync(Require(), cancellationToken);

    // Null where one of the queues is gone.
    private static async Task<long?> CountAsync(IConnection connection, TypeLayout layout, CancellationToken cancellationToken)
    {
        long messages = 0;
        foreach (string queue in layout.Queues)
        {
            if (await QueueProbe.CountAsync(connection, queue, cancellationToken).ConfigureAwait(false) is not { } work)
            {
                return null;
            }

            messages += work.MessageCount;
        }

        return messages;
    }

    private IConnection Require() => Volatile.Read(ref _connection) ?? throw new AlreadyClosedException(new(ShutdownInitiator.Library, 0, "There is no connection."));
}
