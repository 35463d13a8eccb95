using System.Text.Json;
using PortMgmt.Listeners;
using PortMgmt.Ports;
using PortMgmt.Text;

namespace PortMgmt.Leases;

/// <summary>Leases and listeners as JSON members, for both heads. Names and meanings are part of the contract: <c>docs/schemas</c>.</summary>
internal static class LeaseJson
{
    /// <summary>A lease as a line of its own: with its token where it has one, and with its listener where that was looked up.</summary>
    public static string ToText(PortLease lease) => JsonText.Create(lease, static (writer, lease) =>
    {
        Write(writer, lease);
        if (lease.Token is { } token)
        {
            writer.WriteString("token", token);
        }

        if (lease.ListenerMismatch is not null)
        {
            WriteListener(writer, lease);
        }
    });

    /// <summary>A lease as lists show it.</summary>
    public static void Write(Utf8JsonWriter writer, PortLease lease)
    {
        writer.WriteNumber("port", lease.Port);
        writer.WriteString("protocol", ProtocolName.From(lease.Protocol));
        writer.WriteString("name", lease.Name);
        writer.WriteString("scope", lease.Scope);
        WriteNumber(writer, "processId", lease.OwnerProcessId);
        writer.WriteString("createdAt", lease.CreatedAt.UtcDateTime);
        WriteTime(writer, "expiresAt", lease.ExpiresAt);
        writer.WriteString("state", StateName(lease.State));
    }

    /// <summary>A lease as its maker sees it: with the token that renews and removes it.</summary>
    public static void WriteWithToken(Utf8JsonWriter writer, PortLease lease)
    {
        Write(writer, lease);
        writer.WriteString("token", lease.Token);
    }

    /// <summary>A lease with the listener found on its port.</summary>
    public static void WriteWithListener(Utf8JsonWriter writer, PortLease lease)
    {
        Write(writer, lease);
        WriteListener(writer, lease);
    }

    /// <summary>A listener.</summary>
    public static void Write(Utf8JsonWriter writer, PortListener listener)
    {
        writer.WriteNumber("port", listener.Port);
        writer.WriteString("protocol", ProtocolName.From(listener.Protocol));
        writer.WriteString("address", listener.Address.ToString());
        WriteNumber(writer, "processId", listener.Id);
        writer.WriteString("program", listener.Program);
        writer.WriteString("leaseName", listener.LeaseName);
    }

    /// <summary>What a sweep took back, or would take back.</summary>
    public static void Write(Utf8JsonWriter writer, StalePort stale)
    {
        writer.WriteNumber("port", stale.Port);
        writer.WriteString("protocol", ProtocolName.From(stale.Protocol));
        writer.WriteString("name", stale.Name);
        writer.WriteString("scope", stale.Scope);
        WriteNumber(writer, "processId", stale.OwnerProcessId);
        writer.WriteString("createdAt", stale.CreatedAt.UtcDateTime);
        writer.WriteString("reason", stale.Reason);
        writer.WriteBoolean("removed", stale.Removed);
    }

    /// <summary>A number or null.</summary>
    public static void WriteNumber(Utf8JsonWriter writer, string name, long? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(name, number);
        }
        else
        {
            writer.WriteNull(name);
        }
    }

    private static void WriteListener(Utf8JsonWriter writer, PortLease lease)
    {
        if (lease.Listener is { } listener)
        {
            writer.WriteStartObject("listener");
            writer.WriteString("address", listener.Address.ToString());
            WriteNumber(writer, "processId", listener.Id);
            writer.WriteString("program", listener.Program);
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteNull("listener");
        }

        writer.WriteBoolean("listenerMismatch", lease.ListenerMismatch ?? false);
    }

    private static void WriteTime(Utf8JsonWriter writer, string name, DateTimeOffset? value)
    {
        if (value is { } time)
        {
            writer.WriteString(name, time.UtcDateTime);
        }
        else
        {
            writer.WriteNull(name);
        }
    }

    private static string StateName(PortLeaseState state) => state switch
    {
        PortLeaseState.Active => "active",
        PortLeaseState.Stale => "stale",
        _ => "quarantined",
    };
}
