using System.Globalization;
using System.Text.Json;
using PortMgmt.Cli.Output;
using PortMgmt.Cluster;
using PortMgmt.Text;

namespace PortMgmt.Cli.Cluster;

/// <summary>Nodes and queues of a cluster as people and programs read them.</summary>
internal static class ClusterListing
{
    /// <summary>Nodes as a table.</summary>
    public static TextTable Table(IReadOnlyList<ClusterNode> nodes, DateTimeOffset now)
    {
        var table = new TextTable("NODE", "CONDITION", "TYPES", "ACTIVE", "LIMIT", "DONE", "FAILED", "VERSION", "AGE", "HOST", "PID", "REASON");
        foreach (ClusterNode node in nodes)
        {
            table.Add(
                node.Condition == ClusterWorkerCondition.Healthy ? RowStyle.Plain : RowStyle.Attention,
                node.NodeId,
                node.Condition.ToString().ToLowerInvariant(),
                string.Join(',', node.Types),
                Text(node.ActiveOperations),
                Text(node.MaxConcurrent),
                Text(node.Processed),
                Text(node.Failed),
                node.Version ?? "-",
                DurationText.Format(AgeOf(node, now)),
                node.Host,
                Text(node.ProcessId),
                node.Reason ?? "-");
        }

        return table;
    }

    /// <summary>Queues as a table.</summary>
    public static TextTable Table(IReadOnlyList<ClusterQueue> queues)
    {
        var table = new TextTable("TYPE", "PARTITIONS", "WAITING", "OLDEST", "SET APART", "GIVEN UP", "DEAD LETTERS", "WORKERS");
        foreach (ClusterQueue queue in queues)
        {
            table.Add(
                queue.Workers > 0 && !queue.IsMissing ? RowStyle.Plain : RowStyle.Attention,
                queue.Type,
                Text(queue.Partitions),
                Describe(queue),
                queue.OldestAge is { } age ? "<" + DurationText.Format(Round(age)) : "-",
                Text(queue.SetApart),
                Text(queue.GivenUp),
                Text(queue.DeadLetters),
                Text(queue.Workers));
        }

        return table;
    }

    /// <summary>The members of a node.</summary>
    public static void Write(Utf8JsonWriter writer, ClusterNode node, DateTimeOffset now)
    {
        writer.WriteString("nodeId", node.NodeId);
        writer.WriteString("clusterId", node.ClusterId);
        writer.WriteString("condition", node.Condition.ToString().ToLowerInvariant());
        writer.WriteString("reason", node.Reason);
        writer.WriteStartArray("types");
        foreach (string type in node.Types)
        {
            writer.WriteStringValue(type);
        }

        writer.WriteEndArray();
        writer.WriteNumber("activeOperations", node.ActiveOperations);
        writer.WriteNumber("maxConcurrent", node.MaxConcurrent);
        writer.WriteNumber("processed", node.Processed);
        writer.WriteNumber("failed", node.Failed);
        writer.WriteString("version", node.Version);
        writer.WriteNumber("ageMs", AgeOf(node, now).TotalMilliseconds);
        writer.WriteString("host", node.Host);
        writer.WriteNumber("processId", node.ProcessId);
    }

    /// <summary>The members of a queue.</summary>
    public static void Write(Utf8JsonWriter writer, ClusterQueue queue)
    {
        writer.WriteString("type", queue.Type);
        writer.WriteBoolean("isMissing", queue.IsMissing);
        writer.WriteNumber("partitions", queue.Partitions);
        writer.WriteNumber("waiting", queue.Waiting);
        writer.WriteStartArray("waitingByPartition");
        foreach (long? waiting in queue.WaitingByPartition)
        {
            if (waiting is { } number)
            {
                writer.WriteNumberValue(number);
            }
            else
            {
                writer.WriteNullValue();
            }
        }

        writer.WriteEndArray();
        if (queue.OldestAge is { } age)
        {
            writer.WriteNumber("oldestAgeMs", Math.Round(age.TotalMilliseconds));
        }
        else
        {
            writer.WriteNull("oldestAgeMs");
        }

        writer.WriteNumber("setApart", queue.SetApart);
        writer.WriteNumber("givenUp", queue.GivenUp);
        writer.WriteNumber("deadLetters", queue.DeadLetters);
        writer.WriteNumber("workers", queue.Workers);
    }

    private static string Describe(ClusterQueue queue) =>
        !queue.IsMissing ? Text(queue.Waiting)
        : queue.Partitions < 2 ? "no queue"
        : !queue.WaitingByPartition.Contains(null) ? $"{Text(queue.Waiting)}, no number"
        : $"{Text(queue.Waiting)}, no queue {string.Join(',', Enumerable.Range(0, queue.Partitions).Where(partition => queue.WaitingByPartition[partition] is null))}";

    private static TimeSpan Round(TimeSpan age) => TimeSpan.FromSeconds(Math.Ceiling(age.TotalSeconds));

    // Clocks of two machines differ: what was said in the future was said now.
    private static TimeSpan AgeOf(ClusterNode node, DateTimeOffset now) =>
        now > node.Timestamp ? TimeSpan.FromMilliseconds(Math.Round((now - node.Timestamp).TotalMilliseconds)) : TimeSpan.Zero;

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
