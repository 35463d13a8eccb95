using System.Collections.Concurrent;
using System.Text.Json;
using PortMgmt.Cluster;
using PortMgmt.RabbitMq.Connection;
using PortMgmt.RabbitMq.Messages;
using PortMgmt.RabbitMq.Topology;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace PortMgmt.RabbitMq.Batches;

/// <summary>
/// Takes results in. They are not acknowledged, so that they stay for a successor until the batch is complete; where they are too many
/// for that, the oldest are let go, and a note says so first.
/// </summary>
/// <param name="channel">The channel.</param>
/// <param name="names">The names of queues and exchanges.</param>
/// <param name="batchId">The batch.</param>
/// <param name="ledger">What is waited for.</param>
/// <param name="journal">The notes to a successor.</param>
/// <param name="mostHeld">How many messages are not acknowledged at most.</param>
/// <param name="onBroken">Called when the queue or the channel is lost.</param>
internal sealed class ReplyConsumer(IChannel channel, TopologyNames names, string batchId, BatchLedger ledger, SubmitterJournal journal, int mostHeld, Action onBroken)
    : AsyncDefaultBasicConsumer(channel)
{
    /// <summary>As many as the protocol has: what is held counts against it.</summary>
    public const ushort Prefetch = ushort.MaxValue;

    private readonly Queue<(ulong Tag, string[] Ids)> _held = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _marks = new();

    /// <summary>Puts a mark behind what is in the queue, and waits until it comes: everything before it was taken in.</summary>
    public async Task CatchUpAsync(IConnection connection, CancellationToken cancellationToken)
    {
        string mark = Guid.NewGuid().ToString("N");
        var caughtUp = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _marks[mark] = caughtUp;
        if (ShutdownReason is { } reason)
        {
            throw new OperationInterruptedException(reason);
        }

        IChannel marking = await connection.CreateChannelAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        await using (marking.ConfigureAwait(false))
        {
            var properties = new BasicProperties { Type = ResultMessages.MarkType, MessageId = mark };
            await marking.BasicPublishAsync(names.NotesExchange, batchId, mandatory: false, properties, ReadOnlyMemory<byte>.Empty, cancellationToken).ConfigureAwait(false);
            await caughtUp.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public override async Task HandleBasicDeliverAsync(
        string consumerTag, ulong deliveryTag, bool redelivered, string exchange, string routingKey,
        IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken cancellationToken = default)
    {
        string[] ids = [];
        try
        {
            ids = Take(exchange, properties, body.Span);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            // Somebody else wrote into the queue. It is no result of an operation, so no operation ends by it.
            await Channel.BasicAckAsync(deliveryTag, multiple: false, cancellationToken).ConfigureAwait(false);
            return;
        }

        if (properties.Type == ResultMessages.MarkType)
        {
            await Channel.BasicAckAsync(deliveryTag, multiple: false, cancellationToken).ConfigureAwait(false);
            if (properties.MessageId is { } mark && _marks.TryRemove(mark, out TaskCompletionSource? caughtUp))
            {
                caughtUp.TrySetResult();
            }

            return;
        }

        _held.Enqueue((deliveryTag, ids));
        if (_held.Count > mostHeld)
        {
            LetGo();
        }
    }

    /// <inheritdoc/>
    public override Task HandleChannelShutdownAsync(object channel, ShutdownEventArgs reason)
    {
        foreach (TaskCompletionSource waiting in _marks.Values)
        {
            waiting.TrySetException(new OperationInterruptedException(reason));
            _ = waiting.Task.Exception;
        }

        if (reason.Initiator != ShutdownInitiator.Application)
        {
            onBroken();
        }

        return base.HandleChannelShutdownAsync(channel, reason);
    }

    /// <inheritdoc/>
    public override Task HandleBasicCancelAsync(string consumerTag, CancellationToken cancellationToken = default)
    {
        // The queue was deleted under us, or its leader moved.
        onBroken();
        return base.HandleBasicCancelAsync(consumerTag, cancellationToken);
    }

    private string[] Take(string exchange, IReadOnlyBasicProperties properties, ReadOnlySpan<byte> body)
    {
        switch (properties.Type)
        {
            // The broker says through which exchange a message came. Submitters may write to ours, workers alone to the broker's own.
            case ResultMessages.ResultsType when exchange.Length > 0:
                throw new JsonException("Results come from workers.");
            case ResultMessages.ResultsType:
                List<ClusterResult> results = ResultMessages.Read(body);
                results.ForEach(ledger.Take);
                return [.. results.Select(result => result.OperationId)];
            case ResultMessages.JournalType:
                Dictionary<string, string[]> notes = ResultMessages.ReadJournal(body);
                ledger.RecordSentBefore(notes.GetValueOrDefault(SubmitterJournal.Sent) ?? []);
                ledger.Forget(notes.GetValueOrDefault(SubmitterJournal.Forgotten) ?? []);
                return [];
            default:
                return [];
        }
    }

    private void LetGo()
    {
        var ids = new List<string>();
        ulong last = 0;
        for (int i = 0; i < mostHeld / 2; i++)
        {
            (last, string[] some) = _held.Dequeue();
            ids.AddRange(some);
        }

        journal.RecordForgotten(ids, () => _ = AcknowledgeAsync(last));
    }

    private async Task AcknowledgeAsync(ulong last)
    {
        try
        {
            await Channel.BasicAckAsync(last, multiple: true).ConfigureAwait(false);
        }
        catch (Exception e) when (BrokerFailure.IsExpected(e))
        {
            // The connection is gone; they come again on the next one and are recognised.
        }
    }
}
