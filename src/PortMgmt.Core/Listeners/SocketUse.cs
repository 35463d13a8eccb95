namespace PortMgmt.Listeners;

/// <summary>What a socket uses its port for; the most telling first.</summary>
internal enum SocketUse
{
    /// <summary>It listens, or, with UDP, receives from anybody.</summary>
    Listening,

    /// <summary>It is bound and does not listen, or does not do so yet.</summary>
    Bound,

    /// <summary>It is one end of a connection that a process has.</summary>
    Connected,

    /// <summary>It is what the system remembers of a connection that its process has closed (TIME_WAIT and the states before it).</summary>
    Closed,
}
