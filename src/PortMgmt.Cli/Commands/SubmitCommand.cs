using System.CommandLine;
using PortMgmt.Cli.Batch;
using PortMgmt.Cli.Cluster;
using PortMgmt.Cli.Output;
using PortMgmt.Cli.Parsing;
using PortMgmt.Cluster;
using PortMgmt.Cluster.Submission;
using PortMgmt.Cluster.Transport;
using PortMgmt.Metrics;
using PortMgmt.Operations;
using PortMgmt.RabbitMq;

namespace PortMgmt.Cli.Commands;

/// <summary><c>submit</c>: has other nodes run each line of the input, and prints one JSON result a line.</summary>
internal sealed class SubmitCommand : CliCommand
{
    private readonly ClusterArguments _cluster = new();
    private readonly Argument<string> _argument = new("TYPE") { Description = "The same as --type.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string> _type;
    private readonly Option<string> _id;
    private readonly Option<string> _batchId;
    private readonly Option<string> _window;
    private readonly Option<string> _partitions;
    private readonly Option<string> _timeout;
    private readonly Option<string> _keepOrder;

    /// <summary>Makes the verb.</summary>
    public SubmitCommand(GlobalOptions globals)
        : base("submit", "Have the workers of a cluster run each line of the input. Each result is printed as a line of JSON. A line is sent as a JSON object if it is one, else as a text.", globals)
    {
        Arguments.Add(_argument);
        _type = AddOption("--type", "T", "Which workers: those that serve this type.");
        _cluster.AddTo(this);
        _batchId = AddOption("--batch-id", "ID", "The batch's id. The same id with the same input goes on where a submitter that ended left off; a new one unless said.");
        _id = AddOption("--id", "FIELD", "The field that holds a line's id: what has the same id runs once. Results without it have the line's number.");
        _window = AddOption("--window", "N", "How many operations may be out at once, 1 to 10000; 1000 unless said.");
        _partitions = AddOption("--partitions", "N", "How many partitions the type must have at the broker, 1 to 64: with another number nothing is sent. Any number unless said.");
        _timeout = AddOption("--timeout", "10m", "How long to wait for each result; for ever unless said. The operation itself may go on.");
        _keepOrder = AddFlag("--keep-order", "Print the results in the order of the lines, not as they come.");
    }

    /// <inheritdoc/>
    protected override int Execute(ParseResult parsed)
    {
        string type = parsed.GetText(_argument, _type) ?? throw new UsageException("Which workers? Give their TYPE, or --type T.");
        ClusterName.Require("--type", type);
        ClusterOptions cluster = _cluster.Read(parsed);
        int window = parsed.GetNumber(_window, 1, 10_000) ?? RemoteOperations.DefaultWindow;
        var options = new OperationBatchOptions<Submission, ClusterResult>
        {
            Ordered = parsed.Has(_keepOrder),
            Timeout = parsed.GetDuration(_timeout),
        };
        var batchOptions = new ClusterBatchOptions { OnNotice = ErrorLine.Report, Partitions = parsed.GetNumber(_partitions, 1, ClusterLimits.MaxPartitions) };
        if (parsed.GetText(_batchId) is { } batchId)
        {
            batchOptions = batchOptions with { BatchId = batchId };
        }

        IClusterBatch batch = new RabbitMqTransport().OpenBatchAsync(cluster, batchOptions, CancellationToken.None).GetAwaiter().GetResult();
        using var results = new ResultWriter(StandardStream.OpenOutput(), SubmissionRecord.Fields);
        using var run = new SubmitRun(batch, window, options, new SubmissionSink(results));
        return Run(run, new SubmissionReader(new LineReader(StandardStream.OpenInput(), "the input", ClusterLimits.MaxInputBytes), type, parsed.GetText(_id)), batch);
    }

    private static int Run(SubmitRun run, SubmissionReader operations, IClusterBatch batch)
    {
        using var signals = new InterruptSignals(run.Interrupt, BatchCommand.EndTime);
        try
        {
            run.Execute(operations);
        }
        finally
        {
            if (run.IsIncomplete)
            {
                ErrorLine.Report($"batch {batch.Id} is not complete: the same input with --batch-id {batch.Id} goes on with it");
            }
        }

        OperationMetrics metrics = run.Metrics;
        if (!Console.IsErrorRedirected)
        {
            ErrorLine.Report(BatchSummary.From(metrics));
        }

        if (signals.WasInterrupted)
        {
            return ExitCodes.Interrupted;
        }

        run.ThrowIfFailed();
        return metrics.Succeeded < metrics.TotalOperations ? ExitCodes.Incomplete : ExitCodes.Done;
    }
}
