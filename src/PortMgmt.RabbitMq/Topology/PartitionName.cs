using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using PortMgmt.Cluster;

namespace PortMgmt.RabbitMq.Topology;

/// <summary>What a partition of a type is called behind its kind: the type, a dot and the number. A type of its own may have such a name too.</summary>
internal static class PartitionName
{
    /// <summary>Makes the name.</summary>
    public static string Of(string type, int partition) => string.Create(CultureInfo.InvariantCulture, $"{type}.{partition}");

    /// <summary>Reads it. Only the name itself counts: <c>event.00</c> is none.</summary>
    public static bool TryParse(string name, [NotNullWhen(true)] out string? type, out int partition)
    {
        int dot = name.LastIndexOf('.');
        partition = -1;
        type = dot > 0
            && int.TryParse(name.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out partition)
            && partition < ClusterLimits.MaxPartitions
            && name == Of(name[..dot], partition)
                ? name[..dot]
                : null;
        return type is not null;
    }
}
