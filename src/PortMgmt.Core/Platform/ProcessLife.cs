namespace PortMgmt.Platform;

/// <summary>What is known of a process that owned something.</summary>
internal enum ProcessLife
{
    /// <summary>It lives, or nothing proves that it does not.</summary>
    Alive,

    /// <summary>The system has no process of that id.</summary>
    Gone,

    /// <summary>The id belongs to another process now.</summary>
    Replaced,

    /// <summary>It lives or lived in another namespace; nobody here can tell.</summary>
    OutOfSight,
}
