using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Management.Automation;
using PortMgmt.Operations;
using PortMgmt.PowerShell.Errors;
using PortMgmt.PowerShell.Execution;
using PortMgmt.PowerShell.Scripts;
using PortMgmt.Text;

namespace PortMgmt.PowerShell.Batches;

/// <summary>A batch that runs in the background; its results are the job's output as soon as they are there.</summary>
internal sealed class OperationBatchJob : BackgroundJob, IResultSink
{
    private readonly bool _isRaw;
    private BatchRun? _run;
    private Task _reading = Task.CompletedTask;
    private volatile bool _isStopping;
    private volatile bool _isFaulted;

    /// <summary>Why the input was not fed to its end; null where it was.</summary>
    private volatile string? _cutOff;

    /// <summary>How operations failed; null where none did.</summary>
    private volatile string? _failures;

    public OperationBatchJob(JobRepository repository, string command, bool isRaw)
        : base(repository, command)
    {
        PSJobTypeName = "OperationBatch";
        _isRaw = isRaw;
    }

    /// <summary>Its results cannot be taken any more, such as for a job log on a full disk; it has said so as its error.</summary>
    public bool IsFaulted => _isFaulted;

    public override string StatusMessage => _run is null ? "" : Describe(_run.Batch.Progress) + (Trouble is { } reason ? "; " + reason : "");

    protected override bool HasMore => JobStateInfo.State is JobState.NotStarted or JobState.Running;

    /// <summary>Starts to read the batch's results.</summary>
    public void Start(BatchRun run)
    {
        _run = run;
        Begin();
        _reading = Task.Run(ReadAsync);
    }

    /// <summary>
    /// No more input comes, though it has not ended: what was fed is done, but the job is not taken for a whole one.
    /// </summary>
    public void CutOff()
    {
        if (_run is not { } run)
        {
            return;
        }

        _cutOff = string.Create(
            CultureInfo.CurrentCulture,
            $"the input was cut off after {run.Batch.Progress.Accepted:N0} operations: what came after them was never fed, and has no result");
        run.Batch.Complete();
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

    public void PutEarly(IReadOnlyList<object?> output, StreamRecords streams)
    {
        foreach (object? item in output)
        {
            Output.Add(item is null ? null : PSObject.AsPSObject(item));
        }

        AddAll(Error, streams.Errors);
        AddAll(Warning, streams.Warnings);
        AddAll(Verbose, streams.Verbose);
        AddAll(Debug, streams.Debug);
        AddAll(Information, streams.Information);
    }

    public void PutProgress(ProgressRecord record) => Progress.Add(record);

    public void Report(ErrorRecord error) => Error.Add(error);

    public void Warn(string text) => Warning.Add(new WarningRecord(VisibleText.FromLines(text)));

    public void Tick(OperationBatch<PSObject?, ScriptOutcome> batch)
    {
        // A job has no thread of its caller to draw or to call on.
    }

    public void Close(BatchSummary summary)
    {
        // The state is set once the reading has ended.
        _failures = summary.DescribeFailures();
        if (!_isRaw && summary.Describe() is { } said)
        {
            Warn(said);
        }
    }

    /// <summary>Stops it without waiting, while its input is fed.</summary>
    public void Abandon()
    {
        _isStopping = true;
        CutOff();
        _run?.Cancel();
    }

    public override void StopJob()
    {
        if (HasEnded)
        {
            return;
        }

        _isStopping = true;
        _run?.Cancel();
        _reading.Wait(Daemon.StopGrace * 2);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !HasEnded)
        {
            StopJob();
        }

        base.Dispose(disposing);
    }

    /// <summary>Why not all was done, in text that a terminal only shows: it names what comes from others.</summary>
    private string? Trouble => (_cutOff ?? _failures) is { } reason ? VisibleText.FromLines(reason) : null;

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
            // What operations write meanwhile does not wait for the next result.
            await using (new Timer(static run => ((BatchRun)run!).PutLive(), _run, LiveStreams.Interval, LiveStreams.Interval).ConfigureAwait(false))
            {
                await _run!.ReadToEndAsync().ConfigureAwait(false);
            }

            EndAs(_run);
        }
        catch (Exception e)
        {
            Error.Add(BatchErrors.ToErrorRecord(e));
            _isFaulted = true;
            _run!.Cancel();
            End(JobState.Failed, Show(e));
        }
    }

    // What the engine makes of it says the message as it is.
    private static Exception Show(Exception reason)
    {
        string message = VisibleText.FromLines(reason.Message);
        return message == reason.Message ? reason : new OperationException((reason as OperationException)?.Code ?? OperationErrorCode.OperationFailed, message, reason);
    }

    private void EndAs(BatchRun run)
    {
        if (run.Failure is { } first)
        {
            End(JobState.Failed, Show(BatchErrors.StoppedAtFailure(first)));
        }
        else if (_isStopping || run.Batch.Progress.Cancelled > 0)
        {
            End(JobState.Stopped, null);
        }
        else if (Trouble is { } reason)
        {
            End(JobState.Failed, new OperationException(OperationErrorCode.OperationFailed, char.ToUpper(reason[0], CultureInfo.CurrentCulture) + reason[1..]));
        }
        else
        {
            End(JobState.Completed, null);
        }
    }
}
