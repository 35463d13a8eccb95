using System.Collections.Concurrent;
using System.Text;
using PortMgmt.RabbitMq.Nodes;
using PortMgmt.RabbitMq.Topology;
using RabbitMQ.Client;

namespace PortMgmt.RabbitMq.Batches;

/// <summary>Asks all workers which operations of a batch they have.</summary>
internal static class HeldQuery
{
    /// <summary>How long answers may take.</summary>
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(1);

    /// <summary>Asks, and gathers answers for a while.</summary>
    /// <returns>The answers; one of each worker of each node that took part.</returns>
    public static async Task<IReadOnlyCollection<HeldOperations>> AskAsync(
        IConnection connection, TopologyNames names, string batchId, TimeProvider clock, CancellationToken cancellationToken)
    {
        var answers = new ConcurrentQueue<HeldOperations>();
        IChannel channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        await using (channel.ConfigureAwait(false))
        {
            QueueDeclareOk own = await channel.QueueDeclareAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
            await channel.BasicConsumeAsync(own.QueueName, autoAck: true, new AnswerConsumer(channel, answers), cancellationToken).ConfigureAwait(false);
            var question = new BasicProperties { Type = HeldOperations.QuestionType, ReplyTo = own.QueueName };
            await channel.BasicPublishAsync(names.AskExchange, string.Empty, mandatory: false, question, Encoding.UTF8.GetBytes(batchId), cancellationToken).ConfigureAwait(false);
            await Task.Delay(AnswerTime, clock, cancellationToken).ConfigureAwait(false);
        }

        return answers;
    }

    private sealed class AnswerConsumer(IChannel channel, ConcurrentQueue<HeldOperations> answers) : AsyncDefaultBasicConsumer(channel)
    {
        public override Task HandleBasicDeliverAsync(
            string consumerTag, ulong deliveryTag, bool redelivered, string exchange, string routingKey,
            IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken cancellationToken = default)
        {
            // An earlier version answers every question with how it is, which says nothing of operations.
            if (properties.Type == HeldOperations.AnswerType && NodeMessages.TryReadHeld(body.Span) is { } held)
            {
                answers.Enqueue(held);
            }

            return Task.CompletedTask;
        }
    }
}
