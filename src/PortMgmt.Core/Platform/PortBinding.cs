namespace PortMgmt.Platform;

/// <summary>What came of binding a port on the IPv4 and the IPv6 wildcard.</summary>
internal enum PortBinding
{
    /// <summary>Both could be bound.</summary>
    Free,

    /// <summary>Only with address reuse: closed connections linger there (TIME_WAIT). A server that sets SO_REUSEADDR can have it.</summary>
    Lingering,

    /// <summary>
    /// Only with address reuse, which does not tell closed connections from sockets that are bound or connected, and on macOS not from a
    /// listener on one address: <see cref="Busy"/> where there is one of these, else <see cref="Lingering"/>.
    /// </summary>
    Shared,

    /// <summary>A socket is in the way.</summary>
    Busy,

    /// <summary>The system does not allow it to this user, or to anybody.</summary>
    Forbidden,
}
