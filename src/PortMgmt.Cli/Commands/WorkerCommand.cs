using System.CommandLine;
using System.Globalization;
using PortMgmt.Cli.Batch;
using PortMgmt.Cli.Batch.Processes;
using PortMgmt.Cli.Cluster;
using PortMgmt.Cli.Output;
using PortMgmt.Cli.Parsing;
using PortMgmt.Cluster;
using PortMgmt.Operations;
using PortMgmt.RabbitMq;

namespace PortMgmt.Cli.Commands;

/// <summary><c>worker</c>: runs a command for each operation that other nodes submit, until it is stopped.</summary>
internal sealed class WorkerCommand : CliCommand
{
    private readonly string[]? _command;
    private readonly ClusterArguments _cluster = new();
    private readonly Argument<string> _argument = new("TYPE") { Description = "The same as --type.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string> _type;
    private readonly Option<string> _jobs;
    private readonly Option<string> _partitions;
    private readonly Option<string> _timeout;
    private readonly Option<string> _retry;
    private readonly Option<string> _drain;

    /// <summary>Makes the verb.</summary>
    /// <param name="globals">The options of every verb.</param>
    /// <param name="split">The arguments, with the command behind <c>--</c>.</param>
    public WorkerCommand(GlobalOptions globals, ArgumentSplit split)
        : base("worker", "Run a command for each operation that other nodes submit. It stands behind --, and what it writes is the answer, until a signal ends the worker. {} is the operation, {field} a field of one that is a JSON object; without them it is the command's standard input.", globals)
    {
        _command = split.Command;
        Arguments.Add(_argument);
        _type = AddOption("--type", "T", "Which operations.");
        _cluster.AddTo(this);
        _jobs = AddOption("--jobs", "N", "How many run, and are taken from the broker, at once, 1 to 10000; one for each processor unless said.");
        _partitions = AddOption("--partitions", "N", "In how many queues the operations of the type wait, 1 to 64, each with a leader of its own at the broker. The first worker of a type decides, and another number is refused later; as many as it has, or 1, unless said.");
        _timeout = AddOption("--timeout", "25m", "How long each may take; 25m unless said, since a broker takes back what is not answered after 30m.");
        _retry = AddOption("--retry", "N", "How often what failed is tried again here, after a growing wait.");
        _drain = AddOption("--drain", "30s", "How long what runs may take to end after a signal, before it goes to other nodes; 30s unless said.");
    }

    /// <inheritdoc/>
    public override bool TakesCommand => true;

    /// <inheritdoc/>
    protected override int Execute(ParseResult parsed)
    {
        ChildRunnerFactory.CheckOpenFilesLimit();
        CommandTemplate template = TemplateReader.Read(_command, "portmgmt worker --type image -- gzip {}", leasesPort: false);
        string type = parsed.GetText(_argument, _type) ?? throw new UsageException("Which operations? Give their TYPE, or --type T.");
        int jobs = parsed.GetNumber(_jobs, 1, 10_000) ?? Environment.ProcessorCount;
        ClusterOptions cluster = _cluster.Read(parsed);
        using var runners = new ChildRunnerFactory(jobs);
        jobs = runners.Workers;
        using var stop = new CancellationTokenSource();
        using var signals = new InterruptSignals(stop.Cancel);
        var scheduler = new OperationScheduler<BatchOperation, ChildResult>(new OperationSchedulerOptions { Name = "worker", NodeId = cluster.NodeId });
        var reader = new DeliveryReader(template);
        using var log = new WorkerLog(StandardStream.OpenOutput(), type);
        var options = new ClusterWorkerOptions<BatchOperation, ChildResult>
        {
            Type = type,
            Partitions = parsed.GetNumber(_partitions, 1, ClusterLimits.MaxPartitions),
            Scheduler = scheduler,
            WorkerFactory = () => new ChildWorker(template, runners.Create(), null),
            Decode = reader.Read,
            Encode = log.Encode,
            MaxConcurrent = jobs,
            Retry = new RetryOptions { MaxRetries = parsed.GetNumber(_retry, 0, 1000) ?? 0 },
            OnStarted = () => ErrorLine.Report($"node {cluster.NodeId} takes operations of type '{type}' from {string.Join(", ", cluster.Brokers)}, cluster '{cluster.ClusterId}', {jobs} at once"),
            OnNotice = ErrorLine.Report,
            OnConditionChanged = state => ErrorLine.Report($"{state.Condition.ToString().ToLowerInvariant()}{(state.Reason is null ? "" : ": " + state.Reason)}"),
        };
        options = options with
        {
            Timeout = parsed.GetDuration(_timeout) ?? options.Timeout,
            DrainTime = parsed.GetDuration(_drain) ?? options.DrainTime,
        };
        ClusterWorkerState end = ClusterWorker.RunAsync(new RabbitMqTransport(), cluster, options, stop.Token).GetAwaiter().GetResult();
        ErrorLine.Report(string.Create(CultureInfo.InvariantCulture, $"{end.Processed} operations ended, {end.Failed} of them failed"));

        // To be told to stop is how a worker ends.
        return ExitCodes.Done;
    }
}
