using System.Net.Sockets;
using System.Security.Authentication;
using PortMgmt.Cluster;
using PortMgmt.Operations;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace PortMgmt.RabbitMq.Connection;

/// <summary>The one place where a failure of the client becomes one of ours, in words that hold no credentials.</summary>
internal static class BrokerFailure
{
    /// <summary>Whether the exception is one that a broker or the network may cause.</summary>
    public static bool IsExpected(Exception e) =>
        e is RabbitMQClientException or OperationInterruptedException or IOException or SocketException or TimeoutException or AuthenticationException
            or ObjectDisposedException or OperationCanceledException or InvalidOperationException;

    /// <summary>Names the failure.</summary>
    /// <param name="e">What the client threw.</param>
    /// <param name="broker">The broker.</param>
    /// <param name="tls">What is known of the certificates; null for nothing.</param>
    /// <param name="other">What is known to be wrong with what listens there; null for nothing.</param>
    public static OperationException From(Exception e, BrokerAddress broker, TlsCheck? tls = null, string? other = null)
    {
        if (e is OperationException own)
        {
            return own;
        }

        if (Find<AuthenticationFailureException>(e) is not null)
        {
            return New(OperationErrorCode.BrokerAccessDenied, $"The broker {broker} refuses the login: check user and password.", e);
        }

        if (Find<OperationInterruptedException>(e)?.ShutdownReason is { Initiator: ShutdownInitiator.Peer } reason)
        {
            return FromReply(reason.ReplyCode, reason.ReplyText, broker, e);
        }

        if (tls?.Problem is { } problem)
        {
            return New(OperationErrorCode.BrokerUnreachable, $"No secure connection to the broker {broker}: {problem}.", e);
        }

        if (Find<AuthenticationException>(e) is { } refused)
        {
            string missed = tls?.Hint is { } hint ? $" Perhaps {hint}." : "";
            return New(OperationErrorCode.BrokerUnreachable, $"No secure connection to the broker {broker}: {refused.Message.TrimEnd('.')}.{missed} Check its certificate, the host's name and who vouches for it.", e);
        }

        string cause = other
            ?? (Find<TimeoutException>(e) is not null || Find<OperationCanceledException>(e) is not null ? "It did not answer in time." : null)
            ?? Find<SocketException>(e)?.Message ?? Innermost(e).Message;
        if (tls?.Hint is { } ended && Find<SocketException>(e) is not { SocketErrorCode: SocketError.ConnectionRefused or SocketError.HostNotFound })
        {
            return New(OperationErrorCode.BrokerUnreachable, $"The broker {broker} ended the connection: {cause.TrimEnd('.')}. Perhaps {ended}. Check that it runs, and which certificates it takes.", e);
        }

        return New(OperationErrorCode.BrokerUnreachable, $"The broker {broker} cannot be reached: {cause.TrimEnd('.')}. Check that it runs, its address and the network between.", e);
    }

    private static OperationException FromReply(ushort code, string text, BrokerAddress broker, Exception e) => code switch
    {
        Constants.NotAllowed => New(
            OperationErrorCode.BrokerAccessDenied,
            $"The broker {broker} has no virtual host '{broker.VirtualHost}' for this user: name another, or have it made and allowed.", e),
        Constants.AccessRefused => New(
            OperationErrorCode.BrokerAccessDenied, $"The broker {broker} refuses: {text}. The user needs to configure, write and read what begins with 'portmgmt.'.", e),
        Constants.PreconditionFailed => New(
            OperationErrorCode.BrokerConflict, $"The broker {broker} has something else under our name: {text}. Remove it, or use another cluster id.", e),
        _ => New(OperationErrorCode.BrokerUnreachable, $"The broker {broker} ended the connection: {text} ({code}).", e),
    };

    private static Exception Innermost(Exception e) => e.InnerException is { } inner ? Innermost(inner) : e;

    private static T? Find<T>(Exception? e)
        where T : Exception
    {
        for (; e is not null; e = e.InnerException)
        {
            if (e is T found)
            {
                return found;
            }

            if (e is AggregateException many && many.InnerExceptions.Select(Find<T>).FirstOrDefault(inner => inner is not null) is { } within)
            {
                return within;
            }
        }

        return null;
    }

    private static OperationException New(OperationErrorCode code, string message, Exception cause) => new(code, message, cause);
}
