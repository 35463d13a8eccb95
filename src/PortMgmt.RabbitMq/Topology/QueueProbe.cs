using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace PortMgmt.RabbitMq.Topology;

/// <summary>Looks whether there is a queue.</summary>
internal static class QueueProbe
{
    /// <summary>Whether there is a queue of that name. The broker closes the channel where there is none, so it is one of its own.</summary>
    /// <exception cref="OperationInterruptedException">The broker cannot tell: there is one, which has no leader for now.</exception>
    public static async Task<bool> ExistsAsync(IConnection connection, string queue, CancellationToken cancellationToken)
    {
        IChannel channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        await using (channel.ConfigureAwait(false))
        {
            try
            {
                await channel.QueueDeclarePassiveAsync(queue, cancellationToken).ConfigureAwait(false);
                return true;
            }
            catch (OperationInterruptedException e) when (e.ShutdownReason is { ReplyCode: Constants.NotFound } reason && IsMissing(reason.ReplyText))
            {
                return false;
            }
        }
    }

    /// <summary>Whether a "not found" means that. The broker says the same of a queue that does not answer in time, with other words behind it.</summary>
    internal static bool IsMissing(string reply) => !reply.Contains("due to timeout", StringComparison.Ordinal);
}
