using PortMgmt.Cluster;
using PortMgmt.Cluster.Transport;
using PortMgmt.Operations;
using PortMgmt.RabbitMq.Connection;
using PortMgmt.RabbitMq.Messages;
using PortMgmt.RabbitMq.Topology;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace PortMgmt.RabbitMq.Batches;

/// <summary>A submitter's end of a batch on the broker. See <see cref="IClusterBatch"/> for what it promises.</summary>
internal sealed class BrokerBatch : IClusterBatch, IConnectionLifecycle
{
    private readonly ClusterOptions _options;
    private readonly ClusterBatchOptions _batch;
    private readonly TopologyNames _names;
    private readonly string _queue;
    private readonly Publisher _publisher;
    private readonly BatchLedger _ledger;
    private readonly AuditedBroker _audited;
    private readonly BatchAudit _audit;
    private readonly SubmitterJournal _journal;
    private readonly KnownTypes _types;
    private RecoveringConnection _link = null!;
    private IChannel? _channel;

    private BrokerBatch(ClusterOptions options, ClusterBatchOptions batch)
    {
        _options = options;
        _batch = batch;
        _names = new TopologyNames(options.ClusterId);
        _queue = _names.Results(batch.BatchId);
        _ledger = new BatchLedger(options.TimeProvider);
        _publisher = new Publisher(() => _link?.Break(), options.TimeProvider, BindAsync);
        _journal = new SubmitterJournal(_names, batch.BatchId, _publisher, options.TimeProvider);
        _audited = new AuditedBroker(_names, () => _types!, batch.BatchId, options.TimeProvider);
        _audit = new BatchAudit(_audited, _ledger, Send, Notify, batch.GoneTime, options.TimeProvider, batch.AuditAge);
        _types = new KnownTypes(_names, _publisher, options, batch.Partitions, Notify);
    }

    /// <inheritdoc/>
    public string Id => _batch.BatchId;

    /// <inheritdoc/>
    public ClusterBatchCounts Counts => _ledger.Count(_link.Reconnects);

    /// <summary>Opens the batch and reads what there is of it.</summary>
    public static async Task<BrokerBatch> OpenAsync(ClusterOptions options, ClusterBatchOptions batchOptions, CancellationToken cancellationToken)
    {
        batchOptions.Validate();
        var batch = new BrokerBatch(options, batchOptions);
        batch._link = await RecoveringConnection.OpenAsync(options, "submitter", batch, batchOptions.OnNotice, cancellationToken).ConfigureAwait(false);
        batch._audit.Start();
        return batch;
    }

