using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using PortMgmt.Cluster;
using PortMgmt.PowerShell.Errors;

namespace PortMgmt.PowerShell.Cluster;

/// <summary>A worker that runs in the background until it is stopped; what it counted is its output.</summary>
internal sealed class OperationWorkerJob : Job
{
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    public OperationWorkerJob(string type, string command)
        : base(command, "Worker " + type)
    {
        PSJobTypeName = "OperationWorker";
    }

    public override bool HasMoreData => Output.Count > 0 || Error.Count > 0;

    public override string Location => Environment.MachineName;

    public override string StatusMessage => "";

    /// <summary>Starts the worker.</summary>
    public void Start(Func<CancellationToken, Task<ClusterWorkerState>> run)
    {
        SetJobState(JobState.Running);
        _running = Task.Run(() => RunAsync(run));
    }

    public override void StopJob()
    {
        _stop.Cancel();
        _running.Wait();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            if (!_running.IsCompleted)
            {
                StopJob();
            }

            _stop.Dispose();
        }

        base.Dispose(disposing);
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Whatever ends the worker is the job's error.")]
    private async Task RunAsync(Func<CancellationToken, Task<ClusterWorkerState>> run)
    {
        try
        {
            Output.Add(PSObject.AsPSObject(await run(_stop.Token).ConfigureAwait(false)));
            SetJobState(JobState.Stopped);
        }
        catch (Exception e)
        {
            Error.Add(BatchErrors.ToErrorRecord(e));
            SetJobState(JobState.Failed);
        }
    }
}
