using System.Collections;
using System.Management.Automation;
using PortMgmt.Leases;
using PortMgmt.Operations;
using PortMgmt.Operations.History;
using PortMgmt.PowerShell.Affinity;
using PortMgmt.PowerShell.Errors;
using PortMgmt.PowerShell.Runspaces;

namespace PortMgmt.PowerShell.Scripts;

/// <summary>
/// What the pump's loop goes over: each step ends the operation before and gets the next one, waiting for it. Belongs to one worker
/// and is used on its thread; only <see cref="Stop"/> comes from elsewhere.
/// </summary>
internal sealed class OperationEnumerator(ScriptPlan plan, OperationLane<PSObject?, ScriptOutcome> lane) : IEnumerable, IEnumerator
{
    private readonly Lock _gate = new();
    private readonly OperationOutput _output = new(MakeValues(plan), isShared: plan.Live?.TakesOutput == true, plan.KeepsOrder ? new WriteOrder() : null);
    private readonly FreshVariables _variables = new(plan);
    private readonly ErrorWatch _errors = new(plan.FailOn);

    /// <summary>What is ended when an operation's time is up; made on the worker's thread, and null where nobody sets a time.</summary>
    private StartedPrograms? _programs;

    private Operation<PSObject?>? _operation;

    /// <summary>It was fetched but has not been begun yet.</summary>
    private bool _isPending;
    private bool _isLoopToHide;

    private object? _input;

    /// <summary>The code of an <c>exit</c> that ended the present operation.</summary>
    private int? _exitCode;

    private PortLease? _port;
    private System.Management.Automation.PowerShell? _shell;
    private CancellationToken _watched;
    private CancellationTokenRegistration _watch;

    /// <summary>An operation runs, so that a stop is meant for it. Guarded by the gate.</summary>
    private bool _isStoppable;

    /// <summary>The pipeline was told to stop and cannot be used for another operation. Guarded by the gate.</summary>
    private bool _isStopped;

    /// <summary>Collects the output of the present operation; the pipeline writes to it.</summary>
    public IList<PSObject?> Output => _output;

    public ScriptCall Call => plan.Call;

    /// <summary>Operations cannot change the runspace.</summary>
    public bool LeavesNothing => plan.LeavesNothing;

    public WorkerRunspace Runspace { get; private set; } = null!;

    /// <summary>This pipeline gets no more operations.</summary>
    public bool IsOver { get; private set; }

    /// <summary>The batch has no more operations for the worker.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>An operation is under way; what goes wrong is then its error, and else the worker's.</summary>
    public bool IsRunning => _operation is not null && !_isPending;

    /// <summary>With -AsBatch an array of inputs, else the input.</summary>
    public object? Current => _input;

    /// <summary>Waits for an operation before there is a pipeline to run it.</summary>
    public bool Fetch()
    {
        if (!HasEnded && !lane.Next(out _operation))
        {
            HasEnded = true;
        }

        _isPending = !HasEnded;
        return !HasEnded;
    }

    /// <summary>A new pipeline begins.</summary>
    public void Attach(System.Management.Automation.PowerShell shell, WorkerRunspace runspace)
    {
        Runspace = runspace;
        IsOver = false;
        _errors.Attach(shell.Streams);
        _output.Order?.Attach(shell.Streams);
        _programs ??= plan.EndsPrograms ? new StartedPrograms() : null;
        lock (_gate)
        {
            _shell = shell;
            _isStopped = false;
        }

        if (plan.Live is { } live)
        {
            shell.Streams.Progress.DataAdding += (_, added) => live.AddProgress(this, (ProgressRecord)added.ItemAdded);
            live.Add(this);
        }
    }

    /// <summary>What an operation that has run for a while has written so far. Any thread.</summary>
    /// <param name="takesStreams">Errors, warnings and messages too.</param>
    public (PSObject?[] Output, StreamRecords Streams) TakeEarly(bool takesStreams)
    {
        lock (_gate)
        {
            PSObject?[] output = _output.TakeEarly(out bool isLong);
            if (!isLong || !takesStreams || _shell is null)
            {
                return (output, StreamRecords.None);
            }

            var streams = StreamRecords.TakeFrom(_shell.Streams, _output.Order);
            MakeValues(plan).Unbind(streams);
            return (output, streams);
        }
    }

    /// <summary>The pump is inside its runspace.</summary>
    public void Enter(SessionState state)
    {
        _variables.Attach(state);
        _errors.Enter(state);
    }

    /// <summary>A loop of the engine calls next, which has set its variables by then.</summary>
    public void EnterLoop() => _isLoopToHide = true;

    public bool MoveNext()
    {
        EndPresent();
        if (_isLoopToHide)
        {
            // Once: an assignment in the loop would take as much of the processor as all else between two operations.
            _isLoopToHide = false;
            _variables.HideLoop();
        }

        while (!IsOver && (_isPending || FetchNext()))
        {
            _isPending = false;
            if (Begin())
            {
                return true;
            }
        }

        IsOver = true;
        return false;
    }

    /// <summary>The operation ended without an error of its own, if there is one.</summary>
    public void EndPresent() => End(null);

