using System.Threading.Channels;
using PortMgmt.Cluster;
using PortMgmt.RabbitMq.Messages;
using PortMgmt.RabbitMq.Topology;
using RabbitMQ.Client;

namespace PortMgmt.RabbitMq.Workers;

/// <summary>
/// Sends results, those of one batch together: what ends while earlier ones wait for their confirmation goes with the next message, so
/// that a busy node sends few and a quiet one does not wait. Thread-safe.
/// </summary>
internal sealed class ResultSender : IAsyncDisposable
{
    /// <summary>About how many results may wait for their confirmation before the next message gathers more.</summary>
    private const int ResultsUnderWay = 256;

    private const int LargestMessage = ClusterLimits.MaxInputBytes;

    private readonly TopologyNames _names;
    private readonly Publisher _publisher;
    private readonly int _most;
    private readonly Channel<(BrokerDelivery Delivery, ClusterResult Result)> _waiting =
        Channel.CreateUnbounded<(BrokerDelivery, ClusterResult)>(new UnboundedChannelOptions { SingleReader = true });
    private readonly SemaphoreSlim _room;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _sending;
    private long _open;

    /// <summary>Makes it.</summary>
    /// <param name="names">The queues' names.</param>
    /// <param name="publisher">What sends.</param>
    /// <param name="most">How many results a message has at most.</param>
    public ResultSender(TopologyNames names, Publisher publisher, int most)
    {
        _names = names;
        _publisher = publisher;
        _most = most;

        // At least one on its way while the next gathers.
        _room = new SemaphoreSlim(Math.Max(2, ResultsUnderWay / most));
        _sending = Task.Run(SendAsync);
    }

    /// <summary>How many results are not with the broker yet.</summary>
    public long Open => Interlocked.Read(ref _open);

    /// <summary>Sends a result; its operation is acknowledged when the broker has it.</summary>
    public void Add(BrokerDelivery delivery, ClusterResult result)
    {
        Interlocked.Increment(ref _open);
        _waiting.Writer.TryWrite((delivery, result));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _sending.ConfigureAwait(false);
        _stopping.Dispose();
        _room.Dispose();
    }

    private async Task SendAsync()
    {
        try
        {
            while (await _waiting.Reader.WaitToReadAsync(_stopping.Token).ConfigureAwait(false))
            {
                await _room.WaitAsync(_stopping.Token).ConfigureAwait(false);
                Dictionary<string, ResultMessage> messages = Gather();

                // The first has its place already; few nodes serve more than one batch at a time.
                for (int i = 1; i < messages.Count; i++)
                {
                    await _room.WaitAsync(_stopping.Token).ConfigureAwait(false);
                }

                foreach (ResultMessage message in messages.Values)
                {
                    _publisher.Send(message);
                }
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // What was not sent is not acknowledged either: another node gets the operations.
        }
    }

    private Dictionary<string, ResultMessage> Gather()
    {
        var groups = new Dictionary<string, List<(BrokerDelivery Delivery, ClusterResult Result)>>();
        int size = 0;
        for (int count = 0; count < _most && size < LargestMessage && _waiting.Reader.TryRead(out (BrokerDelivery Delivery, ClusterResult Result) next); count++)
        {
            if (!groups.TryGetValue(next.Delivery.BatchId, out List<(BrokerDelivery, ClusterResult)>? group))
            {
                groups.Add(next.Delivery.BatchId, group = []);
            }

            group.Add(next);
            size += next.Result.Output.Length + (next.Result.Error?.Length ?? 0);
        }

        return groups.ToDictionary(group => group.Key, group => MakeMessage(group.Key, group.Value));
    }

    private ResultMessage MakeMessage(string batchId, List<(BrokerDelivery Delivery, ClusterResult Result)> results) => new(this, results.ConvertAll(pair => pair.Delivery))
    {
        Queue = _names.Results(batchId),
        Properties = new BasicProperties
        {
            MessageId = Guid.NewGuid().ToString("N"),
            Type = ResultMessages.ResultsType,
            ContentType = OperationMessages.ContentType,
            DeliveryMode = DeliveryModes.Persistent,
        },
        Body = ResultMessages.Write(results.ConvertAll(pair => pair.Result)),
    };

    private void OnSettled(int count, bool hasRoom)
    {
        Interlocked.Add(ref _open, -count);
        if (hasRoom)
        {
            _room.Release();
        }
    }

    private sealed class ResultMessage(ResultSender sender, List<BrokerDelivery> deliveries) : OutgoingMessage
    {
        private bool _hasRoom = true;

        public override void OnConfirmed()
        {
            deliveries.ForEach(delivery => delivery.Acknowledge());
            sender.OnSettled(deliveries.Count, _hasRoom);
        }

        // The results of other batches do not wait for a queue of this one: what is held is bounded by the node's own room.
        public override void OnHeld()
        {
            if (_hasRoom)
            {
                _hasRoom = false;
                sender._room.Release();
            }
        }

        public override void OnRefused(string reason, bool isUnroutable)
        {
            // A batch that is complete, or was left for too long, has no queue any more: nobody waits for its results.
            deliveries.ForEach(delivery =>
            {
                if (isUnroutable)
                {
                    delivery.Acknowledge();
                }
                else
                {
                    delivery.Return();
                }
            });
            sender.OnSettled(deliveries.Count, _hasRoom);
        }
    }
}
