using PortMgmt.Leases.Registry;
using PortMgmt.Leases.Table;
using PortMgmt.Listeners;
using PortMgmt.Platform;
using PortMgmt.Ports;

namespace PortMgmt.Leases.Allocation;

/// <summary>
/// Looks at one port: first at what the table says, then at what the system says, which costs more. Dead leases in the
/// way are taken back. Used within one call.
/// </summary>
internal sealed class PortAvailabilityCheck(RegistrySession session, PortProtocol protocol, string name, string scope)
{
    /// <summary>Looks at a port.</summary>
    /// <param name="port">The port.</param>
    /// <param name="asked">Whether it was asked for by number, which passes over quarantine and lingering connections.</param>
    /// <param name="allowQuarantined">Whether nothing else is left, which passes over quarantine.</param>
    /// <returns>The refusal, with the record in the way; or none, with the record whose quarantine was passed over.</returns>
    public PortCheckResult Check(int port, bool asked, bool allowQuarantined = false)
    {
        bool ownPort = false;
        SlotRecord? passedOver = null;
        for (int side = 0; side < 2; side++)
        {
            if (!Concerns(protocol, udp: side == 1))
            {
                continue;
            }

            SlotRecord? quarantined = FindHindrance(TableLayout.Index(port, udp: side == 1));
            if (quarantined is { Kind: SlotKind.Leased })
            {
                return new PortCheckResult(PortRefusal.Leased, quarantined);
            }

            if (quarantined is null)
            {
                continue;
            }

            if (IsOwn(quarantined))
            {
                ownPort = true;
            }
            else if (asked || allowQuarantined)
            {
                passedOver = quarantined;
            }
            else
            {
                return new PortCheckResult(PortRefusal.Quarantined, quarantined);
            }
        }

        return new PortCheckResult(Bind(session.Platform, port, protocol, lingeringIsFine: asked || ownPort), passedOver);
    }

    /// <summary>Looks at a port on which somebody listens already: at its lease alone.</summary>
    public PortCheckResult CheckLease(int port)
    {
        for (int side = 0; side < 2; side++)
        {
            if (Concerns(protocol, udp: side == 1)
                && FindHindrance(TableLayout.Index(port, udp: side == 1)) is { Kind: SlotKind.Leased } lease)
            {
                return new PortCheckResult(PortRefusal.Leased, lease);
            }
        }

        return default;
    }

    /// <summary>What the system says of a port.</summary>
    /// <param name="platform">The system.</param>
    /// <param name="port">The port.</param>
    /// <param name="protocol">On which protocol.</param>
    /// <param name="lingeringIsFine">Whether connections that linger in TIME_WAIT are no hindrance.</param>
    public static PortRefusal Bind(HostPlatform platform, int port, PortProtocol protocol, bool lingeringIsFine)
    {
        for (int side = 0; side < 2; side++)
        {
            if (!Concerns(protocol, udp: side == 1))
            {
                continue;
            }

            PortBinding binding = platform.Probe(port, udp: side == 1);
            switch (lingeringIsFine ? Settle(platform, binding, port) : binding)
            {
                case PortBinding.Busy:
                case PortBinding.Shared:
                case PortBinding.Lingering when !lingeringIsFine:
                    return PortRefusal.Listening;
                case PortBinding.Forbidden:
                    return ExplainForbidden(platform, port, udp: side == 1);
            }
        }

        return PortRefusal.None;
    }

    /// <summary>Asks the system for the port's sockets where binding alone does not tell. Only TCP leaves that open.</summary>
    public static PortBinding Settle(HostPlatform platform, PortBinding binding, int port)
    {
        if (binding != PortBinding.Shared)
        {
            return binding;
        }

        IReadOnlyList<PortHolder> holders = PortHolders.Find(port, PortProtocol.Tcp);
        if (holders.Count > 0)
        {
            return holders[0].Use == SocketUse.Closed ? PortBinding.Lingering : PortBinding.Busy;
        }

        // macOS tells of listeners alone. Elsewhere the last one went just now, or it is a socket that this kernel does not show.
        return OperatingSystem.IsMacOS() ? PortBinding.Lingering
            : platform.Probe(port, udp: false) == PortBinding.Free ? PortBinding.Free
            : PortBinding.Busy;
    }

    /// <summary>Windows refuses with the same error what somebody has bound for himself alone, what it excludes, and what the user may not.</summary>
    private static PortRefusal ExplainForbidden(HostPlatform platform, int port, bool udp)
    {
        if (!platform.RefusesPortsInUse)
        {
            return PortRefusal.PermissionDenied;
        }

        return PortListeners.IsListening(port, udp ? PortProtocol.Udp : PortProtocol.Tcp) ? PortRefusal.Listening
            : platform.ReadPortRules().Excluded.Contains(port) ? PortRefusal.SystemExcluded
            : PortRefusal.PermissionDenied;
    }

    private static bool Concerns(PortProtocol protocol, bool udp) =>
        protocol == PortProtocol.Both || udp == (protocol == PortProtocol.Udp);

    private bool IsOwn(SlotRecord record) => name.Length > 0 && record.Name.Equals(name, StringComparison.OrdinalIgnoreCase)
        && record.Scope.Equals(scope, ScopeText.Comparison);

    /// <summary>The live lease on a slot, or the lease that left it in quarantine, for which a dead one makes way; null for none.</summary>
    private SlotRecord? FindHindrance(int index)
    {
        SlotRecord? record = session.Table.ReadSlot(index).Record;
        if (record is { Kind: SlotKind.Leased } && session.Liveness.Check(record) != StaleReason.None)
        {
            return session.Quarantine(record);
        }

        return record is { Kind: SlotKind.Quarantined } && session.Now >= record.Deadline ? null : record;
    }
}
