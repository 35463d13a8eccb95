using PortMgmt.PowerShell.Runspaces;

namespace PortMgmt.PowerShell.Scripts;

/// <summary>
/// Stops a worker's pipeline when the token of its present operation is cancelled, and the programs that the operation started. Used on
/// the worker's thread; only the stop comes from elsewhere.
/// </summary>
/// <param name="plan">What the workers of the batch share.</param>
/// <param name="describe">What the present operation is known by. Any thread; it runs nothing of the operation's.</param>
internal sealed class PipelineStopper(ScriptPlan plan, Func<string> describe)
{
    private readonly Lock _lock = new();

    /// <summary>What is ended when an operation's time is up; made on the worker's thread, and null where nobody sets a time.</summary>
    private StartedPrograms? _programs;

    private WorkerRunspace _runspace = null!;
    private System.Management.Automation.PowerShell? _shell;
    private CancellationToken _watched;
    private CancellationTokenRegistration _watch;

    /// <summary>An operation runs, so that a stop is meant for it. Guarded by the lock.</summary>
    private bool _isStoppable;

    /// <summary>The pipeline was told to stop and cannot be used for another operation. Guarded by the lock.</summary>
    private bool _isStopped;

    /// <summary>The pipeline was told to stop by this.</summary>
    public bool HasStopped
    {
        get
        {
            lock (_lock)
            {
                return _isStopped;
            }
        }
    }

    /// <summary>A new pipeline begins.</summary>
    public void Attach(System.Management.Automation.PowerShell shell, WorkerRunspace runspace)
    {
        _programs ??= plan.EndsPrograms ? new StartedPrograms() : null;
        _runspace = runspace;
        lock (_lock)
        {
            _shell = shell;
            _isStopped = false;
        }
    }

    /// <summary>The pipeline is over.</summary>
    public void Detach()
    {
        lock (_lock)
        {
            _shell = null;
        }

        plan.StuckRunspaces.Release(_runspace);
    }

    /// <summary>An operation begins: the pipeline is stopped when its token is cancelled.</summary>
    public void Begin(CancellationToken token)
    {
        _programs?.Begin();
        bool isWatched;
        lock (_lock)
        {
            _isStoppable = true;
            isWatched = token == _watched;
            _watched = token;
        }

        if (!isWatched)
        {
            _watch.Unregister();
            _watch = token.UnsafeRegister(static (stopper, stopped) => ((PipelineStopper)stopper!).Stop(stopped), this);
        }
    }

    /// <summary>The operation has ended: what is stopped from here on is none of it.</summary>
    /// <returns>Whether the pipeline was told to stop: it gets no more operations.</returns>
    public bool End()
    {
        bool isStopped;
        lock (_lock)
        {
            _isStoppable = false;
            isStopped = _isStopped;
        }

        _programs?.End();
        return isStopped;
    }

    /// <summary>Lets go of the last operation's token.</summary>
    public void Close() => _watch.Unregister();

    // A stop of the pipeline ends whatever the operation is in: script, cmdlets, programs.
    private void Stop(CancellationToken token)
    {
        System.Management.Automation.PowerShell shell;
        lock (_lock)
        {
            if (!_isStoppable || token != _watched || _shell is null)
            {
                return;
            }

            _isStopped = true;
            shell = _shell;
        }

        plan.StuckRunspaces.Watch(_runspace, describe());

        // Seen before anything is ended, since what is left without its parent is nobody's. A batch that is given up leaves what it
        // started on purpose.
        if (!plan.Workers.IsAbandoned)
        {
            _programs?.EndSoon();
        }

        shell.BeginStop(null, null);
    }
}
