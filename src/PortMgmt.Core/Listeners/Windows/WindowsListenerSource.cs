using System.Buffers;
using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.Versioning;
using PortMgmt.Platform.Native;
using PortMgmt.Ports;

namespace PortMgmt.Listeners.Windows;

/// <summary>Windows: the IP helper API's tables of sockets with their processes. It does not tell whether a UDP socket is connected.</summary>
[SupportedOSPlatform("windows")]
internal sealed class WindowsListenerSource : IListenerSource
{
    private const int FirstBufferLength = 16 * 1024;

    public List<PortListener> Find(int? port, PortProtocol protocol, Func<IEnumerable<int>>? likely = null)
    {
        List<PortListener> rows = [];
        Query(port ?? 0, protocol, rows);
        Dictionary<int, string?> programs = [];
        for (int i = 0; i < rows.Count; i++)
        {
            if (rows[i].Id is not int processId)
            {
                continue;
            }

            if (!programs.TryGetValue(processId, out string? program))
            {
                programs.Add(processId, program = ReadProgram(processId));
            }

            rows[i] = rows[i] with { Program = program };
        }

        return rows;
    }

    public bool IsListening(int port, PortProtocol protocol) => Query(port, protocol, found: null);

    private static bool Query(int port, PortProtocol protocol, List<PortListener>? found)
    {
        bool any = false;
        if (protocol != PortProtocol.Udp)
        {
            any |= Query(PortProtocol.Tcp, IpHelper.IPv6, IpHelperRowLayout.TcpV6, port, found);
            any |= Query(PortProtocol.Tcp, IpHelper.IPv4, IpHelperRowLayout.Tcp, port, found);
        }

        if (protocol != PortProtocol.Tcp)
        {
            any |= Query(PortProtocol.Udp, IpHelper.IPv6, IpHelperRowLayout.UdpV6, port, found);
            any |= Query(PortProtocol.Udp, IpHelper.IPv4, IpHelperRowLayout.Udp, port, found);
        }

        return any;
    }

    private static unsafe bool Query(PortProtocol protocol, uint family, IpHelperRowLayout layout, int port, List<PortListener>? found)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(FirstBufferLength);
        try
        {
            while (true)
            {
                uint length = (uint)buffer.Length;
                uint error;
                fixed (byte* table = buffer)
                {
                    error = protocol == PortProtocol.Tcp
                        ? IpHelper.GetTcpTable(table, &length, 0, family, IpHelper.TcpListeners, 0)
                        : IpHelper.GetUdpTable(table, &length, 0, family, IpHelper.UdpSockets, 0);
                }

                if (error == IpHelper.NoError)
                {
                    return IpHelperTable.Read(buffer, layout, protocol, port, found);
                }

                if (error != IpHelper.InsufficientBuffer)
                {
                    throw new PortRegistryException(PortRegistryErrorCode.ListenersUnavailable, $"Who listens cannot be told: {new Win32Exception((int)error).Message}");
                }

                ArrayPool<byte>.Shared.Return(buffer);
                // Sockets may be opened between two calls.
                buffer = ArrayPool<byte>.Shared.Rent((int)length + FirstBufferLength);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static string? ReadProgram(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return process.ProcessName;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return null;
        }
    }
}
