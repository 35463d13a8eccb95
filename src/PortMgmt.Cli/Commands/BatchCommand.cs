using System.CommandLine;
using PortMgmt.Cli.Batch;
using PortMgmt.Cli.Output;
using PortMgmt.Cli.Parsing;
using PortMgmt.Metrics;
using PortMgmt.Operations;
using PortMgmt.Operations.JobLogs;
using PortMgmt.Reports;
using PortMgmt.Text;

namespace PortMgmt.Cli.Commands;

/// <summary><c>batch</c>: runs a command for each line of the input, and prints one JSON result a line.</summary>
internal sealed class BatchCommand : CliCommand
{
    /// <summary>No program takes an argument of that size, and what is longer is hardly a line.</summary>
    private const int MaxLineLength = 16 << 20;

    /// <summary>Often enough to see that it goes on, and seldom enough for a log.</summary>
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(30);

    /// <summary>How long the end may take after a second signal: longer than a command has between SIGTERM and SIGKILL, so that none outlives the batch.</summary>
    internal static readonly TimeSpan EndTime = TimeSpan.FromSeconds(2);

    private readonly string[]? _command;
    private readonly Option<string> _jobs;
    private readonly Option<string> _batchSize;
    private readonly Option<string> _flush;
    private readonly Option<string> _cacheSize;
    private readonly Option<string> _id;
    private readonly Option<string> _timeout;
    private readonly Option<string> _retry;
    private readonly Option<string> _keepOrder;
    private readonly Option<string> _jobLog;
    private readonly Option<string> _resume;
    private readonly Option<string> _anyCommand;
    private readonly Option<string> _profile;
    private readonly Option<string> _leasePort;
    private readonly Option<string> _metrics;
    private readonly Option<string> _report;
    private readonly Option<string> _progress;

    /// <summary>Makes the verb.</summary>
    /// <param name="globals">The options of every verb.</param>
    /// <param name="split">The arguments, with the command behind <c>--</c>.</param>
    public BatchCommand(GlobalOptions globals, ArgumentSplit split)
        : base("batch", "Run a command once for each line of the input, many at once. It stands behind --, and each result is printed as a line of JSON. {} is the line, {field} a field of a line that is a JSON object, {{ a brace; without them the line is the command's standard input. Ctrl-C, SIGTERM and SIGHUP end the commands that run, too; kill -9 cannot: they then go on.", globals)
    {
        _command = split.Command;
        _jobs = AddOption("--jobs", "N", "How many run at once, 1 to 10000; one for each processor unless said.");
        _batchSize = AddOption("--batch-size", "N", "How many lines a worker is given at a time at most; 1 unless said, since starting a process costs more than handing over.");
        _flush = AddOption("--flush", "10ms", "How long a line waits for a hand-off to fill.");
        _cacheSize = AddOption("--cache-size", "N", "With --id: how many results are kept to answer lines of the same id; 5000 unless said, 0 for none.");
        _id = AddOption("--id", "FIELD", "The field that holds a line's id: what has the same id runs once. An id is a text or a whole number, and 1 and \"1\" are the same. Results without it have the line's number.");
        _timeout = AddOption("--timeout", "30s", "How long each may take (ms, s, m, h, d); it is then ended with all that it started.");
        _retry = AddOption("--retry", "N", "How often what failed is tried again, after a growing wait.");
        _keepOrder = AddFlag("--keep-order", "Print the results in the order of the lines, not as they finish.");
        _jobLog = AddOption("--job-log", "FILE", "Write a log, one JSON object a line, from which the batch can be resumed. Deleted or moved meanwhile, it is written anew, with a warning.");
        _resume = AddFlag("--resume", "With --job-log: leave out what the log has as succeeded, and go on with it. Of equal lines the n-th is one of its own: give the whole input again.");
        _anyCommand = AddFlag("--any-command", "With --resume: leave out what succeeded by another command, too, such as one that has been put right since. Without it such a log is refused.");
        _profile = AddOption("--profile", "PROFILE", "ultra-low-latency, balanced, throughput or streaming: a --batch-size with its --flush.");
        _leasePort = AddFlag("--lease-port", "Lease a port for each: {port} in the arguments, PORT, PORT_1 and PORTS in the environment.");
        _metrics = AddOption("--metrics", "FILE", "Write the figures at the end, as JSON.");
        _report = AddOption("--report", "FILE", "Write a page of HTML with charts at the end; a file that is there is overwritten.");
        _progress = AddOption("--progress", "auto|lines|none", "What standard error shows meanwhile: a panel if it is a terminal, else a line every 30 s (auto); always lines; or nothing.");
    }

    /// <inheritdoc/>
    public override bool TakesCommand => true;

    /// <inheritdoc/>
    protected override int Execute(ParseResult parsed)
    {
        ChildRunnerFactory.CheckOpenFilesLimit();
        BatchSettings settings = ReadSettings(parsed);
        string? logPath = parsed.GetText(_jobLog);
        bool resume = parsed.Has(_resume);
        if (resume && logPath is null)
        {
            throw new UsageException("Resume from what? Give --job-log FILE with --resume.");
        }

        bool anyCommand = parsed.Has(_anyCommand);
        if (anyCommand && !resume)
        {
            throw new UsageException("--any-command says which logs --resume goes on with: give --job-log FILE and --resume with it, or leave it out.");
        }

        using MetricsFile? metrics = parsed.GetText(_metrics) is { } metricsPath ? new MetricsFile(metricsPath) : null;
        using JobLog? log = logPath is null ? null : JobLog.Open(logPath, resume, JobLogKeys.OfCommand(_command!), anyCommand);
        return Run(settings, metrics, log, resume);
    }

