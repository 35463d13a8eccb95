using PortMgmt.Leases.Registry;
using PortMgmt.Ports;

namespace PortMgmt.Leases;

/// <summary>How a registry is opened.</summary>
public sealed record PortRegistryOptions
{
    /// <summary>The registry's directory; null for the one found by the environment, the machine or the user.</summary>
    public string? Directory { get; init; }

    /// <summary>
    /// How long a call waits in all for the registry's lock before it fails with <see cref="PortRegistryErrorCode.RegistryLocked"/>: 0 to 24
    /// days or infinite; unless set, what <c>PORTMGMT_LOCK_TIMEOUT</c> says, and 60 seconds where that says nothing. 0 is for no wait. Any wait
    /// but an infinite one is over as well when the lock has not changed hands for 2 seconds: then whoever has it is stopped or stuck.
    /// </summary>
    public TimeSpan LockTimeout
    {
        get => AskedLockTimeout ?? LockTimeouts.Total;
        init => AskedLockTimeout = value;
    }

    /// <summary>What the caller set; null for nothing.</summary>
    internal TimeSpan? AskedLockTimeout { get; private init; }

    /// <summary>How long the lock may stay in one hand; tests that stop processes allow for more.</summary>
    internal TimeSpan LockStallTimeout { get; init; } = LockTimeouts.Stalled;

    /// <summary>The clock; the system's unless a test has its own.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
