namespace PortMgmt.Leases;

/// <summary>Whose life a lease is tied to: the calling process, another process, or nobody.</summary>
public sealed record PortLeaseOwner
{
    private PortLeaseOwner(int? processId) => ProcessId = processId;

    /// <summary>The process that makes the call; the lease ends when it ends.</summary>
    public static PortLeaseOwner CurrentProcess { get; } = new(Environment.ProcessId);

    /// <summary>No process: the lease ends by its time to live, which is then required, or by removal.</summary>
    public static PortLeaseOwner None { get; } = new((int?)null);

    /// <summary>The owner's process id, or null for nobody.</summary>
    public int? ProcessId { get; }

    /// <summary>Another process of this machine; the lease ends when that one ends.</summary>
    /// <param name="processId">Its process id, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The id is below 1.</exception>
    public static PortLeaseOwner Process(int processId)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(processId, 1);
        return new PortLeaseOwner(processId);
    }
}
