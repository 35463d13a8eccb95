using System.Runtime.InteropServices;

namespace PortMgmt.Cli.Run;

/// <summary>struct rlimit: the soft limit, which holds, and the hard one, up to which a process may raise it.</summary>
/// <param name="Soft">rlim_cur; all bits set for no limit.</param>
/// <param name="Hard">rlim_max; all bits set for no limit.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct ResourceLimit(nuint Soft, nuint Hard);
