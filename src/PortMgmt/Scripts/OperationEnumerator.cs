using System.Collections;
using System.Management.Automation;
using PortMgmt.Leases;
using PortMgmt.Operations;
using PortMgmt.Operations.History;
using PortMgmt.PowerShell.Errors;
using PortMgmt.PowerShell.Runspaces;

namespace PortMgmt.PowerShell.Scripts;

/// <summary>
/// What the pump's loop goes over: each step ends the operation before and gets the next one, waiting for it. Belongs to one worker
/// and is used on its thread.
/// </summary>
internal sealed class OperationEnumerator : IEnumerable, IEnumerator
{
    private readonly ScriptPlan _plan;
    private readonly OperationLane<PSObject?, ScriptOutcome> _lane;
    private readonly OutcomeCollector _outcome;
    private readonly FreshVariables _variables;
    private readonly PipelineStopper _stopper;

    private Operation<PSObject?>? _operation;

    /// <summary>It was fetched but has not been begun yet.</summary>
    private bool _isPending;
    private bool _isLoopToHide;

    private object? _input;

    /// <summary>The code of an <c>exit</c> that ended the present operation.</summary>
    private int? _exitCode;

    private PortLease? _port;

    public OperationEnumerator(ScriptPlan plan, OperationLane<PSObject?, ScriptOutcome> lane)
    {
        _plan = plan;
        _lane = lane;
        _outcome = new OutcomeCollector(plan);
        _variables = new FreshVariables(plan);
        _stopper = new PipelineStopper(plan, Describe);
    }

    /// <summary>Collects the output of the present operation; the pipeline writes to it.</summary>
    public IList<PSObject?> Output => _outcome.Output;

    public ScriptCall Call => _plan.Call;

    /// <summary>Operations cannot change the runspace.</summary>
    public bool LeavesNothing => _plan.LeavesNothing;

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
        if (!HasEnded && !_lane.Next(out _operation))
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
        _outcome.Attach(shell.Streams);
        _stopper.Attach(shell, runspace);
        if (_plan.Live is { } live)
        {
            shell.Streams.Progress.DataAdding += (_, added) => live.AddProgress(this, (ProgressRecord)added.ItemAdded);
            live.Add(this);
        }
    }

    /// <summary>What an operation that has run for a while has written so far. Any thread.</summary>
    /// <param name="takesStreams">Errors, warnings and messages too.</param>
    public (PSObject?[] Output, StreamRecords Streams) TakeEarly(bool takesStreams) => _outcome.TakeEarly(takesStreams);

    /// <summary>The pump is inside its runspace.</summary>
    public void Enter(SessionState state)
    {
        _variables.Attach(state);
        _outcome.Enter(state);
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
        End(_stopper.HasStopped ? new PipelineStoppedException() : BatchErrors.StoppedFromElsewhere());
        _outcome.Detach();
        _stopper.Detach();
    }

    /// <summary>Lets go of the last operation's token.</summary>
    public void Close()
    {
        _stopper.Close();
        _plan.Live?.Remove(this);
    }

    public IEnumerator GetEnumerator() => this;

    public void Reset() => throw new NotSupportedException();

    private bool FetchNext() => !_plan.IsolatesRunspaces && Fetch();

    private bool Begin()
    {
        try
        {
            _input = _plan.AsBatch ? _lane.Group.Select(operation => operation.Input).ToArray() : _operation!.Input;
            _variables.Refresh();
            if (_plan.Ports is { } ports)
            {
                _port = ports.Lease(_lane.Token);
                _variables.SetPort(_port.Port);
            }
        }
        catch (Exception e) when (e is not PipelineStoppedException)
        {
            End(e);
            return false;
        }

        _stopper.Begin(_lane.Token);
        return true;
    }

    private void End(Exception? error)
    {
        if (!IsRunning)
        {
            return;
        }

        IsOver |= _stopper.End();
        object? output = _outcome.TakeOutput(ref error);
        ScriptOutcome outcome = _outcome.Take(output, _input, _exitCode ?? _variables.ExitCode, _port?.Port, ref error);
        _exitCode = null;
        _port?.Dispose();
        _port = null;
        _operation = null;
        _input = null;
        if (error is null)
        {
            _lane.Succeed(outcome);
        }
        else
        {
            _lane.Fail(error, outcome);
        }
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
