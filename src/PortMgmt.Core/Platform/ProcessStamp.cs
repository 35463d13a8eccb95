namespace PortMgmt.Platform;

/// <summary>
/// A process told apart from every other of this boot: an id alone may be given to a new process.
/// </summary>
/// <param name="Id">The process id.</param>
/// <param name="Start">When it started, in the system's own unit and by the machine's own clock, whatever the time namespace; 0 where the system does not tell.</param>
/// <param name="Namespace">The namespace in which the id counts (Linux: the inode of the PID namespace); 0 elsewhere.</param>
/// <param name="TimeNamespace">The time namespace in which the start was read (Linux: its inode); 0 elsewhere, and where it was not noted.</param>
internal readonly record struct ProcessStamp(int Id, ulong Start, ulong Namespace, ulong TimeNamespace = 0)
{
    /// <summary>Whether both stamps are of one process.</summary>
    public bool IsSame(in ProcessStamp other) => Id == other.Id && Namespace == other.Namespace
        && (Start == other.Start || (Start != 0 && other.Start != 0 && StartsAlike(other)));

    /// <summary>Whether both say the same start: read in two time namespaces, its last digit may have been rounded in two ways.</summary>
    public bool StartsAlike(in ProcessStamp other) => Start == other.Start
        || (TimeNamespace != other.TimeNamespace && Math.Max(Start, other.Start) - Math.Min(Start, other.Start) == 1);
}
