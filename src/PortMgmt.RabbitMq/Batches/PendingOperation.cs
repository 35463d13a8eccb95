using PortMgmt.Cluster;

namespace PortMgmt.RabbitMq.Batches;

/// <summary>An operation that a caller waits for.</summary>
internal sealed class PendingOperation(in ClusterOperation operation)
{
    private readonly ClusterOperation _operation = operation;

    // Whoever waits goes on at once, on the thread that took the result in: it hands the result on and sends the next operation, and a
    // switch of threads for that would cost more than it.
    private readonly TaskCompletionSource<ClusterResult> _result = new();

    /// <summary>What is sent.</summary>
    public ref readonly ClusterOperation Operation => ref _operation;

    /// <summary>Since when the broker has it, on the batch's clock; null while that is not known.</summary>
    public long? SentAt { get; set; }

    /// <summary>How often in a row it was looked for and was nowhere.</summary>
    public int Misses { get; set; }

    /// <summary>Its id in the batch.</summary>
    public string Id => _operation.Id;

    /// <summary>How it ends.</summary>
    public Task<ClusterResult> Result => _result.Task;

    /// <summary>It has ended.</summary>
    public bool HasEnded => _result.Task.IsCompleted;

    /// <summary>It ended.</summary>
    public void End(ClusterResult result) => _result.TrySetResult(result);

    /// <summary>Nobody will say how it ends.</summary>
    public void Fail(Exception error) => _result.TrySetException(error);
}
