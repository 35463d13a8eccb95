using PortMgmt.Cli.Parsing;
using PortMgmt.Operations;
using PortMgmt.Ports;

namespace PortMgmt.Cli;

/// <summary>What the process tells its caller. Part of the contract: scripts branch on these.</summary>
internal static class ExitCodes
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>An operation failed, a wait ran out of time, or the output, a job log or another file could not be written.</summary>
    public const int Incomplete = 1;

    /// <summary>The arguments are not valid.</summary>
    public const int Usage = 2;

    /// <summary>No such port can be had, or there is no such lease.</summary>
    public const int Unavailable = 3;

    /// <summary>The registry cannot be used.</summary>
    public const int Registry = 4;

    /// <summary>The lease, or the batch, is somebody else's or in conflict.</summary>
    public const int NotOwned = 5;

    /// <summary>The broker cannot be used, or has nobody for this.</summary>
    public const int Broker = 6;

    /// <summary>Interrupted by the user.</summary>
    public const int Interrupted = 130;

    /// <summary><c>run</c>: we failed before the command was reached, as env, timeout and nice have it.</summary>
    public const int RunFailed = 125;

    /// <summary><c>run</c>: the command was found but cannot be run.</summary>
    public const int CommandNotExecutable = 126;

    /// <summary><c>run</c>: the command was not found.</summary>
    public const int CommandNotFound = 127;

    /// <summary>The one place where a failure becomes an exit code.</summary>
    public static int From(Exception failure) => failure switch
    {
        PortRegistryException registry => From(registry.Code),
        OperationException operation => From(operation.Code),
        UsageException => Usage,
        _ => Incomplete,
    };

    private static int From(OperationErrorCode code) => code switch
    {
        OperationErrorCode.OperationCancelled => Interrupted,
        OperationErrorCode.OperationFailed => Incomplete,
        OperationErrorCode.OperationTimedOut => Incomplete,
        OperationErrorCode.OperationRejected => Incomplete,
        OperationErrorCode.WorkerLost => Incomplete,
        OperationErrorCode.WorkerUnavailable => Incomplete,
        OperationErrorCode.ResultNotCacheable => Incomplete,
        OperationErrorCode.JobLogNotWritten => Incomplete,
        OperationErrorCode.InputTooLarge => Incomplete,
        OperationErrorCode.OutputTooLarge => Incomplete,
        OperationErrorCode.MessageInvalid => Incomplete,
        OperationErrorCode.DeliveryLimitReached => Incomplete,
        OperationErrorCode.BatchInUse => NotOwned,
        OperationErrorCode.BrokerUnreachable => Broker,
        OperationErrorCode.BrokerAccessDenied => Broker,
        OperationErrorCode.BrokerConflict => Broker,
        OperationErrorCode.TypeNotFound => Broker,
        OperationErrorCode.NodeNotFound => Broker,
        OperationErrorCode.TransportUnavailable => Broker,
        _ => Usage,
    };

    private static int From(PortRegistryErrorCode code) => code switch
    {
        PortRegistryErrorCode.InvalidRequest => Usage,
        PortRegistryErrorCode.OwnerNotFound => Usage,
        PortRegistryErrorCode.ProjectFileNotFound => Usage,
        PortRegistryErrorCode.ProjectFileInvalid => Usage,
        PortRegistryErrorCode.PortUnavailable => Unavailable,
        PortRegistryErrorCode.PortRangeExhausted => Unavailable,
        PortRegistryErrorCode.LeaseNotFound => Unavailable,
        PortRegistryErrorCode.ListenerNotFound => Unavailable,
        PortRegistryErrorCode.LeaseNotOwned => NotOwned,
        PortRegistryErrorCode.LeaseConflict => NotOwned,
        PortRegistryErrorCode.WaitTimedOut => Incomplete,
        _ => Registry,
    };
}