    /// <inheritdoc/>
    public async Task<ClusterResult> RunAsync(ClusterOperation operation, CancellationToken cancellationToken)
    {
        if (OperationMessages.FindFlaw(operation) is { } flaw)
        {
            throw new OperationException(OperationErrorCode.InvalidOption, $"Operation '{operation.Id}' cannot be sent: {flaw}.");
        }

        RequireSize(operation);
        if (_types.Find(operation.Type) is null)
        {
            await _types.RequireAsync(operation.Type, cancellationToken).ConfigureAwait(false);
        }

        Task<ClusterResult> result = _ledger.Expect(operation, out PendingOperation? toSend);
        if (toSend is not null)
        {
            Send(toSend);
        }

        return await result.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        if (_channel is not { IsOpen: true } channel)
        {
            return;
        }

        try
        {
            await channel.QueueDeleteAsync(_queue, ifUnused: false, ifEmpty: false, cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (BrokerFailure.IsExpected(e) && !cancellationToken.IsCancellationRequested)
        {
            // The connection was just lost: the queue goes by itself when its time is up.
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _audit.DisposeAsync().ConfigureAwait(false);
        await _journal.FlushAsync().ConfigureAwait(false);
        await _link.DisposeAsync().ConfigureAwait(false);
        await _publisher.DisposeAsync().ConfigureAwait(false);
        _journal.Dispose();
        _types.Dispose();
        _ledger.FailAll(new OperationException(OperationErrorCode.BatchClosed, $"Batch '{Id}' was closed before the operation had ended: open it again by its id."));
    }

    async Task IConnectionLifecycle.OpenAsync(IConnection connection, CancellationToken cancellationToken)
    {
        connection.ConnectionBlockedAsync += OnBlockedAsync;
        connection.ConnectionUnblockedAsync += OnUnblockedAsync;
        await ClusterTopology.DeclareExchangesAsync(connection, _names, cancellationToken).ConfigureAwait(false);
        await BatchOwnership.TakeAsync(connection, _names, Id, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
        bool isNew = await ResultsQueue.EnsureAsync(connection, _names, _queue, _batch.KeepResultsFor, cancellationToken).ConfigureAwait(false);
        await ClusterTopology.TryBindAsync(connection, _queue, _names.NotesExchange, Id, cancellationToken).ConfigureAwait(false);
        ReplyConsumer replies = await ConsumeAsync(connection, cancellationToken).ConfigureAwait(false);
        await _publisher.AttachAsync(connection, cancellationToken).ConfigureAwait(false);
        await _types.AttachAsync(connection, cancellationToken).ConfigureAwait(false);
        _audited.Attach(connection, replies);
        if (isNew)
        {
            Resend();
        }
    }

    Task IConnectionLifecycle.CloseAsync()
    {
        _types.Detach();
        _audited.Detach();
        return _publisher.DetachAsync();
    }

    void IConnectionLifecycle.Fail(OperationException failure)
    {
        _types.Fail(failure);
        _ledger.FailAll(failure);
    }

    private void Resend()
    {
        PendingOperation[] all = _ledger.StartOver();
        if (all.Length > 0)
        {
            Notify($"The queue of the batch's results was gone, and perhaps some that nobody has seen: {all.Length} operations are sent again.");
        }

        Array.ForEach(all, Send);
    }

    private void Notify(string text) => _batch.OnNotice?.Invoke(text);

    private Task OnBlockedAsync(object sender, ConnectionBlockedEventArgs e)
    {
        Notify($"The broker takes no messages for now ({e.Reason}): operations wait until it has room again.");
        return Task.CompletedTask;
    }

    private Task OnUnblockedAsync(object sender, AsyncEventArgs e)
    {
        Notify("The broker takes messages again.");
        return Task.CompletedTask;
    }

    // A queue that took nothing though it is there was made again without what leads to it.
    private async Task BindAsync(IConnection connection, OutgoingMessage message, CancellationToken cancellationToken)
    {
        if (message.Exchange.Length > 0)
        {
            await ClusterTopology.TryBindAsync(connection, message.Queue, message.Exchange, message.RoutingKey, cancellationToken).ConfigureAwait(false);
        }
    }

    private void Send(PendingOperation pending)
    {
        // What is sent was looked for.
        TypeLayout layout = _types.Find(pending.Operation.Type)!;
        int partition = layout.PartitionOf(pending.Id);
        _publisher.Send(new SubmittedOperation(pending, _ledger, _journal)
        {
            Queue = layout.Queues[partition],
            Exchange = _names.OperationsExchange,
            BindingKey = layout.Keys[partition],
            Properties = OperationMessages.Describe(_names, Id, pending.Operation, _options.TimeProvider.GetUtcNow()),
            Body = pending.Operation.Input,
        });
    }

    private async Task<ReplyConsumer> ConsumeAsync(IConnection connection, CancellationToken cancellationToken)
    {
        IChannel channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        await channel.BasicQosAsync(0, ReplyConsumer.Prefetch, global: false, cancellationToken).ConfigureAwait(false);
        var replies = new ReplyConsumer(channel, _names, Id, _ledger, _journal, _batch.MaxHeld, () => _link?.Break());
        await channel.BasicConsumeAsync(_queue, autoAck: false, replies, cancellationToken).ConfigureAwait(false);
        await replies.CatchUpAsync(connection, cancellationToken).ConfigureAwait(false);
        _channel = channel;
        return replies;
    }

    private static void RequireSize(in ClusterOperation operation)
    {
        if (operation.Input.Length > ClusterLimits.MaxInputBytes)
        {
            throw new OperationException(
                OperationErrorCode.InputTooLarge,
                $"The input of operation '{operation.Id}' has {operation.Input.Length} bytes, and {ClusterLimits.MaxInputBytes} are the most: keep the data elsewhere and send where it is.");
        }
    }
}
