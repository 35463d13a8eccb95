using System.Globalization;
using System.Management.Automation;
using PortMgmt.Operations;
using PortMgmt.Ports;
using PortMgmt.PowerShell.Execution;

namespace PortMgmt.PowerShell.Errors;

/// <summary>The one place where a failure of the batch half becomes an error id, a category and a target.</summary>
internal static class BatchErrors
{
    /// <summary>Makes the error record: the id is the code's name.</summary>
    public static ErrorRecord ToErrorRecord(OperationException failure, object? target) =>
        VisibleErrors.Create(failure, failure.Code.ToString(), CategoryOf(failure.Code), target);

    /// <summary>
    /// The record of whatever ended an operation; with the position, where the engine knows one. What the block gave an error as its target
    /// stays; the input is that of errors that are not the block's.
    /// </summary>
    public static ErrorRecord ToErrorRecord(Exception failure, object? input = null) => failure switch
    {
        OperationException own => ToErrorRecord(own, input),
        PortRegistryException lease => PortErrors.ToErrorRecord(lease, input),

        // What a catch would have: the error itself, and not that it was to end the script.
        ActionPreferenceStopException { ErrorRecord: { } record } => record,
        IContainsErrorRecord { ErrorRecord: { } record } => new ErrorRecord(record, failure),
        _ => new ErrorRecord(failure, nameof(OperationErrorCode.OperationFailed), ErrorCategory.NotSpecified, input),
    };

    /// <summary>An operation called <c>exit</c> with a code other than 0.</summary>
    public static OperationException Exited(object? argument) => new(
        OperationErrorCode.OperationFailed,
        string.Create(CultureInfo.InvariantCulture, $"The operation ended by 'exit {argument}': only 'exit' and 'exit 0' mean success."));

    /// <summary>The last program of an operation ended with a code other than 0, and that is to count.</summary>
    public static OperationException ProgramFailed(int code) => new(
        OperationErrorCode.OperationFailed,
        string.Create(CultureInfo.InvariantCulture, $"The last program of the operation ended with exit code {code}, and -FailOnExitCode was given."));

    /// <summary>A batch ended at its first failure, as -ErrorAction Stop asks for.</summary>
    public static OperationException StoppedAtFailure(OperationResult first) => new(
        first.Status == OperationStatus.TimedOut ? OperationErrorCode.OperationTimedOut : OperationErrorCode.OperationFailed,
        $"The batch was stopped at its first failure, by -ErrorAction Stop: the operation with {(first.Id is { } id ? $"id '{id}'" : $"input '{first.Input}'")} "
        + $"ended as {first.Status}. {first.ErrorMessage}",
        first.Error is [.., { } last] ? last.Exception : null);

    /// <summary>The pipeline of an operation ended in its middle, and it was neither the batch's end nor the operation's time.</summary>
    public static OperationException StoppedFromElsewhere() => new(
        OperationErrorCode.OperationFailed,
        "The operation was stopped, but not by its batch: its runspace was closed, or what it ran stopped its own pipeline.");

    private static ErrorCategory CategoryOf(OperationErrorCode code) => code switch
    {
        OperationErrorCode.InvalidOption or OperationErrorCode.OperationReused or OperationErrorCode.MetadataTooLarge
            or OperationErrorCode.InvalidScriptBlockValue or OperationErrorCode.InputNotIdentifiable => ErrorCategory.InvalidArgument,
        OperationErrorCode.OperationFailed or OperationErrorCode.OperationCancelled => ErrorCategory.OperationStopped,
        OperationErrorCode.OperationTimedOut => ErrorCategory.OperationTimeout,
        OperationErrorCode.OperationRejected => ErrorCategory.LimitsExceeded,
        OperationErrorCode.WorkerLost or OperationErrorCode.WorkerUnavailable => ErrorCategory.ResourceUnavailable,
        OperationErrorCode.BatchClosed or OperationErrorCode.SchedulerStopped => ErrorCategory.InvalidOperation,
        OperationErrorCode.NameNotFound or OperationErrorCode.IdNotFound or OperationErrorCode.DaemonNotFound => ErrorCategory.ObjectNotFound,
        OperationErrorCode.JobLogUnusable => ErrorCategory.InvalidData,
        OperationErrorCode.JobLogNotWritten => ErrorCategory.WriteError,
        OperationErrorCode.ResultNotCacheable => ErrorCategory.InvalidResult,
        OperationErrorCode.DaemonExists => ErrorCategory.ResourceExists,
        OperationErrorCode.BrokerUnreachable => ErrorCategory.ConnectionError,
        OperationErrorCode.BrokerAccessDenied => ErrorCategory.AuthenticationError,
        OperationErrorCode.BrokerConflict or OperationErrorCode.TransportUnavailable => ErrorCategory.ResourceUnavailable,
        OperationErrorCode.BatchInUse => ErrorCategory.ResourceBusy,
        OperationErrorCode.TypeNotFound or OperationErrorCode.NodeNotFound or OperationErrorCode.NoCluster => ErrorCategory.ObjectNotFound,
        OperationErrorCode.InputTooLarge or OperationErrorCode.OutputTooLarge => ErrorCategory.LimitsExceeded,
        OperationErrorCode.MessageInvalid => ErrorCategory.InvalidData,
        OperationErrorCode.DeliveryLimitReached => ErrorCategory.LimitsExceeded,
        _ => ErrorCategory.NotSpecified,
    };
}
