namespace PortMgmt.Platform;

/// <summary>What came of binding a port on the IPv4 and the IPv6 wildcard.</summary>
internal enum PortBinding
{
    /// <summary>Both could be bound.</summary>
    Free,

    /// <summary>Only with address reuse: closed connections linger there (TIME_WAIT). A server that sets SO_REUSEADDR can have it.</summary>
    Lingering,

    /// <summary>
    /// Only with address reuse, which this system allows beside a listener on one address too: <see cref="Busy"/> where one listens,
    /// else <see cref="Lingering"/>.
    /// </summary>
    Shared,

    /// <summary>A socket is in the way.</summary>
    Busy,

    /// <summary>The system does not allow it to this user, or to anybody.</summary>
    Forbidden,
}
