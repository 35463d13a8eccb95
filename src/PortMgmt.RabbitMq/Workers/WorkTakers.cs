using PortMgmt.RabbitMq.Connection;
using PortMgmt.RabbitMq.Topology;
using RabbitMQ.Client;

namespace PortMgmt.RabbitMq.Workers;

/// <summary>
/// Takes operations from all partitions of a type within a worker's room. The room is cut into a taker for each partition, or for each
/// place where there are fewer; a taker whose partition has no more goes where there is more. A single queue has a single taker, which stays.
/// </summary>
/// <param name="channel">The channel, on which nobody else consumes any more.</param>
/// <param name="layout">The partitions.</param>
/// <param name="room">How many operations may be held at once.</param>
/// <param name="makeConsumer">Makes a consumer of a partition that shows each operation before it hands it on.</param>
/// <param name="onBroken">Called when something is not as it should be.</param>
/// <param name="clock">The clock.</param>
internal sealed class WorkTakers(
    IChannel channel, TypeLayout layout, int room,
    Func<int, Action<BrokerDelivery>, WorkConsumer> makeConsumer, Action onBroken, TimeProvider clock) : IAsyncDisposable
{
    /// <summary>How often it is looked whether a taker should move; less often while none has anything to do.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestInterval = TimeSpan.FromSeconds(1);

    /// <summary>How many partitions that nobody consumes the broker is asked about at each look: all of them every few seconds.</summary>
    private const int MaxAsked = 16;

    private readonly Lock _lock = new();
    private readonly WorkTaker[] _takers = [.. Enumerable.Range(0, Math.Min(room, layout.Partitions)).Select(i => new WorkTaker
    {
        Partition = i,
        Size = (room / Math.Min(room, layout.Partitions)) + (i < room % Math.Min(room, layout.Partitions) ? 1 : 0),
    })];

    private readonly long[] _attended = new long[layout.Partitions];
    private readonly long[] _asked = new long[layout.Partitions];
    private readonly bool[] _hasWork = new bool[layout.Partitions];
    private readonly CancellationTokenSource _ending = new();
    private TaskCompletionSource _room = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _running = Task.CompletedTask;
    private long _looks;

    /// <summary>Begins to take.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (WorkTaker taker in _takers)
        {
            await OpenAsync(taker, cancellationToken).ConfigureAwait(false);
        }

        if (layout.Partitions > 1)
        {
            _running = Task.Run(RunAsync, CancellationToken.None);
        }
    }

    /// <summary>Takes no more, on a channel that stays.</summary>
    public async Task StopAsync()
    {
        await DisposeAsync().ConfigureAwait(false);
        foreach (WorkTaker taker in _takers)
        {
            await CloseAsync(taker).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _ending.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            TimeSpan wait = Interval;
            long lookedAt = clock.GetTimestamp();
            while (true)
            {
                await WaitAsync(wait - clock.GetElapsedTime(lookedAt)).ConfigureAwait(false);
                if (clock.GetElapsedTime(lookedAt) >= wait)
                {
                    lookedAt = clock.GetTimestamp();
                    bool isWaiting = await AskAsync(_ending.Token).ConfigureAwait(false);
                    await MoveAsync(_ending.Token).ConfigureAwait(false);
                    wait = IsAtRest() && !isWaiting ? TimeSpan.FromTicks(Math.Min(2 * wait.Ticks, LongestInterval.Ticks)) : Interval;
                }

                await OpenAllAsync(_ending.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // Nothing more is taken.
        }
        catch (Exception e) when (BrokerFailure.IsExpected(e))
        {
            onBroken();
        }
    }

    // Until it is time, or a taker that waits for room has some.
    private async Task WaitAsync(TimeSpan wait)
    {
        Task hasRoom;
        lock (_lock)
        {
            if (_room.Task.IsCompleted)
            {
                _room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            hasRoom = Array.Exists(_takers, taker => taker.CanOpen) ? Task.CompletedTask : _room.Task;
        }

        if (wait > TimeSpan.Zero)
        {
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(_ending.Token);
            await Task.WhenAny(hasRoom, Task.Delay(wait, clock, ending.Token)).ConfigureAwait(false);
            await ending.CancelAsync().ConfigureAwait(false);
        }

        _ending.Token.ThrowIfCancellationRequested();
    }

    // Whether something waits where nobody is. A queue that is gone, whose loss nobody else would be told of, ends the channel: then all is
    // made again. No question is given up before its answer, which would be taken for the answer to the next.
    private async Task<bool> AskAsync(CancellationToken cancellationToken)
    {
        int[] unattended = [.. Enumerable.Range(0, layout.Partitions).Except(_takers.Select(taker => taker.Partition)).OrderBy(partition => _asked[partition]).Take(MaxAsked)];
        foreach (int partition in unattended)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _hasWork[partition] = await channel.MessageCountAsync(layout.Queues[partition], CancellationToken.None).ConfigureAwait(false) > 0;
            _asked[partition] = _looks + 1;
        }

        return Array.Exists(_hasWork, waits => waits);
    }

    private async Task MoveAsync(CancellationToken cancellationToken)
    {
        List<(WorkTaker Taker, int Partition)> moves;
        lock (_lock)
        {
            _looks++;
            foreach (WorkTaker taker in _takers)
            {
                _attended[taker.Partition] = _looks;
            }

            moves = [.. TakerPlan.Make(_takers, _attended, _hasWork)];
            moves.AddRange(_takers.Where(taker => taker.IsShort && !moves.Exists(move => move.Taker == taker)).Select(taker => (taker, taker.Partition)));
            foreach (TakerConsumer consumer in _takers.Select(taker => taker.Consumer).OfType<TakerConsumer>())
            {
                consumer.Peak = consumer.Held;
            }
        }

        foreach ((WorkTaker taker, int partition) in moves)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await CloseAsync(taker).ConfigureAwait(false);
            lock (_lock)
            {
                taker.Partition = partition;
                taker.Since = _looks;
                _hasWork[partition] = false;
            }
        }
    }

    private bool IsAtRest()
    {
        lock (_lock)
        {
            return Array.TrueForAll(_takers, taker => taker.Held == 0);
        }
    }

    private async Task OpenAllAsync(CancellationToken cancellationToken)
    {
        foreach (WorkTaker taker in _takers)
        {
            bool canOpen;
            lock (_lock)
            {
                canOpen = taker.CanOpen;
            }

            cancellationToken.ThrowIfCancellationRequested();
            if (canOpen)
            {
                // To its end, or a consumer would stay of which nobody knows.
                await OpenAsync(taker, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private async Task OpenAsync(WorkTaker taker, CancellationToken cancellationToken)
    {
        TakerConsumer consumer;
        lock (_lock)
        {
            taker.Consumer = consumer = new TakerConsumer { Prefetch = taker.Size - taker.Held };
        }

        await channel.BasicQosAsync(0, (ushort)consumer.Prefetch, global: false, cancellationToken).ConfigureAwait(false);
        consumer.Work = makeConsumer(taker.Partition, delivery => Hold(taker, consumer, delivery));
        consumer.Tag = await channel.BasicConsumeAsync(layout.Queues[taker.Partition], autoAck: false, consumer.Work, cancellationToken).ConfigureAwait(false);
    }

    private async Task CloseAsync(WorkTaker taker)
    {
        if (taker.Consumer is { Tag: { } tag, Work: { } work })
        {
            await channel.BasicCancelAsync(tag).ConfigureAwait(false);

            // What it brought before is counted by then.
            await work.Ended.ConfigureAwait(false);
        }

        lock (_lock)
        {
            taker.Consumer = null;
        }
    }

    private void Hold(WorkTaker taker, TakerConsumer consumer, BrokerDelivery delivery)
    {
        lock (_lock)
        {
            taker.Held++;
            consumer.Held++;
            consumer.Peak = Math.Max(consumer.Peak, consumer.Held);
        }

        delivery.OnSettled += _ =>
        {
            lock (_lock)
            {
                taker.Held--;
                consumer.Held--;
                if (taker.CanOpen)
                {
                    _room.TrySetResult();
                }
            }
        };
    }
}
