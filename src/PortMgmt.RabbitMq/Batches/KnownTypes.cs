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
internal sealed class KnownTypes(TopologyNames names, Publisher publisher, ClusterOptions options) : IDisposable
{
    private readonly ConcurrentDictionary<string, bool> _known = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _one = new(1);
    private TaskCompletionSource<IConnection> _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The error of a type that is not there.</summary>
    public static OperationException NotFound(string type) => new(
        OperationErrorCode.TypeNotFound, $"No worker of the cluster ever served operations of type '{type}': start one, or check the name.");

    /// <summary>Whether the type was found before.</summary>
    public bool IsKnown(string type) => _known.ContainsKey(type);

    /// <summary>Looks for a type.</summary>
    /// <exception cref="OperationException">It is not there, or the broker failed.</exception>
    public async Task RequireAsync(string type, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (IsKnown(type))
            {
                return;
            }

            IConnection connection = await Volatile.Read(ref _connected).Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (!await QueueProbe.ExistsAsync(connection, names.Work(type), cancellationToken).ConfigureAwait(false))
            {
                throw NotFound(type);
            }

            await UseAsync(connection, type, cancellationToken).ConfigureAwait(false);
            _known[type] = true;
        }
        catch (Exception e) when (e is not OperationException && BrokerFailure.IsExpected(e) && !cancellationToken.IsCancellationRequested)
        {
            throw BrokerFailure.From(e, options.Broker);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>There is a new connection.</summary>
    public async Task AttachAsync(IConnection connection, CancellationToken cancellationToken)
    {
        foreach (string type in _known.Keys)
        {
            // One that is gone is the audit's business: it says so, and finds out when there is a worker again.
            if (await QueueProbe.ExistsAsync(connection, names.Work(type), cancellationToken).ConfigureAwait(false))
            {
                await UseAsync(connection, type, cancellationToken).ConfigureAwait(false);
            }
        }

        _connected.TrySetResult(connection);
    }

    /// <summary>The connection is gone: who looks for a type waits for the next.</summary>
    public void Detach()
    {
        if (_connected.Task.IsCompleted)
        {
            Volatile.Write(ref _connected, new TaskCompletionSource<IConnection>(TaskCreationOptions.RunContinuationsAsynchronously));
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

    private async Task UseAsync(IConnection connection, string type, CancellationToken cancellationToken)
    {
        await BindAsync(connection, type, cancellationToken).ConfigureAwait(false);
        try
        {
            await PublishDeadLettersAsync(connection, type, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationInterruptedException e) when (e.ShutdownReason is { ReplyCode: Constants.AccessRefused or Constants.NotFound })
        {
            // A user who only submits may not, and leaves that to the workers; what was deleted a worker makes again.
        }
    }

    /// <summary>Has the broker take operations of a type to its queue, where an earlier version made it.</summary>
    public Task BindAsync(IConnection connection, string type, CancellationToken cancellationToken) =>
        ClusterTopology.TryBindAsync(connection, names.Work(type), names.OperationsExchange, type, cancellationToken);

    private async Task PublishDeadLettersAsync(IConnection connection, string type, CancellationToken cancellationToken)
    {
        IChannel channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        await channel.BasicQosAsync(0, DeadLetterConsumer.Prefetch, global: false, cancellationToken).ConfigureAwait(false);
        var acks = new AckBatcher(channel);
        var consumer = new DeadLetterConsumer(channel, new DeadLetterPublisher(names, type, options, publisher, acks));
        await channel.BasicConsumeAsync(names.Exhausted(type), autoAck: false, consumer, cancellationToken).ConfigureAwait(false);
    }
}
