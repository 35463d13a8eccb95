namespace PortMgmt.Operations;

/// <summary>What went wrong in the batch half. The names are stable: they are error ids in PowerShell and map once to exit codes.</summary>
public enum OperationErrorCode
{
    /// <summary>An option is out of its range, or options contradict each other. Exit code 2.</summary>
    InvalidOption,

    /// <summary>The metadata of an operation is larger than its bound. Exit code 2.</summary>
    MetadataTooLarge,

    /// <summary>An operation object was enqueued a second time. Exit code 2.</summary>
    OperationReused,

    /// <summary>The executor failed; the inner exception says how. Exit code 1.</summary>
    OperationFailed,

    /// <summary>The operation's time was up. Exit code 1.</summary>
    OperationTimedOut,

    /// <summary>The batch was stopped before the operation succeeded. Exit code 130.</summary>
    OperationCancelled,

    /// <summary>The batch was full. Exit code 1.</summary>
    OperationRejected,

    /// <summary>The worker ended while it ran the operation; the inner exception says why. Exit code 1.</summary>
    WorkerLost,

    /// <summary>No worker could be started for the operation; the inner exception says why. Exit code 1.</summary>
    WorkerUnavailable,

    /// <summary>The batch takes no more operations: its input was completed, or it was stopped. Exit code 2.</summary>
    BatchClosed,

    /// <summary>The scheduler was stopped. Exit code 2.</summary>
    SchedulerStopped,

    /// <summary>A script block was given as a value: it belongs to its own runspace and cannot run in another. Exit code 2.</summary>
    InvalidScriptBlockValue,

    /// <summary>A variable, function or module of the caller that the executor asks for does not exist. Exit code 2.</summary>
    NameNotFound,

    /// <summary>An input has no id where one was asked for. Exit code 2.</summary>
    IdNotFound,

    /// <summary>A job log cannot be read or written. Exit code 2.</summary>
    JobLogUnusable,

    /// <summary>A result with an id belongs to its worker and cannot be kept for others. Exit code 1.</summary>
    ResultNotCacheable,

    /// <summary>There is no daemon of that name. Exit code 2.</summary>
    DaemonNotFound,

    /// <summary>There is a daemon of that name already. Exit code 2.</summary>
    DaemonExists,
}
