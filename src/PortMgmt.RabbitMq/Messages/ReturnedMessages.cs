using PortMgmt.RabbitMq.Connection;
using PortMgmt.RabbitMq.Topology;

namespace PortMgmt.RabbitMq.Messages;

/// <summary>
/// Messages that the broker sent back because no queue took them. That alone says nothing of the queue, which may be there and not
/// serve: its node is down, or a leader is being elected. So the queue is looked for, once for all of its messages: where it is gone they
/// are refused, where it is there they are sent again, and as long as nobody can tell they are kept. Thread-safe.
/// </summary>
/// <param name="look">Looks for the queue of a message.</param>
/// <param name="send">Sends a message again.</param>
/// <param name="clock">The clock.</param>
/// <param name="ending">Ends all waiting; what is kept then is the next one's to send.</param>
internal sealed class ReturnedMessages(
    Func<OutgoingMessage, CancellationToken, Task<QueuePresence>> look, Action<OutgoingMessage> send, TimeProvider clock, CancellationToken ending)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<OutgoingMessage>> _kept = [];

    /// <summary>How many are kept.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _kept.Values.Sum(static messages => messages.Count);
            }
        }
    }

    /// <summary>A message came back.</summary>
    public void Add(OutgoingMessage message)
    {
        message.Bounces++;
        lock (_lock)
        {
            if (_kept.TryGetValue(message.Queue, out List<OutgoingMessage>? others))
            {
                others.Add(message);
                return;
            }

            _kept.Add(message.Queue, [message]);
        }

        _ = ResolveAsync(message);
    }

    private async Task ResolveAsync(OutgoingMessage first)
    {
        try
        {
            // Off the client's thread, which has to be free for the answer.
            await Task.Yield();
            QueuePresence presence;
            for (int tries = first.Bounces; (presence = await look(first, ending).ConfigureAwait(false)) != QueuePresence.Gone; tries++)
            {
                // One that says that it is there and took nothing needs a moment as well.
                await Task.Delay(Backoff.Before(tries, Random.Shared.NextDouble()), clock, ending).ConfigureAwait(false);
                if (presence == QueuePresence.Present)
                {
                    break;
                }
            }

            foreach (OutgoingMessage message in Take(first.Queue))
            {
                if (presence == QueuePresence.Gone)
                {
                    message.OnRefused("there is no such queue", isUnroutable: true);
                }
                else
                {
                    send(message);
                }
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // Nobody waits for them any more here.
        }
    }

    private List<OutgoingMessage> Take(string queue)
    {
        lock (_lock)
        {
            _kept.Remove(queue, out List<OutgoingMessage>? messages);
            return messages!;
        }
    }
}
