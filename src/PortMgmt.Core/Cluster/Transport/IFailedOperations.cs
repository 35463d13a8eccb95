using PortMgmt.Operations;

namespace PortMgmt.Cluster.Transport;

/// <summary>The dead letters of one type. While it is open nobody else sees those that were read; what was not removed is there again afterwards.</summary>
internal interface IFailedOperations : IAsyncDisposable
{
    /// <summary>Reads the next one.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Null when all that were there at the beginning have been read.</returns>
    /// <exception cref="OperationException">The broker failed.</exception>
    ValueTask<FailedOperation?> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Removes one that was read.</summary>
    /// <param name="failed">The object that <see cref="ReadAsync"/> returned.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>When the broker was told.</returns>
    ValueTask RemoveAsync(FailedOperation failed, CancellationToken cancellationToken);
}
