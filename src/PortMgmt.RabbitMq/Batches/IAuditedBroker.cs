using PortMgmt.RabbitMq.Nodes;

namespace PortMgmt.RabbitMq.Batches;

/// <summary>What a batch can ask its broker about the operations that are out. Every call may fail as the broker does.</summary>
internal interface IAuditedBroker
{
    /// <summary>What waits in the queues of a type; null where its queue of work is gone.</summary>
    Task<WaitingOperations?> CountAsync(string type, CancellationToken cancellationToken);

    /// <summary>Asks all workers which operations of the batch they have.</summary>
    Task<IReadOnlyCollection<HeldOperations>> AskHeldAsync(CancellationToken cancellationToken);

    /// <summary>Waits until every result that is with the broker now was taken in.</summary>
    Task CatchUpAsync(CancellationToken cancellationToken);
}
