using PortMgmt.Operations;
using PortMgmt.RabbitMq.Topology;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace PortMgmt.RabbitMq.Batches;

/// <summary>
/// Keeps a batch to one submitter, by a queue that belongs to one connection and goes with it: nobody else has the batch open. (The broker
/// lets a queue of results have two exclusive consumers.)
/// </summary>
internal static class BatchOwnership
{
    /// <summary>How long another submitter's connection may take to be noticed as gone.</summary>
    private static readonly TimeSpan TakeOverTime = TimeSpan.FromSeconds(5);

    /// <summary>Takes a batch for as long as a connection lives.</summary>
    /// <exception cref="OperationException"><see cref="OperationErrorCode.BatchInUse"/>: another submitter has it.</exception>
    public static async Task TakeAsync(
        IConnection connection, TopologyNames names, string batchId, TimeProvider clock, CancellationToken cancellationToken)
    {
        long since = clock.GetTimestamp();
        while (true)
        {
            IChannel channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
            try
            {
                await channel.QueueDeclareAsync(names.Owner(batchId), durable: false, exclusive: true, autoDelete: true, cancellationToken: cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == Constants.ResourceLocked)
            {
                if (clock.GetElapsedTime(since) > TakeOverTime)
                {
                    throw new OperationException(
                        OperationErrorCode.BatchInUse, $"Batch '{batchId}' is open in another submitter: wait for its end, or give another id.", e);
                }

                await Task.Delay(TimeSpan.FromMilliseconds(250), clock, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
