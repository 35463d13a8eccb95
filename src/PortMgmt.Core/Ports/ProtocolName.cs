namespace PortMgmt.Ports;

/// <summary>Protocols as the command line and JSON write them.</summary>
internal static class ProtocolName
{
    /// <summary><c>tcp</c>, <c>udp</c> or <c>both</c>.</summary>
    public static string From(PortProtocol protocol) => protocol switch
    {
        PortProtocol.Tcp => "tcp",
        PortProtocol.Udp => "udp",
        _ => "both",
    };
}
