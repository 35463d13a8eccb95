using PortMgmt.RabbitMq.Connection;
using RabbitMQ.Client;

namespace PortMgmt.RabbitMq.Workers;

/// <summary>
/// Lets an operation that runs apart in when the broker has the acknowledgements of all that the node itself set apart. Such an operation may
/// end the node at once, and then what was set apart must not come back to the queue for all as well, to be set apart, and started, once more.
/// </summary>
/// <param name="channel">The channel of the queues of work.</param>
/// <param name="queues">Those queues.</param>
/// <param name="deadLetters">What sets operations of these queues apart.</param>
/// <param name="clock">The clock.</param>
internal sealed class SuspectGate(IChannel channel, IReadOnlyList<string> queues, DeadLetterPublisher deadLetters, TimeProvider clock)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);

    private long _settled;

    /// <summary>Waits until the next may run. The operations that run apart come one at a time.</summary>
    /// <returns>False where the connection is gone, and with it the operation: it comes again.</returns>
    public async ValueTask<bool> WaitAsync()
    {
        try
        {
            while (Interlocked.Read(ref _settled) is var known && deadLetters.Isolated is var isolated && (isolated != known || deadLetters.IsBusy))
            {
                if (deadLetters.IsBusy)
                {
                    await Task.Delay(PollInterval, clock).ConfigureAwait(false);
                    continue;
                }

                // An answer on the channel of the acknowledgements says that the broker has them.
                foreach (string queue in queues)
                {
                    await channel.MessageCountAsync(queue).ConfigureAwait(false);
                }

                Interlocked.Exchange(ref _settled, isolated);
            }

            return true;
        }
        catch (Exception e) when (BrokerFailure.IsExpected(e))
        {
            return false;
        }
    }
}
