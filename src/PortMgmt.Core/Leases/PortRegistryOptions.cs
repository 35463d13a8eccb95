using PortMgmt.Ports;

namespace PortMgmt.Leases;

/// <summary>How a registry is opened.</summary>
public sealed record PortRegistryOptions
{
    /// <summary>The registry's directory; null for the one found by the environment, the machine or the user.</summary>
    public string? Directory { get; init; }

    /// <summary>How long a call waits for the registry's lock before it fails with <see cref="PortRegistryErrorCode.RegistryLocked"/>; 0 to 24 days or infinite, 2 seconds unless set.</summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The clock; the system's unless a test has its own.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
