using System.Threading.Channels;
using PortMgmt.RabbitMq.Connection;
using RabbitMQ.Client;

namespace PortMgmt.RabbitMq.Workers;

/// <summary>Acknowledges and returns the deliveries of one channel, as many as possible at once. Ends with its channel. Thread-safe.</summary>
internal sealed class AckBatcher
{
    private readonly IChannel _channel;
    private readonly Lock _lock = new();
    private readonly AckLedger _ledger = new();
    private readonly Channel<(ulong Tag, bool IsDone)> _waiting = Channel.CreateUnbounded<(ulong, bool)>(new UnboundedChannelOptions { SingleReader = true });
    private long _open;

    public AckBatcher(IChannel channel)
    {
        _channel = channel;
        channel.ChannelShutdownAsync += (_, _) =>
        {
            _waiting.Writer.TryComplete();
            return Task.CompletedTask;
        };
        Running = Task.Run(RunAsync);
    }

    /// <summary>Ends when the channel is gone.</summary>
    public Task Running { get; }

    /// <summary>How much is not on its way to the broker yet; nothing where the channel is gone, for that is settled with it.</summary>
    public long Waiting => Running.IsCompleted ? 0 : Interlocked.Read(ref _open);

    /// <summary>A message was delivered on the channel.</summary>
    public void Open(ulong tag)
    {
        lock (_lock)
        {
            _ledger.Open(tag);
        }
    }

    /// <summary>A message is done with.</summary>
    public void Acknowledge(ulong tag) => Add(tag, isDone: true);

    /// <summary>A message goes back to its queue.</summary>
    public void Return(ulong tag) => Add(tag, isDone: false);

    private void Add(ulong tag, bool isDone)
    {
        Interlocked.Increment(ref _open);
        _waiting.Writer.TryWrite((tag, isDone));
    }

    private async Task RunAsync()
    {
        var done = new List<ulong>();
        var returned = new List<ulong>();
        try
        {
            while (await _waiting.Reader.WaitToReadAsync().ConfigureAwait(false))
            {
                while (_waiting.Reader.TryRead(out (ulong Tag, bool IsDone) next))
                {
                    (next.IsDone ? done : returned).Add(next.Tag);
                }

                await AcknowledgeAsync(done).ConfigureAwait(false);
                await ReturnAsync(returned).ConfigureAwait(false);
                Interlocked.Add(ref _open, -(done.Count + returned.Count));
                done.Clear();
                returned.Clear();
            }
        }
        catch (Exception e) when (BrokerFailure.IsExpected(e))
        {
            // The channel is gone, and the broker delivers again what was not settled.
        }
    }

    private async Task AcknowledgeAsync(List<ulong> tags)
    {
        IReadOnlyList<ulong> others;
        ulong upTo;
        lock (_lock)
        {
            others = _ledger.Settle(tags, out upTo);
        }

        if (upTo > 0)
        {
            await _channel.BasicAckAsync(upTo, multiple: true).ConfigureAwait(false);
        }

        foreach (ulong tag in others)
        {
            await _channel.BasicAckAsync(tag, multiple: false).ConfigureAwait(false);
        }
    }

    private async Task ReturnAsync(List<ulong> tags)
    {
        // On the wire before they count as settled: an acknowledgement of many must not take them along.
        foreach (ulong tag in tags)
        {
            await _channel.BasicNackAsync(tag, multiple: false, requeue: true).ConfigureAwait(false);
        }

        lock (_lock)
        {
            _ledger.Settle(tags, out _);
        }
    }
}
