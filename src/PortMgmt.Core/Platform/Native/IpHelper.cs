using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace PortMgmt.Platform.Native;

/// <summary>The calls of the IP helper API (iphlpapi.h) that tell sockets with their processes.</summary>
[SupportedOSPlatform("windows")]
internal static unsafe partial class IpHelper
{
    public const uint NoError = 0;
    public const uint InsufficientBuffer = 122;

    /// <summary>AF_INET.</summary>
    public const uint IPv4 = 2;

    /// <summary>AF_INET6.</summary>
    public const uint IPv6 = 23;

    /// <summary>TCP_TABLE_OWNER_PID_LISTENER.</summary>
    public const int TcpListeners = 3;

    /// <summary>UDP_TABLE_OWNER_PID.</summary>
    public const int UdpSockets = 1;

    /// <summary>Copies the table of TCP sockets. Gives a Win32 error code; <paramref name="length"/> is then what it needs.</summary>
    [LibraryImport("iphlpapi", EntryPoint = "GetExtendedTcpTable")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial uint GetTcpTable(void* table, uint* length, int sorted, uint family, int tableClass, uint reserved);

    /// <summary>Copies the table of UDP sockets, likewise.</summary>
    [LibraryImport("iphlpapi", EntryPoint = "GetExtendedUdpTable")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial uint GetUdpTable(void* table, uint* length, int sorted, uint family, int tableClass, uint reserved);
}
