using PortMgmt.Operations;

namespace PortMgmt.Cluster.Transport;

/// <summary>
/// The seam to a broker. It keeps nothing between calls: whoever opens a batch or an inbox has a connection of its own for as long as
/// that is open, so an idle cluster member has none. Thread-safe.
/// </summary>
internal interface IClusterTransport
{
    /// <summary>Connects, makes what the cluster needs, and disconnects.</summary>
    /// <param name="options">The cluster.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>When it worked.</returns>
    /// <exception cref="OperationException">
    /// <see cref="OperationErrorCode.BrokerUnreachable"/>, <see cref="OperationErrorCode.BrokerAccessDenied"/>,
    /// <see cref="OperationErrorCode.BrokerConflict"/>, <see cref="OperationErrorCode.InvalidOption"/>.
    /// </exception>
    Task VerifyAsync(ClusterOptions options, CancellationToken cancellationToken);

    /// <summary>Opens a batch, new or begun.</summary>
    /// <param name="options">The cluster.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>The batch, with what there is of it already.</returns>
    /// <exception cref="OperationException">As <see cref="VerifyAsync"/>; <see cref="OperationErrorCode.BatchInUse"/>: another submitter has it.</exception>
    Task<IClusterBatch> OpenBatchAsync(ClusterOptions options, ClusterBatchOptions batch, CancellationToken cancellationToken);

    /// <summary>Opens an inbox; operations come at once.</summary>
    /// <param name="options">The cluster.</param>
    /// <param name="inbox">What to take.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>The inbox.</returns>
    /// <exception cref="OperationException">As <see cref="VerifyAsync"/>.</exception>
    Task<IClusterInbox> OpenInboxAsync(ClusterOptions options, ClusterInboxOptions inbox, CancellationToken cancellationToken);

    /// <summary>Asks all nodes how they are.</summary>
    /// <param name="options">The cluster.</param>
    /// <param name="timeout">How long to wait for answers.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Those that answered, by name.</returns>
    /// <exception cref="OperationException">As <see cref="VerifyAsync"/>.</exception>
    Task<IReadOnlyList<ClusterNode>> GetNodesAsync(ClusterOptions options, TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary>Asks the broker what waits in the queues of types.</summary>
    /// <param name="options">The cluster.</param>
    /// <param name="types">The types.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Of each type, in their order.</returns>
    /// <exception cref="OperationException">As <see cref="VerifyAsync"/>.</exception>
    Task<IReadOnlyList<ClusterQueue>> GetQueuesAsync(ClusterOptions options, IReadOnlyList<string> types, CancellationToken cancellationToken);

    /// <summary>Opens the dead letters of a type.</summary>
    /// <param name="options">The cluster.</param>
    /// <param name="type">The type.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>The dead letters.</returns>
    /// <exception cref="OperationException">As <see cref="VerifyAsync"/>; <see cref="OperationErrorCode.TypeNotFound"/>.</exception>
    Task<IFailedOperations> OpenFailedAsync(ClusterOptions options, string type, CancellationToken cancellationToken);
}
