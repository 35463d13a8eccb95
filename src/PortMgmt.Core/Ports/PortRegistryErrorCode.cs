namespace PortMgmt.Ports;

/// <summary>What went wrong in the lease half. The names are stable: they are error ids in PowerShell and map once to exit codes.</summary>
public enum PortRegistryErrorCode
{
    /// <summary>A value of the request or the policy is not valid (name, range, count, time to live, combination). Exit code 2.</summary>
    InvalidRequest,

    /// <summary>The port that was asked for cannot be had. Exit code 3.</summary>
    PortUnavailable,

    /// <summary>No port of the range can be had. Exit code 3.</summary>
    PortRangeExhausted,

    /// <summary>There is no such lease. Exit code 3.</summary>
    LeaseNotFound,

    /// <summary>The lease belongs to another user, or the token is not, or no longer, that of the lease. Exit code 5.</summary>
    LeaseNotOwned,

    /// <summary>A live lease of that name and owner exists with other terms. Exit code 5.</summary>
    LeaseConflict,

    /// <summary>Another process kept the registry locked beyond the deadline. Exit code 4.</summary>
    RegistryLocked,

    /// <summary>The table or the policy could not be understood; the table was set aside. Exit code 4.</summary>
    RegistryCorrupt,

    /// <summary>The registry's directory or files cannot be used by this user. Exit code 4.</summary>
    RegistryAccessDenied,

    /// <summary>The disk that holds the registry is full. Exit code 4.</summary>
    RegistryDiskFull,

    /// <summary>The registry's files failed in another way; the inner exception has it. Exit code 4.</summary>
    RegistryUnavailable,

    /// <summary>The system does not tell who listens. Exit code 4.</summary>
    ListenersUnavailable,

    /// <summary>The process that is to own the lease does not exist. Exit code 2.</summary>
    OwnerNotFound,

    /// <summary>Nothing listens, or something still listens, when the time to wait is over. Exit code 1.</summary>
    WaitTimedOut,

    /// <summary>No process listens on the port to be adopted, or it cannot be told which. Exit code 3.</summary>
    ListenerNotFound,

    /// <summary>The project file that was asked for does not exist. Exit code 2.</summary>
    ProjectFileNotFound,

    /// <summary>The project file cannot be read, or something in it is not as it must be. Exit code 2.</summary>
    ProjectFileInvalid,
}
