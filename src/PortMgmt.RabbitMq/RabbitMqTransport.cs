using PortMgmt.Cluster;
using PortMgmt.Cluster.Transport;
using PortMgmt.Operations;
using PortMgmt.RabbitMq.Batches;
using PortMgmt.RabbitMq.Connection;
using PortMgmt.RabbitMq.Failures;
using PortMgmt.RabbitMq.Nodes;
using PortMgmt.RabbitMq.Topology;
using PortMgmt.RabbitMq.Workers;
using RabbitMQ.Client;

namespace PortMgmt.RabbitMq;

/// <summary>Operation batches over many machines, on RabbitMQ 3.10 or later. Thread-safe; keeps nothing between calls.</summary>
internal sealed class RabbitMqTransport : IClusterTransport
{
    /// <inheritdoc/>
    public Task VerifyAsync(ClusterOptions options, CancellationToken cancellationToken) => OnceAsync(
        options,
        "member",
        async (connection, token) =>
        {
            await ClusterTopology.DeclareExchangesAsync(connection, new TopologyNames(options.ClusterId), token).ConfigureAwait(false);
            return true;
        },
        cancellationToken);

    /// <inheritdoc/>
    public async Task<IClusterBatch> OpenBatchAsync(ClusterOptions options, ClusterBatchOptions batch, CancellationToken cancellationToken) =>
        await BrokerBatch.OpenAsync(options, batch, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async Task<IClusterInbox> OpenInboxAsync(ClusterOptions options, ClusterInboxOptions inbox, CancellationToken cancellationToken) =>
        await BrokerInbox.OpenAsync(options, inbox, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ClusterNode>> GetNodesAsync(ClusterOptions options, TimeSpan timeout, CancellationToken cancellationToken) =>
        OnceAsync(options, "inspector", (connection, token) => NodeQuery.QueryAsync(connection, options, timeout, token), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ClusterQueue>> GetQueuesAsync(ClusterOptions options, IReadOnlyList<string> types, CancellationToken cancellationToken) => OnceAsync(
        options, "inspector", (connection, token) => QueueQuery.QueryAsync(connection, new TopologyNames(options.ClusterId), types, token), cancellationToken);

    /// <inheritdoc/>
    public async Task<IFailedOperations> OpenFailedAsync(ClusterOptions options, string type, CancellationToken cancellationToken) =>
        await FailedOperations.OpenAsync(options, type, cancellationToken).ConfigureAwait(false);

    private static Task<T> OnceAsync<T>(ClusterOptions options, string role, Func<IConnection, CancellationToken, Task<T>> use, CancellationToken cancellationToken) =>
        BrokerStart.RunAsync(options, (attempt, token) => TryOnceAsync(options, attempt, role, use, token), options.OnNotice, cancellationToken);

    private static async Task<T> TryOnceAsync<T>(
        ClusterOptions options, ConnectAttempt attempt, string role, Func<IConnection, CancellationToken, Task<T>> use, CancellationToken cancellationToken)
    {
        IConnection connection = await BrokerConnector.ConnectAsync(options, attempt, role, cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            try
            {
                return await BrokerConnector.UseAsync(connection, token => use(connection, token), cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is not OperationException && BrokerFailure.IsExpected(e) && !cancellationToken.IsCancellationRequested)
            {
                throw BrokerFailure.From(e, attempt.Broker);
            }
        }
    }
}
