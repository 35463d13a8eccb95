using System.Management.Automation;
using PortMgmt.Operations;
using PortMgmt.PowerShell.Affinity;
using PortMgmt.PowerShell.Batches;
using PortMgmt.PowerShell.Cmdlets;
using PortMgmt.PowerShell.Daemons;
using PortMgmt.PowerShell.Errors;
using PortMgmt.PowerShell.Events;
using PortMgmt.PowerShell.Execution;
using PortMgmt.PowerShell.Scripts;
using PortMgmt.PowerShell.Terminal;

namespace PortMgmt.PowerShell.Commands;

/// <summary>
/// Runs a script block for every input from the pipeline, many at once, each with a result of its own: whether it succeeded, what
/// it put out, what went wrong, how long it waited and took.
/// </summary>
[Cmdlet(VerbsLifecycle.Start, "OperationBatch", DefaultParameterSetName = ClusterSet, HelpUri = HelpAddress.InModule)]
[OutputType(typeof(OperationResult), typeof(Job), typeof(object))]
public sealed partial class StartOperationBatchCommand : OperationCmdlet, IDisposable
{
    private OperationFactory _operations = null!;
    private BatchRun? _run;
    private BatchLog? _log;
    private List<Operation<PSObject?>>? _held;
    private OperationBatchJob? _job;
    private BoundValues? _bound;
    private BatchProgressBar _progress = null!;
    private bool _isFed;

    /// <inheritdoc/>
    public void Dispose()
    {
        // A job lives on, and everything else has to be gone before the cmdlet is.
        if (_job is null)
        {
            _run?.Dispose();
        }
        else if (!_isFed && Stopping)
        {
            // A stop reaches the commands before this one first: their end may come here before the stop does.
            _job.Abandon();
        }
        else if (!_isFed)
        {
            _job.CutOff();
        }
    }

    /// <inheritdoc/>
    protected override void BeginProcessing() => Guard(Begin);

    /// <inheritdoc/>
    protected override void ProcessRecord() => Guard(Process, InputObject);

    /// <inheritdoc/>
    protected override void EndProcessing() => Guard(End);

    /// <inheritdoc/>
    protected override void StopProcessing()
    {
        base.StopProcessing();

        // A job that nobody has yet ends with its cmdlet; one that was put out has all that it is to have.
        if (_job is null)
        {
            _run?.Cancel();
        }
        else if (!_isFed)
        {
            _job.Abandon();
        }
    }

    /// <summary>-ErrorAction Stop was given. The caller's preference variable is not meant: what was done would be lost to <c>$r = …</c>.</summary>
    private bool StopsAtFailure =>
        MyInvocation.BoundParameters.TryGetValue("ErrorAction", out object? action) && action is ActionPreference.Stop;

    private bool Has(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter);

    private void Begin()
    {
        RequireConsistency();
        Daemon daemon = DaemonTable.Shared.Get(Daemon);
        _operations = new OperationFactory(Id, Type, Metadata, Priority);
        var events = new BatchEvents(OnEvent, Events);
        _progress = new BatchProgressBar(MyInvocation.MyCommand.Name);
        _log = JobLog is null ? null : OpenLog(JobLog);
        try
        {
            _run = ParameterSetName == ClusterSet ? StartRemote(daemon, events) : StartHere(daemon, events);
        }
        finally
        {
            if (_run is null)
            {
                _log?.Dispose();
            }
        }

        if (_job is null)
        {
            _run.Attend();
        }
        else
        {
            _job.Start(_run);
        }
    }

    private BatchRun StartHere(Daemon daemon, BatchEvents events)
    {
        ScriptPlan plan = MakePlan(daemon);
        _bound = plan.Values;
        OperationBatchOptions<PSObject?, ScriptOutcome> options = MakeOptions(daemon, plan, events);
        Explain(new BatchExplanation(daemon, plan, options));
        OperationBatch<PSObject?, ScriptOutcome> batch = daemon.Scheduler.StartBatch(() => new ScriptWorker(plan), options);
        return new BatchRun(batch, plan, MakeSink(ScriptBlock.ToString(), events), _log, daemon.NodeId) { StopsAtFailure = StopsAtFailure };
    }

    private IResultSink MakeSink(string command, BatchEvents events)
    {
        _job = AsJob.IsPresent ? new OperationBatchJob(JobRepository, command, Raw.IsPresent) : null;
        return _job is null ? new PipelineSink(this, Raw.IsPresent, StopsAtFailure, _progress, events) : _job;
    }

    private void Process()
    {
        // Without a pipeline and without -InputObject there is one call with no input, as ForEach-Object has it.
        Operation<PSObject?> operation;
        try
        {
            if (_remote is not null && InputObject?.BaseObject is ScriptBlock)
            {
                throw ScriptBlockValues.Refusal("The input");
            }

            operation = _operations.Make(InputObject);
            _remote?.Prepare(operation);
            if (!IsExpected(operation))
            {
                return;
            }

            _bound?.Take(operation);
        }
        catch (OperationException failure)
        {
            Report(failure, InputObject);
            return;
        }

        if (_held is null)
        {
            Enqueue(operation);
        }
        else
        {
            _held.Add(operation);
        }
    }

    private void Enqueue(Operation<PSObject?> operation)
    {
        OperationException? closed = null;
        try
        {
            if (_job is null)
            {
                _run!.Add(operation, StopToken);
            }
            else
            {
                _run!.AddInBackground(operation, StopToken);
            }
        }
        catch (OperationException failure) when (failure.Code == OperationErrorCode.MetadataTooLarge)
        {
            _bound?.Release([operation]);
            Report(failure, operation.Input);
        }
        catch (OperationException failure) when (failure.Code == OperationErrorCode.BatchClosed && (_run!.StopsAtFailure || _job?.IsFaulted == true))
        {
            // It ended by itself, and says why. A job takes the rest of the input for nothing.
            _bound?.Release([operation]);
            closed = failure;
        }

        if (_job is null && (closed is not null || _run!.Failure is not null))
        {
            EndAtFailure();
        }

        if (_job is null && closed is not null)
        {
            // Somebody else closed it.
            throw closed;
        }
    }

    // What is finished comes out before the error.
    private void EndAtFailure()
    {
        _run!.Finish(StopToken);
        if (_run.Failure is { } first)
        {
            ThrowTerminatingError(BatchErrors.ToErrorRecord(BatchErrors.StoppedAtFailure(first), first));
        }
    }

    private void End()
    {
        foreach (Operation<PSObject?> operation in _held ?? [])
        {
            Enqueue(operation);
        }

        _held = null;
        _progress.IsInputComplete = true;
        if (_job is null)
        {
            EndAtFailure();
            ExplainEnd();
        }
        else
        {
            // Put out with all of its input: what comes next in the pipeline may wait for its end there and then.
            _run!.Batch.Complete();
            _isFed = true;
            WriteObject(_job);
        }

        WarnIfIncomplete();
        ReportSkipped();
    }
}
