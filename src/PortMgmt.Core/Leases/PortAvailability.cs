using PortMgmt.Listeners;
using PortMgmt.Ports;

namespace PortMgmt.Leases;

/// <summary>Whether a port would be handed out right now to somebody who asks for exactly it, and what speaks against it.</summary>
public sealed record PortAvailability
{
    /// <summary>The port number.</summary>
    public required int Port { get; init; }

    /// <summary>The protocol that was asked about.</summary>
    public required PortProtocol Protocol { get; init; }

    /// <summary>Whether an explicit request would get it.</summary>
    public required bool Available { get; init; }

    /// <summary>What speaks against it; with <see cref="Available"/> it is a rule that keeps the port from being handed out unasked.</summary>
    public required PortRefusal Reason { get; init; }

    /// <summary>The reason in a sentence; empty when there is none.</summary>
    public string Message { get; init; } = "";

    /// <summary>The lease on the port, if there is one.</summary>
    public PortLease? Lease { get; init; }

    /// <summary>Who has the port open, if it can be told: it listens there unless <see cref="Reason"/> says otherwise.</summary>
    public PortListener? Listener { get; init; }
}
