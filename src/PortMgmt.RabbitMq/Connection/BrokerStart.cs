using System.Globalization;
using PortMgmt.Cluster;
using PortMgmt.Operations;

namespace PortMgmt.RabbitMq.Connection;

/// <summary>
/// The first connection. Each address has a chance, and a name that is wrong, a port where nothing listens or a login that is refused is told
/// at once. A broker that is there and only slow, on a busy machine or as it starts, is tried again for a while.
/// </summary>
internal static class BrokerStart
{
    /// <summary>Tries until it works, or until it is clear that it does not.</summary>
    /// <param name="options">Where and how.</param>
    /// <param name="use">One attempt, which may have been made in part before.</param>
    /// <param name="notify">Told once when something is tried again; null for nobody.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="OperationException">It did not work with any; the error is the last one's, and names all.</exception>
    public static async Task<T> RunAsync<T>(
        ClusterOptions options, Func<ConnectAttempt, CancellationToken, Task<T>> use, Action<string>? notify, CancellationToken cancellationToken)
    {
        options.Validate();
        long since = options.TimeProvider.GetTimestamp();
        bool isSlow = false;
        for (int number = 0; ; number++)
        {
            var attempt = new ConnectAttempt(options, number);
            try
            {
                return await use(attempt, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationException failure) when (IsOfTheConnection(failure, number))
            {
                isSlow |= attempt.MayServeLater && failure.Code != OperationErrorCode.BrokerAccessDenied;
                if (attempt.EndsRound)
                {
                    if (!isSlow || options.TimeProvider.GetElapsedTime(since) >= options.StartFor)
                    {
                        throw BrokerConnector.NoneOf(options, failure);
                    }

                    if (attempt.Round == 1)
                    {
                        notify?.Invoke(string.Create(CultureInfo.InvariantCulture, $"{failure.Message} It is tried again, for {options.StartFor.TotalSeconds:0} s."));
                    }

                    isSlow = false;
                    await Task.Delay(Backoff.Before(attempt.Round, Random.Shared.NextDouble()), options.TimeProvider, cancellationToken).ConfigureAwait(false);
                }
            }
        }
    }

    // Somebody who has the batch open may be an attempt of ours whose end the broker has yet to notice.
    private static bool IsOfTheConnection(OperationException failure, int number) =>
        failure.Code is OperationErrorCode.BrokerUnreachable or OperationErrorCode.BrokerAccessDenied || (number > 0 && failure.Code == OperationErrorCode.BatchInUse);
}
