using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using PortMgmt.Cluster;
using PortMgmt.PowerShell.Errors;
using PortMgmt.PowerShell.Execution;

namespace PortMgmt.PowerShell.Cluster;

/// <summary>A worker that runs in the background until it is stopped; what it counted is its output.</summary>
internal sealed class OperationWorkerJob : BackgroundJob
{
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    public OperationWorkerJob(JobRepository repository, string type, string command)
        : base(repository, command, "Worker " + type)
    {
        PSJobTypeName = "OperationWorker";
    }

    public override string StatusMessage => "";

    protected override bool HasMore => Error.Count > 0 || Warning.Count > 0;

    /// <summary>Starts the worker.</summary>
    public void Start(Func<CancellationToken, Task<ClusterWorkerState>> run)
    {
        Begin();
        _running = Task.Run(() => RunAsync(run));
    }

    public override void StopJob()
    {
        if (HasEnded)
        {
            return;
        }

        _stop.Cancel();
        _running.Wait();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            StopJob();
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
            End(JobState.Stopped, null);
        }
        catch (Exception e)
        {
            Error.Add(BatchErrors.ToErrorRecord(e));
            End(JobState.Failed, null);
        }
    }
}