    private static int Run(BatchSettings settings, MetricsFile? metricsFile, JobLog? log, bool resume)
    {
        var lines = new LineReader(StandardStream.OpenInput(), "the input", MaxLineLength);
        var operations = new OperationReader(lines, settings.Template, settings.IdField, log);
        using var results = new ResultWriter(StandardStream.OpenOutput(), ChildRecord.Fields);
        using var run = new BatchRun(settings);
        using var signals = new InterruptSignals(run.Interrupt, EndTime);
        bool isTold = Execute(settings, run, operations, results, log);
        OperationMetrics metrics = run.Metrics;
        metricsFile?.Write(metrics);
        WriteReport(settings, run);
        if (resume)
        {
            WriteSkipped(operations.Skipped, log!);
        }

        if (isTold)
        {
            ErrorLine.Write(BatchSummary.From(metrics));
        }

        run.ThrowIfInputFailed();
        return signals.WasInterrupted ? ExitCodes.Interrupted
            : metrics.Succeeded < metrics.TotalOperations ? ExitCodes.Incomplete
            : ExitCodes.Done;
    }

    private static void WriteSkipped(long skipped, JobLog log) => ErrorLine.Write(skipped == 0 && log.Succeeded > 0
        ? $"The job log '{log.Path}' has {log.Succeeded} operations as succeeded, and none of them came in: it is of other lines, or of another --id."
        : $"{skipped} operations had succeeded before, as the job log '{log.Path}' has it, and were not run again.");

    /// <returns>Whether the end should be told as well: somebody looks, or was told meanwhile.</returns>
    private static bool Execute(BatchSettings settings, BatchRun run, OperationReader operations, ResultWriter results, JobLog? log)
    {
        long? size = StandardStream.InputSize;
        using var display = new BatchDisplay(
            settings.Progress, LineInterval, () => run.Progress(settings.Title, size is { } bytes ? operations.EstimateLinesLeft(bytes) : null));
        run.Execute(operations, results, log, display);
        return settings.Progress == ProgressMode.Lines || (settings.Progress == ProgressMode.Auto && (display.HasWritten || !Console.IsErrorRedirected));
    }

    private static void WriteReport(BatchSettings settings, BatchRun run)
    {
        if (settings.ReportPath is not { } path)
        {
            return;
        }

        try
        {
            ReportFile.Write(path, HtmlReport.Create([run.Report(settings.Title)], DateTimeOffset.UtcNow), overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The batch has ended, but its report '{path}' cannot be written: {failure.Message}", failure);
        }
    }

    private BatchSettings ReadSettings(ParseResult parsed)
    {
        bool leasesPort = parsed.Has(_leasePort);
        return new BatchSettings
        {
            Template = TemplateReader.Read(_command, "ls | portmgmt batch -- gzip {}", leasesPort),
            Jobs = parsed.GetNumber(_jobs, 1, 10_000) ?? Environment.ProcessorCount,
            Operations = ReadOperationSettings(parsed),
            IdField = parsed.GetText(_id),
            Timeout = ReadDuration(parsed, _timeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(24)),
            Retries = parsed.GetNumber(_retry, 0, 1000) ?? 0,
            KeepOrder = parsed.Has(_keepOrder),
            Registry = leasesPort ? OpenRegistry(parsed) : null,
            Title = string.Join(' ', _command!),
            ReportPath = ReadReportPath(parsed),
            Progress = ReadProgress(parsed.GetText(_progress)),
        };
    }

    /// <summary>A path that cannot be written is said before the first line is read: the batch would have run for a report that is lost.</summary>
    private string? ReadReportPath(ParseResult parsed)
    {
        if (parsed.GetText(_report) is not { } path)
        {
            return null;
        }

        return Directory.Exists(path) || !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path)))
            ? throw new UsageException($"The report '{path}' cannot be written: it is a directory, or in none that is there. Name another file.")
            : path;
    }

    private static ProgressMode ReadProgress(string? text) => text switch
    {
        null or "auto" => ProgressMode.Auto,
        "lines" => ProgressMode.Lines,
        "none" => ProgressMode.None,
        _ => throw new UsageException($"'{text}' is not valid for --progress. Write auto, lines or none."),
    };

    private OperationSettings ReadOperationSettings(ParseResult parsed)
    {
        OperationSettings settings = parsed.GetText(_profile) is { } profile
            ? new OperationSettings().With(ReadProfile(profile))
            : new OperationSettings { BatchSize = 1 };
        return settings with
        {
            BatchSize = parsed.GetNumber(_batchSize, 1, 100_000) ?? settings.BatchSize,
            BatchFlush = ReadDuration(parsed, _flush, TimeSpan.Zero, TimeSpan.FromMinutes(1)) ?? settings.BatchFlush,
            CacheSize = parsed.GetNumber(_cacheSize, 0, 10_000_000) ?? settings.CacheSize,
        };
    }

    private static TimeSpan? ReadDuration(ParseResult parsed, Option<string> option, TimeSpan least, TimeSpan most) =>
        parsed.GetDuration(option) is not { } duration ? null
        : duration >= least && duration <= most ? duration
        : throw new UsageException($"'{parsed.GetText(option)}' is not valid for {option.Name}. Write a duration from {DurationText.Format(least)} to {DurationText.Format(most)}.");

    private static BatchProfile ReadProfile(string name) => name.Replace("-", "", StringComparison.Ordinal).ToLowerInvariant() switch
    {
        "ultralowlatency" => BatchProfile.UltraLowLatency,
        "balanced" => BatchProfile.Balanced,
        "throughput" => BatchProfile.Throughput,
        "streaming" => BatchProfile.Streaming,
        _ => throw new UsageException($"'{name}' is no profile for --profile. Write ultra-low-latency, balanced, throughput or streaming."),
    };
}
