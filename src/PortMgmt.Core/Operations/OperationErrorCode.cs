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

    /// <summary>A job log cannot be opened, or is none. Exit code 2.</summary>
    JobLogUnusable,

    /// <summary>A result with an id belongs to its worker and cannot be kept for others. Exit code 1.</summary>
    ResultNotCacheable,

    /// <summary>There is no daemon of that name. Exit code 2.</summary>
    DaemonNotFound,

    /// <summary>There is a daemon of that name already. Exit code 2.</summary>
    DaemonExists,

    /// <summary>The broker does not answer, or was lost and did not come back in time. Exit code 6.</summary>
    BrokerUnreachable,

    /// <summary>The broker refuses the user, the virtual host or the use of a queue. Exit code 6.</summary>
    BrokerAccessDenied,

    /// <summary>What is on the broker under our names was made by something else, with other properties. Exit code 6.</summary>
    BrokerConflict,

    /// <summary>No worker of the cluster ever served that type of operation. Exit code 6.</summary>
    TypeNotFound,

    /// <summary>Another submitter has the batch open. Exit code 5.</summary>
    BatchInUse,

    /// <summary>An input is too large for a message, or cannot be written as JSON. Exit code 1.</summary>
    InputTooLarge,

    /// <summary>The output is too large for a message, or cannot be written as JSON. Exit code 1.</summary>
    OutputTooLarge,

    /// <summary>A message is not one of ours, or not for this queue. Exit code 1.</summary>
    MessageInvalid,

    /// <summary>The operation was given back, or ended its node, more often than is allowed. Exit code 1.</summary>
    DeliveryLimitReached,

    /// <summary>The transport for brokers is not installed or does not load. Exit code 6.</summary>
    TransportUnavailable,

    /// <summary>No node of that name answered. Exit code 6.</summary>
    NodeNotFound,

    /// <summary>The daemon has no broker, and what was asked for needs one. Exit code 2.</summary>
    NoCluster,

    /// <summary>An input, or what was given as its id, has nothing by which a later process knows it again. Exit code 2.</summary>
    InputNotIdentifiable,

    /// <summary>What a batch notes in its job log cannot be written, as to a full disk. Exit code 1.</summary>
    JobLogNotWritten,
}