    /// <summary>The operation ended by <c>exit</c>: like a program, it failed if the code is not 0.</summary>
    public void EndByExit(object? argument)
    {
        bool isCode = LanguagePrimitives.TryConvertTo(argument, out int code);
        _exitCode = isCode ? code : null;
        End(argument is null || (isCode && code == 0) ? null : BatchErrors.Exited(argument));
    }

    /// <summary>The operation ended in a terminating error.</summary>
    public void EndByError(Exception error) => End(error);

    /// <summary>The pipeline is over, perhaps by a stop in the middle of an operation.</summary>
    public void Detach()
    {
        bool isOurs;
        lock (_gate)
        {
            isOurs = _isStopped;
        }

        End(isOurs ? new PipelineStoppedException() : BatchErrors.StoppedFromElsewhere());
        lock (_gate)
        {
            _shell = null;
        }

        plan.StuckRunspaces.Release(Runspace);
    }

    /// <summary>Lets go of the last operation's token.</summary>
    public void Close()
    {
        _watch.Unregister();
        plan.Live?.Remove(this);
    }

    public IEnumerator GetEnumerator() => this;

    public void Reset() => throw new NotSupportedException();

    private static OutputValues MakeValues(ScriptPlan plan) => new(plan.Values.Kinds, plan.Call.Block.Ast, plan.OutputClasses);

    private bool FetchNext() => !plan.IsolatesRunspaces && Fetch();

    private bool Begin()
    {
        try
        {
            _input = plan.AsBatch ? lane.Group.Select(operation => operation.Input).ToArray() : _operation!.Input;
            _variables.Refresh();
            if (plan.Ports is { } ports)
            {
                _port = ports.Lease(lane.Token);
                _variables.SetPort(_port.Port);
            }
        }
        catch (Exception e) when (e is not PipelineStoppedException)
        {
            End(e);
            return false;
        }

        _programs?.Begin();
        Watch();
        return true;
    }

    private void Watch()
    {
        CancellationToken token = lane.Token;
        bool isWatched;
        lock (_gate)
        {
            _isStoppable = true;
            isWatched = token == _watched;
            _watched = token;
        }

        if (!isWatched)
        {
            _watch.Unregister();
            _watch = token.UnsafeRegister(static (feed, stopped) => ((OperationEnumerator)feed!).Stop(stopped), this);
        }
    }

    private void End(Exception? error)
    {
        if (!IsRunning)
        {
            return;
        }

        lock (_gate)
        {
            _isStoppable = false;
            IsOver |= _isStopped;
        }

        _programs?.End();

        object? output = TakeOutput(ref error);
        ScriptOutcome outcome = TakeOutcome(output, ref error);
        _operation = null;
        _input = null;
        if (error is null)
        {
            lane.Succeed(outcome);
        }
        else
        {
            lane.Fail(error, outcome);
        }
    }

    private ScriptOutcome TakeOutcome(object? output, ref Exception? error)
    {
        var streams = StreamRecords.TakeFrom(_shell!.Streams, _output.Order);
        ErrorSummary errors = _errors.Take();
        int? exitCode = _exitCode ?? _variables.ExitCode;
        _exitCode = null;
        if (error is null && errors.Failure is null && plan.FailsOnExitCode && exitCode is not (null or 0))
        {
            error = BatchErrors.ProgramFailed(exitCode.Value);
        }

        if (error is not null and not PipelineStoppedException)
        {
            var last = BatchErrors.ToErrorRecord(error, _input);
            streams = streams with { Errors = [.. streams.Errors, last] };
            errors = errors.With(last);
        }

        error ??= errors.Failure?.Exception;
        _output.Unbind(streams);
        int? port = _port?.Port;
        _port?.Dispose();
        _port = null;
        return new ScriptOutcome(output, streams, port) { Errors = errors, ExitCode = exitCode };
    }

    // An output that cannot be made into what is wanted fails the operation, unless that has failed anyway.
    private object? TakeOutput(ref Exception? error)
    {
        object? output = _output.TakeRest();
        if (plan.Encode is null)
        {
            return output;
        }

        try
        {
            return plan.Encode(output);
        }
        catch (Exception e)
        {
            error ??= e;
            return plan.Encode(null);
        }
    }

    // A stop of the pipeline ends whatever the operation is in: script, cmdlets, programs.
    private void Stop(CancellationToken token)
    {
        System.Management.Automation.PowerShell shell;
        lock (_gate)
        {
            if (!_isStoppable || token != _watched || _shell is null)
            {
                return;
            }

            _isStopped = true;
            shell = _shell;
        }

        plan.StuckRunspaces.Watch(Runspace, Describe());

        // Seen before anything is ended, since what is left without its parent is nobody's. A batch that is given up leaves what it
        // started on purpose.
        if (!plan.Workers.IsAbandoned)
        {
            _programs?.EndSoon();
        }

        shell.BeginStop(null, null);
    }

    // No more than what can be said without running anything of the operation's.
    private string Describe()
    {
        if (_operation?.Id is { } id)
        {
            return $"id '{id}'";
        }

        object? input = _input is PSObject wrapped ? wrapped.BaseObject : _input;
        return OperationLabel.From(input) is { } label ? $"input '{label}'" : $"an input of type {input?.GetType().Name ?? "null"}";
    }
}
