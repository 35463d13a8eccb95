using System.CommandLine;
using PortMgmt.Cli.Cluster;
using PortMgmt.Cli.Output;
using PortMgmt.Cli.Parsing;
using PortMgmt.Cluster;
using PortMgmt.RabbitMq;

namespace PortMgmt.Cli.Commands;

/// <summary><c>nodes</c>: the nodes of a cluster and how they are, or what waits in the queues of their types.</summary>
internal sealed class NodesCommand : CliCommand
{
    private readonly ClusterArguments _cluster = new();
    private readonly Option<string> _type;
    private readonly Option<string> _timeout;
    private readonly Option<bool> _queues = new("--queues") { Description = "Show what waits in the queues of the types and how old it is, and not the nodes." };

    /// <summary>Makes the verb.</summary>
    public NodesCommand(GlobalOptions globals)
        : base("nodes", "Show the nodes of a cluster that have workers: which operations they run, how much they have to do and how they are.", globals)
    {
        _type = AddOption("--type", "T", "Only those that serve this type.");
        _cluster.AddTo(this);
        _timeout = AddOption("--timeout", "1s", "How long to wait for answers; 1s unless said.");
        Options.Add(_queues);
    }

    /// <inheritdoc/>
    protected override int Execute(ParseResult parsed)
    {
        ClusterOptions cluster = _cluster.Read(parsed);
        string? type = parsed.GetText(_type);
        CommandOutput output = OpenOutput(parsed);
        var transport = new RabbitMqTransport();
        IReadOnlyList<ClusterNode> nodes = transport
            .GetNodesAsync(cluster, parsed.GetDuration(_timeout) ?? TimeSpan.FromSeconds(1), CancellationToken.None).GetAwaiter().GetResult();
        ClusterNode[] serving = [.. nodes.Where(node => type is null || node.Types.Contains(type))];
        if (parsed.GetValue(_queues))
        {
            string[] types = type is null ? [.. nodes.SelectMany(node => node.Types).Distinct().Order(StringComparer.Ordinal)] : [type];
            DateTimeOffset now = DateTimeOffset.UtcNow;
            ClusterQueue[] queues = [.. transport.GetQueuesAsync(cluster, types, CancellationToken.None).GetAwaiter().GetResult().Select(queue => queue.WithAge(nodes, now))];
            Write(output, queues, ClusterListing.Write, ClusterListing.Table, "No node answered, so that no type is known: give --type T.");
        }
        else
        {
            DateTimeOffset now = DateTimeOffset.UtcNow;
            Write(
                output, serving, (writer, node) => ClusterListing.Write(writer, node, now), all => ClusterListing.Table(all, now),
                type is null ? "No node answered. Only nodes with workers do." : $"No node that serves '{type}' answered.");
        }

        return ExitCodes.Done;
    }

    private static void Write<T>(
        CommandOutput output, IReadOnlyList<T> items, Action<System.Text.Json.Utf8JsonWriter, T> write, Func<IReadOnlyList<T>, TextTable> table, string whenEmpty)
        where T : class
    {
        if (output.Json)
        {
            output.WriteArray(items, write);
        }
        else
        {
            output.WriteTable(table(items), whenEmpty);
        }
    }
}
