using PortMgmt.RabbitMq.Nodes;
using PortMgmt.RabbitMq.Topology;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace PortMgmt.RabbitMq.Batches;

/// <summary>The broker as <see cref="BatchAudit"/> asks it, on whichever connection there is.</summary>
internal sealed class AuditedBroker(TopologyNames names, string batchId, TimeProvider clock) : IAuditedBroker
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
        if (await QueueProbe.CountAsync(connection, names.Work(type), cancellationToken).ConfigureAwait(false) is not { } work)
        {
            return null;
        }

        QueueDeclareOk? suspect = await QueueProbe.CountAsync(connection, names.Suspect(type), cancellationToken).ConfigureAwait(false);
        QueueDeclareOk? exhausted = await QueueProbe.CountAsync(connection, names.Exhausted(type), cancellationToken).ConfigureAwait(false);
        return new WaitingOperations((long)work.MessageCount + (suspect?.MessageCount ?? 0) + (exhausted?.MessageCount ?? 0), (int)work.ConsumerCount);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyCollection<HeldOperations>> AskHeldAsync(CancellationToken cancellationToken) =>
        HeldQuery.AskAsync(Require(), names, batchId, clock, cancellationToken);

    /// <inheritdoc/>
    public Task CatchUpAsync(CancellationToken cancellationToken) => Volatile.Read(ref _replies)!.CatchUpAsync(Require(), cancellationToken);

    private IConnection Require() => Volatile.Read(ref _connection) ?? throw new AlreadyClosedException(new(ShutdownInitiator.Library, 0, "There is no connection."));
}
