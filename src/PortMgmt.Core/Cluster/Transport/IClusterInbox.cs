namespace PortMgmt.Cluster.Transport;

/// <summary>A node's end of the cluster for one type: operations come in as there is room, results go out. Thread-safe.</summary>
internal interface IClusterInbox : IAsyncDisposable
{
    /// <summary>Ends when the broker cannot be reached any more; fails with the reason.</summary>
    Task Lost { get; }

    /// <summary>How often the connection was lost and made again.</summary>
    int Reconnects { get; }

    /// <summary>Sends a result; the operation is done with once the broker has it.</summary>
    /// <param name="delivery">The operation.</param>
    /// <param name="result">How it ended.</param>
    void Answer(ClusterDelivery delivery, ClusterResult result);

    /// <summary>Gives an operation back, for another node or another time. Too often, and it is dead.</summary>
    /// <param name="delivery">The operation.</param>
    /// <param name="reason">Why, for whoever looks at it when it is dead.</param>
    void GiveBack(ClusterDelivery delivery, string reason);

    /// <summary>Takes no more operations.</summary>
    /// <returns>When the broker knows.</returns>
    Task PauseAsync();

    /// <summary>Takes operations again.</summary>
    /// <returns>When the broker knows.</returns>
    Task ResumeAsync();

    /// <summary>Waits until every result that was handed over is with the broker.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>When they are.</returns>
    Task FlushAsync(CancellationToken cancellationToken);
}
