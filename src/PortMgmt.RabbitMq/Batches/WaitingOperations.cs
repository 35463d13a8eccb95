namespace PortMgmt.RabbitMq.Batches;

/// <summary>What waits in the queues of a type.</summary>
/// <param name="Messages">Messages that no worker has, in all queues of the type from which operations are run or answered.</param>
/// <param name="Consumers">How many workers take from the queue of work.</param>
internal readonly record struct WaitingOperations(long Messages, int Consumers);
