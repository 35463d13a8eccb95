using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using PortMgmt.Operations;

namespace PortMgmt.PowerShell.Affinity;

/// <summary>One call of a script in its own session, for a worker. Run once, on the thread of the session; any thread may stop it.</summary>
/// <param name="prepare">Takes what the script has; what it refuses ends the call before the script runs.</param>
/// <param name="script">Calls the script.</param>
/// <param name="take">Makes of what it puts out what the worker can have.</param>
[SuppressMessage("Reliability", "CA1001", Justification = "An event whose handle nobody asks for holds nothing.")]
internal sealed class HomeCall(Action prepare, Func<object?> script, Func<object?, object?> take)
{
    /// <summary>In the scope of whoever waits for the batch; what the script writes comes out, while its value is kept.</summary>
    private const string Frame = ". { $args[0].Invoke() } $args[0] *>&1";

    private readonly Lock _lock = new();
    private readonly ManualResetEventSlim _ended = new();
    private System.Management.Automation.PowerShell? _shell;
    private bool _isBegun;
    private volatile bool _isStopped;

    /// <summary>What the script put out.</summary>
    public object? Value { get; private set; }

    /// <summary>What ended it; null for nothing.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>What it wrote to streams beside its output.</summary>
    public IReadOnlyList<object> Written { get; private set; } = [];

    /// <summary>It is about to be run: a stop does not end the wait any more.</summary>
    /// <returns>False if it has been stopped.</returns>
    public bool TryBegin()
    {
        lock (_lock)
        {
            return _isBegun = !_isStopped;
        }
    }

    /// <summary>Before it is run, and whoever runs it has borrowed the turn.</summary>
    /// <returns>False if it is not to be run.</returns>
    public bool TryPrepare()
    {
        try
        {
            prepare();
            return true;
        }
        catch (OperationException refusal)
        {
            Failure = refusal;
            return false;
        }
    }

    /// <summary>Runs it, as a pipeline of its own that can be stopped without those around it.</summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Whatever ends the script ends the operation that called it.")]
    public void Run()
    {
        using var shell = System.Management.Automation.PowerShell.Create(RunspaceMode.CurrentRunspace);
        lock (_lock)
        {
            _shell = shell;
        }

        List<PSObject> written = [];
        try
        {
            shell.AddScript(Frame, useLocalScope: false).AddArgument((Action)Call).Invoke(null, written);
        }
        catch (Exception e)
        {
            Failure ??= e;
        }
        finally
        {
            lock (_lock)
            {
                _shell = null;
            }
        }

        Written = [.. written.Select(static record => record.BaseObject), .. shell.Streams.Error];
    }

    /// <summary>It has been run: gives the worker what came of it.</summary>
    public void End()
    {
        try
        {
            Value = Failure is null ? take(Value) : null;
        }
        catch (OperationException refusal)
        {
            Failure = refusal;
        }

        _ended.Set();
    }

    /// <summary>It cannot be run any more.</summary>
    public void Fail(Exception reason)
    {
        Failure = reason;
        _ended.Set();
    }

    public void WaitForEnd() => _ended.Wait();

    /// <summary>Stops it, or keeps it from beginning.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            _isStopped = true;
            if (!_isBegun)
            {
                Fail(new PipelineStoppedException());
            }

            _shell?.BeginStop(null, null);
        }
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Whatever ends the script ends the operation that called it.")]
    private void Call()
    {
        try
        {
            // A pipeline that was stopped before it began would run all the same.
            Value = _isStopped ? throw new PipelineStoppedException() : script();
        }
        catch (Exception e)
        {
            Failure = e;
        }
    }
}
