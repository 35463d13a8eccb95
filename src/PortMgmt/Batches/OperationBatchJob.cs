using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using PortMgmt.Operations;
using PortMgmt.PowerShell.Errors;
using PortMgmt.PowerShell.Execution;
using PortMgmt.PowerShell.Scripts;

namespace PortMgmt.PowerShell.Batches;

/// <summary>A batch that runs in the background; its results are the job's output as soon as they are there.</summary>
internal sealed class OperationBatchJob : Job, IResultSink
{
    private readonly bool _isRaw;
    private BatchRun? _run;
    private Task _reading = Task.CompletedTask;
    private volatile bool _isStopping;

    /// <summary>Nothing more is read. Whoever hears that the job has ended may remove it there and then, on the thread that says so.</summary>
    private volatile bool _isRead;

    public OperationBatchJob(string command, bool isRaw)
        : base(command)
    {
        PSJobTypeName = "OperationBatch";
        _isRaw = isRaw;
    }

    public override bool HasMoreData => Output.Count > 0 || JobStateInfo.State is JobState.NotStarted or JobState.Running;

    public override string Location => Environment.MachineName;

    public override string StatusMessage => _run is null ? "" : Describe(_run.Batch.Progress);

    /// <summary>Starts to read the batch's results.</summary>
    public void Start(BatchRun run)
    {
        _run = run;
        SetJobState(JobState.Running);
        _reading = Task.Run(ReadAsync);
    }

    public void Put(OperationResult result)
    {
        if (!_isRaw)
        {
            Output.Add(PSObject.AsPSObject(result));
            return;
        }

        foreach (object? output in result.Outputs)
        {
            Output.Add(output is null ? null : PSObject.AsPSObject(output));
        }

        AddAll(Error, result.Error);
        AddAll(Warning, result.Warning);
        AddAll(Verbose, result.Verbose);
        AddAll(Debug, result.Debug);
        AddAll(Information, result.Information);
    }

    public void Report(ErrorRecord error) => Error.Add(error);

    public void Warn(string text) => Warning.Add(new WarningRecord(text));

    public void Tick(OperationBatch<PSObject?, ScriptOutcome> batch)
    {
        // A job has no thread of its caller to draw or to call on.
    }

    public void Close(BatchSummary summary)
    {
        // The state is set once the reading has ended.
        if (!_isRaw && summary.Describe() is { } said)
        {
            Warning.Add(new WarningRecord(said));
        }
    }

    public override void StopJob()
    {
        if (_isRead)
        {
            return;
        }

        _isStopping = true;
        _run?.Cancel();
        _reading.Wait(Daemon.StopGrace * 2);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isRead)
        {
            StopJob();
        }

        base.Dispose(disposing);
    }

    private static void AddAll<T>(PSDataCollection<T> stream, IReadOnlyList<T> records)
    {
        foreach (T record in records)
        {
            stream.Add(record);
        }
    }

    private static string Describe(BatchProgress progress) => progress.Ended + " of " + progress.Accepted + " ended";

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Whatever ends the reading is the job's error.")]
    private async Task ReadAsync()
    {
        try
        {
            await _run!.ReadToEndAsync().ConfigureAwait(false);
            End(_isStopping || _run.Batch.Progress.Cancelled > 0 ? JobState.Stopped : JobState.Completed);
        }
        catch (Exception e)
        {
            Error.Add(BatchErrors.ToErrorRecord(e));
            _run!.Cancel();
            End(JobState.Failed);
        }
    }

    private void End(JobState state)
    {
        _isRead = true;
        SetJobState(state);
    }
}
