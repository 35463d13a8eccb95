using PortMgmt.RabbitMq.Connection;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace PortMgmt.RabbitMq.Topology;

/// <summary>Looks whether there is a queue.</summary>
internal static class QueueProbe
{
    /// <summary>How the broker begins what it says of a queue that it does not know; see <see cref="IsGone"/>.</summary>
    private const string NoQueue = "NOT_FOUND - no queue '";

    /// <summary>Whether there is a queue of that name. The broker closes the channel where there is none, so it is one of its own.</summary>
    /// <exception cref="OperationInterruptedException">The broker cannot tell: there is one, which does not serve now.</exception>
    public static async Task<bool> ExistsAsync(IConnection connection, string queue, CancellationToken cancellationToken) =>
        await CountAsync(connection, queue, cancellationToken).ConfigureAwait(false) is not null;

    /// <summary>How many messages wait in a queue, and how many consume it; null where it is gone.</summary>
    /// <exception cref="OperationInterruptedException">The broker cannot tell.</exception>
    public static async Task<QueueDeclareOk?> CountAsync(IConnection connection, string queue, CancellationToken cancellationToken)
    {
        IChannel channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        await using (channel.ConfigureAwait(false))
        {
            try
            {
                return await channel.QueueDeclarePassiveAsync(queue, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationInterruptedException e) when (e.ShutdownReason is { ReplyCode: Constants.NotFound } reason && IsGone(reason.ReplyText))
            {
                return null;
            }
        }
    }

    /// <summary>Whether there is an exchange of that name.</summary>
    public static async Task<bool> ExchangeExistsAsync(IConnection connection, string exchange, CancellationToken cancellationToken)
    {
        IChannel channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        await using (channel.ConfigureAwait(false))
        {
            try
            {
                await channel.ExchangeDeclarePassiveAsync(exchange, cancellationToken).ConfigureAwait(false);
                return true;
            }
            catch (OperationInterruptedException e) when (e.ShutdownReason is { ReplyCode: Constants.NotFound })
            {
                return false;
            }
        }
    }

    /// <summary>What the broker says of a queue, where every failure to say is an answer too.</summary>
    public static async Task<QueuePresence> LookAsync(IConnection connection, string queue, CancellationToken cancellationToken)
    {
        try
        {
            return await ExistsAsync(connection, queue, cancellationToken).ConfigureAwait(false) ? QueuePresence.Present : QueuePresence.Gone;
        }
        catch (Exception e) when (BrokerFailure.IsExpected(e) && !cancellationToken.IsCancellationRequested)
        {
            return QueuePresence.Unknown;
        }
    }

    /// <summary>
    /// Whether a "not found" means that. The broker says 404 of a queue as well whose node is down ("home node … is down or
    /// inaccessible"), that failed to start again, or that did not answer in time: only the words tell them apart, so words that are not
    /// known do not mean it.
    /// </summary>
    internal static bool IsGone(string reply) => reply.StartsWith(NoQueue, StringComparison.Ordinal);
}
