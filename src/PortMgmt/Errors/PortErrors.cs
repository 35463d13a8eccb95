using System.Management.Automation;
using PortMgmt.Ports;
using PortMgmt.PowerShell.Terminal;

namespace PortMgmt.PowerShell.Errors;

/// <summary>The one place where a failure of the lease half becomes an error id, a category and a target.</summary>
internal static class PortErrors
{
    /// <summary>Makes the error record: the id is the code's name.</summary>
    public static ErrorRecord ToErrorRecord(PortRegistryException failure, object? target) =>
        VisibleErrors.Create(failure, failure.Code.ToString(), CategoryOf(failure.Code), target ?? failure.Port);

    /// <summary>Whether the registry or the system itself does not answer, so that every further item would fail in the same way.</summary>
    public static bool EndsPipeline(PortRegistryErrorCode code) => code
        is PortRegistryErrorCode.RegistryLocked
        or PortRegistryErrorCode.RegistryCorrupt
        or PortRegistryErrorCode.RegistryAccessDenied
        or PortRegistryErrorCode.RegistryDiskFull
        or PortRegistryErrorCode.RegistryUnavailable
        or PortRegistryErrorCode.ListenersUnavailable;

    /// <summary>No lease is what the caller said.</summary>
    public static PortRegistryException NoLease(string? name, int? port, PortProtocol? protocol, string? scope = null)
    {
        string what = (protocol is null ? "" : PortText.Describe(protocol.Value) + " ")
            + (port is null ? "" : "port " + PortText.Number(port.Value) + " ")
            + (string.IsNullOrEmpty(name) ? "" : "name '" + name + "' ")
            + (string.IsNullOrEmpty(scope) ? "" : "in the scope '" + scope + "' ");
        return new PortRegistryException(
            PortRegistryErrorCode.LeaseNotFound,
            "There is no lease with " + what + "in the registry. Get-PortLease lists those there are.")
        {
            Port = port,
        };
    }

    /// <summary>A process has no lease, or none of those that were named.</summary>
    public static PortRegistryException NoLeaseOf(int owner, bool ofSelection) => new(
        PortRegistryErrorCode.LeaseNotFound,
        "Process " + PortText.Number(owner) + " owns no lease " + (ofSelection ? "of these" : "in the registry") + ". Get-PortLease lists those there are, with their owners.");

    private static ErrorCategory CategoryOf(PortRegistryErrorCode code) => code switch
    {
        PortRegistryErrorCode.InvalidRequest => ErrorCategory.InvalidArgument,
        PortRegistryErrorCode.PortUnavailable => ErrorCategory.ResourceUnavailable,
        PortRegistryErrorCode.PortRangeExhausted => ErrorCategory.LimitsExceeded,
        PortRegistryErrorCode.LeaseNotFound => ErrorCategory.ObjectNotFound,
        PortRegistryErrorCode.ListenerNotFound => ErrorCategory.ObjectNotFound,
        PortRegistryErrorCode.OwnerNotFound => ErrorCategory.ObjectNotFound,
        PortRegistryErrorCode.ProjectFileNotFound => ErrorCategory.ObjectNotFound,
        PortRegistryErrorCode.ProjectFileInvalid => ErrorCategory.InvalidData,
        PortRegistryErrorCode.ListenersUnavailable => ErrorCategory.OpenError,
        PortRegistryErrorCode.LeaseNotOwned => ErrorCategory.PermissionDenied,
        PortRegistryErrorCode.LeaseConflict => ErrorCategory.ResourceExists,
        PortRegistryErrorCode.RegistryLocked => ErrorCategory.ResourceBusy,
        PortRegistryErrorCode.RegistryAccessDenied => ErrorCategory.PermissionDenied,
        PortRegistryErrorCode.RegistryCorrupt => ErrorCategory.InvalidData,
        PortRegistryErrorCode.RegistryDiskFull => ErrorCategory.WriteError,
        PortRegistryErrorCode.RegistryUnavailable => ErrorCategory.OpenError,
        PortRegistryErrorCode.WaitTimedOut => ErrorCategory.OperationTimeout,
        _ => ErrorCategory.NotSpecified,
    };
}
