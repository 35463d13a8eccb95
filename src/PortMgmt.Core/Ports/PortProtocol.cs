namespace PortMgmt.Ports;

/// <summary>The transport that a port is leased for. Each of TCP and UDP has its own 65,535 ports.</summary>
public enum PortProtocol
{
    /// <summary>TCP.</summary>
    Tcp,

    /// <summary>UDP.</summary>
    Udp,

    /// <summary>The same port number on TCP and on UDP, as one lease.</summary>
    Both,
}
