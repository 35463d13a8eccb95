namespace PortMgmt.Platform;

/// <summary>
/// A process told apart from every other of this boot: an id alone may be given to a new process.
/// </summary>
/// <param name="Id">The process id.</param>
/// <param name="Start">When it started, in the system's own unit and exactly as the system has it; 0 where it does not tell.</param>
/// <param name="Namespace">The namespace in which the id counts (Linux: the inode of the PID namespace); 0 elsewhere.</param>
internal readonly record struct ProcessStamp(int Id, ulong Start, ulong Namespace);
