using System.Buffers.Binary;
using System.Net;
using PortMgmt.Ports;

namespace PortMgmt.Listeners.Windows;

/// <summary>Reads a table as the IP helper API gives it: a count of 32 bits, then the rows.</summary>
internal static class IpHelperTable
{
    /// <summary>Looks for listeners in a table.</summary>
    /// <param name="table">The table's bytes.</param>
    /// <param name="layout">How its rows are laid out.</param>
    /// <param name="protocol">TCP or UDP.</param>
    /// <param name="port">Only this port; 0 for all.</param>
    /// <param name="found">Gets the listeners, without their programs; null to stop at the first.</param>
    /// <returns>Whether there was one.</returns>
    public static bool Read(ReadOnlySpan<byte> table, IpHelperRowLayout layout, PortProtocol protocol, int port, List<PortListener>? found)
    {
        uint count = BinaryPrimitives.ReadUInt32LittleEndian(table);
        ReadOnlySpan<byte> rest = table[sizeof(uint)..];
        bool any = false;
        for (; count > 0; count--, rest = rest[layout.Length..])
        {
            int rowPort = BinaryPrimitives.ReadUInt16BigEndian(rest[layout.Port..]);
            if (rowPort == 0 || (port != 0 && rowPort != port))
            {
                continue;
            }

            if (found is null)
            {
                return true;
            }

            any = true;
            found.Add(new()
            {
                Port = rowPort,
                Protocol = protocol,
                Address = ReadAddress(rest, layout),
                Id = ReadProcess(rest[layout.ProcessId..]),
            });
        }

        return any;
    }

    /// <summary>The id 0 is that of no process: the owner has ended, or is not told.</summary>
    private static int? ReadProcess(ReadOnlySpan<byte> field) => BinaryPrimitives.ReadInt32LittleEndian(field) is not 0 and int id ? id : null;

    private static IPAddress ReadAddress(ReadOnlySpan<byte> row, IpHelperRowLayout layout)
    {
        ReadOnlySpan<byte> bytes = row.Slice(layout.Address, layout.AddressLength);
        uint scope = layout.Scope < 0 ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(row[layout.Scope..]);
        return ListenerAddress.From(bytes, scope);
    }
}
