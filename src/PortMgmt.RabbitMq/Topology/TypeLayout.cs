using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace PortMgmt.RabbitMq.Topology;

/// <summary>Which queues the operations of a type wait in: one, or a partition for each of several leaders.</summary>
/// <param name="names">The names.</param>
/// <param name="type">The type.</param>
/// <param name="partitions">How many partitions it has; with one its queue is called as it always was.</param>
internal sealed class TypeLayout(TopologyNames names, string type, int partitions)
{
    private readonly string[] _keys = partitions == 1
        ? [type]
        : [.. Enumerable.Range(0, partitions).Select(partition => PartitionName.Of(type, partition))];

    /// <summary>The type.</summary>
    public string Type => type;

    /// <summary>How many partitions it has.</summary>
    public int Partitions => partitions;

    /// <summary>The queue that says the number is gone; it was found by the queues of the partitions.</summary>
    public bool IsNumberGone { get; init; }

    /// <summary>Its queues of work, by partition.</summary>
    public IReadOnlyList<string> Queues { get; } = partitions == 1
        ? [names.Work(type)]
        : [.. Enumerable.Range(0, partitions).Select(partition => names.Work(type, partition))];

    /// <summary>By what the exchange of operations knows these queues.</summary>
    public IReadOnlyList<string> Keys => _keys;

    /// <summary>The queue that says how many partitions there are, and that each worker consumes once; with one partition that is the queue of work.</summary>
    public string Marker { get; } = partitions == 1 ? names.Work(type) : names.Partitions(type, partitions);

    /// <summary>
    /// The partition of an operation: the first four bytes of the SHA-256 of its id in UTF-8, the highest first, modulo the number. It depends
    /// on nothing else, so that a repeat meets the same queue whoever sends it, and an operator can find the queue with any tool.
    /// </summary>
    public int PartitionOf(string id)
    {
        if (partitions == 1)
        {
            return 0;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(id), hash);
        return (int)(BinaryPrimitives.ReadUInt32BigEndian(hash) % (uint)partitions);
    }
}
