using System.Collections.Concurrent;
using PortMgmt.Cluster;
using PortMgmt.Operations;
using PortMgmt.RabbitMq.Connection;
using PortMgmt.RabbitMq.Messages;
using PortMgmt.RabbitMq.Topology;
using PortMgmt.RabbitMq.Workers;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace PortMgmt.RabbitMq.Batches;

/// <summary>
/// The types that a submitter uses. Each is looked for once: a type that no worker ever served is a mistake, not a queue to wait in.
/// While it is used, the submitter also makes dead letters of what the broker gave up, so that it is answered though no worker may be left. Thread-safe.
/// </summary>
internal sealed class KnownTypes(TopologyNames names, Publisher publisher, ClusterOptions options, int? partitions, Action<string>? notify = null) : IDisposable
{
    private readonly ConcurrentDictionary<string, TypeLayout> _known = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _one = new(1);
    private TaskCompletionSource<IConnection> _connected = NewConnected();

    /// <summary>The error of a type that is not there.</summary>
    public static OperationException NotFound(string type) => new(
        OperationErrorCode.TypeNotFound, $"No worker of the cluster ever served operations of type '{type}': start one, or check the name.");

    /// <summary>The layout of a type that was found before; null for another.</summary>
    public TypeLayout? Find(string type) => _known.GetValueOrDefault(type);

    /// <summary>Looks for a type.</summary>
    /// <exception cref="OperationException">It is not there, or the broker failed.</exception>
    public async Task RequireAsync(string type, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_known.ContainsKey(type))
            {
                return;
            }

            TypeLayout? layout;
            do
            {
                IConnection connection = await Volatile.Read(ref _connected).Task.WaitAsync(cancellationToken).ConfigureAwait(false);
                layout = await TryUseAsync(connection, type, cancellationToken).ConfigureAwait(false);
            }
            while (layout is null);

            _known[type] = layout;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Looks for a type again that lost its queues: somebody may have given it another number of partitions.</summary>
    /// <returns>Null where it is not there, or not as the submitter demands it.</returns>
    public async Task<TypeLayout?> FindAgainAsync(IConnection connection, string type, CancellationToken cancellationToken)
    {
        if (await TypeRegistry.FindAsync(connection, names, type, cancellationToken).ConfigureAwait(false) is not { } layout
            || (partitions is int wanted && wanted != layout.Partitions))
        {
            return null;
        }

        if (layout.Partitions != _known[type].Partitions)
        {
            await UseAsync(connection, layout, cancellationToken).ConfigureAwait(false);
            _known[type] = layout;
        }

        return layout;
    }

    /// <summary>There is a new connection.</summary>
    public async Task AttachAsync(IConnection connection, CancellationToken cancellationToken)
    {
        foreach (string type in _known.Keys)
        {
            // One that is gone is the audit's business: it says so, and finds out when there is a worker again.
            if (await TypeRegistry.FindAsync(connection, names, type, cancellationToken).ConfigureAwait(false) is { } layout)
            {
                _known[type] = layout;
                await UseAsync(connection, layout, cancellationToken).ConfigureAwait(false);
            }
        }

        _connected.TrySetResult(connection);
    }

    /// <summary>The connection is gone: who looks for a type waits for the next.</summary>
    public void Detach()
    {
        if (_connected.Task.IsCompleted)
        {
            Volatile.Write(ref _connected, NewConnected());
        }
    }

    /// <summary>There will be no other connection.</summary>
    public void Fail(OperationException failure)
    {
        _connected.TrySetException(failure);
        _ = _connected.Task.Exception;
    }

    /// <inheritdoc/>
    public void Dispose() => _one.Dispose();

    private static TaskCompletionSource<IConnection> NewConnected() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Null where the connection was lost meanwhile: there will be another one, or whoever makes it says why not.
    private async Task<TypeLayout?> TryUseAsync(IConnection connection, string type, CancellationToken cancellationToken)
    {
        try
        {
            TypeLayout layout = await TypeRegistry.FindAsync(connection, names, type, cancellationToken).ConfigureAwait(false) ?? throw NotFound(type);
            TypeRegistry.Require(layout, partitions);
            if (layout.IsNumberGone)
            {
                notify?.Invoke($"The queue that says how many partitions type '{type}' has was deleted. It has {layout.Partitions} by those that are there: operations go there, and the next worker makes that queue again.");
            }

            await UseAsync(connection, layout, cancellationToken).ConfigureAwait(false);
            return layout;
        }
        catch (Exception e) when (e is not OperationException && BrokerFailure.IsExpected(e) && !cancellationToken.IsCancellationRequested)
        {
            if (connection.IsOpen)
            {
                throw BrokerFailure.From(e, options.Broker);
            }

            Forget(connection);
            return null;
        }
    }

    // Whoever looks after the connection may not have heard yet that it is gone.
    private void Forget(IConnection connection)
    {
        TaskCompletionSource<IConnection> connected = Volatile.Read(ref _connected);
        if (connected.Task is { IsCompletedSuccessfully: true } task && task.Result == connection)
        {
            Interlocked.CompareExchange(ref _connected, NewConnected(), connected);
        }
    }

    private async Task UseAsync(IConnection connection, TypeLayout layout, CancellationToken cancellationToken)
    {
        // An earlier version may have made the queue, and bound it to nothing.
        foreach ((string queue, string key) in layout.Queues.Zip(layout.Keys))
        {
            await ClusterTopology.TryBindAsync(connection, queue, names.OperationsExchange, key, cancellationToken).ConfigureAwait(false);
        }

        try
        {
            await PublishDeadLettersAsync(connection, layout.Type, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationInterruptedException e) when (e.ShutdownReason is { ReplyCode: Constants.AccessRefused or Constants.NotFound })
        {
            // A user who only submits may not, and leaves that to the workers; what was deleted a worker makes again.
        }
    }

    private async Task PublishDeadLettersAsync(IConnection connection, string type, CancellationToken cancellationToken)
    {
        IChannel channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        await channel.BasicQosAsync(0, DeadLetterConsumer.Prefetch, global: false, cancellationToken).ConfigureAwait(false);
        var acks = new AckBatcher(channel);
        var consumer = new DeadLetterConsumer(channel, new DeadLetterPublisher(names, type, options, publisher, acks));
        await channel.BasicConsumeAsync(names.Exhausted(type), autoAck: false, consumer, cancellationToken).ConfigureAwait(false);
    }
}
