using PortMgmt.Operations;
using RabbitMQ.Client;

namespace PortMgmt.RabbitMq.Connection;

/// <summary>What lives on a connection. Its calls follow each other.</summary>
internal interface IConnectionLifecycle
{
    /// <summary>There is a new connection: make channels, queues and consumers.</summary>
    Task OpenAsync(IConnection connection, CancellationToken cancellationToken);

    /// <summary>The connection is gone, and all that was made on it. May be called more than once.</summary>
    Task CloseAsync();

    /// <summary>There will be no other connection.</summary>
    void Fail(OperationException failure);
}
