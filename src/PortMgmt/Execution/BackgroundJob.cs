using System.Management.Automation;
using System.Runtime.CompilerServices;

namespace PortMgmt.PowerShell.Execution;

/// <summary>
/// A job of the session. It may be removed by whoever hears that it has ended, on the thread that says so, and by
/// <c>Receive-Job -Wait -AutoRemoveJob</c> whenever that comes upon its end.
/// </summary>
internal abstract class BackgroundJob : Job
{
    private readonly JobRepository _repository;

    /// <summary>The thread that says that the job has ended, while it does; 0 at other times.</summary>
    private int _endingThread;

    private volatile bool _hasEnded;

    private volatile bool _isRemoved;

    protected BackgroundJob(JobRepository repository, string command, string? name = null)
        : base(command, name)
    {
        _repository = repository;
    }

    public sealed override bool HasMoreData
    {
        get
        {
            // Receive-Job -AutoRemoveJob removes a job that ends while its output is looked at, and then once more as it hears of the
            // end: in vain, with an error. Before either removal it asks this here.
            if (_isRemoved && _endingThread == Environment.CurrentManagedThreadId && _repository.GetItem(InstanceId) is null)
            {
                _repository.Add(this);
            }

            return Output.Count > 0 || HasMore;
        }
    }

    public override string Location => Environment.MachineName;

    /// <summary>Nothing is done for the job any more, so that there is nothing to stop or to wait for.</summary>
    protected bool HasEnded => _hasEnded;

    /// <summary>There is, or may yet be, more than the output that is there.</summary>
    protected abstract bool HasMore { get; }

    protected override void Dispose(bool disposing)
    {
        _isRemoved |= disposing;
        base.Dispose(disposing);
    }

    /// <summary>Makes it a job of the session, which runs.</summary>
    protected void Begin()
    {
        _repository.Add(this);
        SetJobState(JobState.Running);
    }

    /// <summary>Says that the job has ended. Call it once, as the last of what is done for it.</summary>
    protected void End(JobState state, Exception? reason)
    {
        _hasEnded = true;
        _endingThread = Environment.CurrentManagedThreadId;
        try
        {
            SetFinalState(state, reason);
        }
        finally
        {
            _endingThread = 0;
            Withdraw();
        }
    }

    private void SetFinalState(JobState state, Exception? reason)
    {
        try
        {
            SetJobState(this, state, reason);
        }
        catch (MissingMethodException)
        {
            // An engine that has renamed it: the reason is in the status message as well.
            SetJobState(state);
        }
    }

    // Somebody else than Receive-Job asked for more data of a job that was removed.
    private void Withdraw()
    {
        if (_isRemoved && _repository.GetItem(InstanceId) is not null)
        {
            try
            {
                _repository.Remove(this);
            }
            catch (ArgumentException)
            {
                // Removed in between.
            }
        }
    }

    // Jobs of the kind that may give a reason need a source adapter beside them, or Receive-Job -AutoRemoveJob does not find them.
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = nameof(SetJobState))]
    private static extern void SetJobState(Job job, JobState state, Exception? reason);
}
