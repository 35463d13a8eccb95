namespace PortMgmt.Listeners.Windows;

/// <summary>Where the fields of a row are in a table of the IP helper API (tcpmib.h, udpmib.h), in bytes.</summary>
/// <param name="Length">The row's length.</param>
/// <param name="Address">The local address.</param>
/// <param name="AddressLength">4 or 16.</param>
/// <param name="Scope">The local address's scope; -1 for IPv4.</param>
/// <param name="Port">The local port: two bytes in network order.</param>
/// <param name="ProcessId">The owning process.</param>
internal readonly record struct IpHelperRowLayout(int Length, int Address, int AddressLength, int Scope, int Port, int ProcessId)
{
    /// <summary>MIB_TCPROW_OWNER_PID: state, local address, local port, remote address, remote port, process.</summary>
    public static IpHelperRowLayout Tcp { get; } = new(Length: 24, Address: 4, AddressLength: 4, Scope: -1, Port: 8, ProcessId: 20);

    /// <summary>MIB_TCP6ROW_OWNER_PID: local address, scope, port, remote address, scope, port, state, process.</summary>
    public static IpHelperRowLayout TcpV6 { get; } = new(Length: 56, Address: 0, AddressLength: 16, Scope: 16, Port: 20, ProcessId: 52);

    /// <summary>MIB_UDPROW_OWNER_PID: local address, local port, process.</summary>
    public static IpHelperRowLayout Udp { get; } = new(Length: 12, Address: 0, AddressLength: 4, Scope: -1, Port: 4, ProcessId: 8);

    /// <summary>MIB_UDP6ROW_OWNER_PID: local address, scope, port, process.</summary>
    public static IpHelperRowLayout UdpV6 { get; } = new(Length: 28, Address: 0, AddressLength: 16, Scope: 16, Port: 20, ProcessId: 24);
}
