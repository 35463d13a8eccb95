using System.Collections.Concurrent;

namespace PortMgmt.RabbitMq.Workers;

/// <summary>The operations that a node has and has not answered yet, whatever became of the connection on which they came. Thread-safe.</summary>
internal sealed class HeldDeliveries
{
    private readonly ConcurrentDictionary<BrokerDelivery, bool> _all = new(ReferenceEqualityComparer.Instance);

    /// <summary>Keeps one in mind until it is settled.</summary>
    public void Add(BrokerDelivery delivery)
    {
        delivery.OnSettled += Remove;
        _all.TryAdd(delivery, true);
    }

    /// <summary>The ids of those that belong to a batch.</summary>
    public IReadOnlyList<string> IdsOf(string batchId) => [.. _all.Keys.Where(delivery => delivery.BatchId == batchId).Select(delivery => delivery.OperationId)];

    private void Remove(BrokerDelivery delivery) => _all.TryRemove(delivery, out _);
}
