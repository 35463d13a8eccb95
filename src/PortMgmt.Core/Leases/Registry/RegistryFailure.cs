using PortMgmt.Ports;

namespace PortMgmt.Leases.Registry;

/// <summary>Turns what files and directories fail with into the registry's own errors.</summary>
internal static class RegistryFailure
{
    // ENOSPC is 28 on Linux and macOS; EDQUOT 122 and 69; ERROR_HANDLE_DISK_FULL and ERROR_DISK_FULL on Windows.
    private static ReadOnlySpan<int> DiskFull => [28, 122, 69, unchecked((int)0x80070027), unchecked((int)0x80070070)];

    // EROFS is 30, ELOOP (a link where none is followed) 40 on Linux and 62 on macOS.
    private static ReadOnlySpan<int> NotAllowed => [30, 40, 62];

    public static PortRegistryException Translate(Exception failure, RegistryLocation location) => failure switch
    {
        UnauthorizedAccessException => Denied(failure, location),
        IOException io when DiskFull.Contains(io.HResult) => new PortRegistryException(
            PortRegistryErrorCode.RegistryDiskFull,
            $"The disk of the registry '{location.Directory}' is full, so nothing was leased or changed: make room, or name another directory in {RegistryLocation.Variable}.",
            failure),
        IOException io when NotAllowed.Contains(io.HResult) => Denied(failure, location),
        _ => new PortRegistryException(
            PortRegistryErrorCode.RegistryUnavailable,
            $"The registry '{location.Directory}' cannot be used: {Reason(failure)}. Correct it, or name another directory in {RegistryLocation.Variable}.",
            failure),
    };

    /// <summary>What the system says: a sentence on Windows, behind which the library puts the path.</summary>
    private static string Reason(Exception failure) => failure.Message.TrimEnd('.').Replace(". : '", ": '", StringComparison.Ordinal);

    private static PortRegistryException Denied(Exception failure, RegistryLocation location) => new(
        PortRegistryErrorCode.RegistryAccessDenied,
        $"The registry '{location.Directory}' cannot be used by this user: {Reason(failure)}. Change its permissions, or name another directory in {RegistryLocation.Variable}.",
        failure);
}
