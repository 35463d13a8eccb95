using System.Globalization;

namespace PortMgmt.Cli.Run;

/// <summary>
/// What this process was given at its start and the .NET runtime changed before any code of ours ran: it raises the soft
/// limit of open files to the hard one, ignores SIGPIPE and catches SIGTERM and the like. The system keeps no record of the
/// former values. They are inferred from the parent, from whom a process has them, and where the parent says nothing, from
/// the defaults of the systems that start processes. What lies between parent and start stays unseen: a soft limit alone, or
/// an ignored signal, set in this very process before it became portmgmt (<c>ulimit -Sn 512; exec portmgmt run …</c>); set
/// both limits, <c>ulimit -n 512</c>, or set it behind the <c>--</c>.
/// </summary>
internal static class InheritedState
{
    /// <summary>What nearly every system starts its processes with (Linux' INR_OPEN_CUR, systemd's DefaultLimitNOFILE).</summary>
    public const int DefaultOpenFiles = 1024;

    /// <summary>SIGPIPE, the same number on every Unix.</summary>
    public const int BrokenPipe = 13;

    private const int KernelDefaultHardLimit = 4096;
    private const int SystemdDefaultHardLimit = 524_288;
    private const int MacDefaultOpenFiles = 256;

    // The runtime leaves these two alone when they are ignored, so where it catches them, they were not.
    private const ulong LeftAloneWhenIgnored = (1UL << (2 - 1)) | (1UL << (3 - 1));

    private const ulong BrokenPipeBit = 1UL << (BrokenPipe - 1);
    private const ulong StandardSignals = 0x7FFF_FFFF;

    // Ignores SIGPIPE and nothing else, and gives its children the default back: the rule below cannot see that.
    private static readonly string[] ResettingParents = ["sshd", "sshd-session"];

    /// <summary>The signals that the runtime changed and that were ignored before, signal n as bit n-1.</summary>
    /// <param name="self">This process, as it is now.</param>
    /// <param name="parent">Its parent; null when the system does not show it.</param>
    public static ulong IgnoredSignals(ProcessStatus self, ProcessStatus? parent)
    {
        ulong changed = (self.Caught | BrokenPipeBit) & ~LeftAloneWhenIgnored & StandardSignals;
        if (parent is null || ResettingParents.Contains(parent.Name))
        {
            return 0;
        }

        // A parent that ignores a signal which the runtime leaves alone and which is not ignored here has reset what it
        // ignores for its children, as interactive shells, Python, Node.js and tmux do.
        bool parentResets = (parent.Ignored & ~self.Ignored & ~changed & ~LeftAloneWhenIgnored & StandardSignals) != 0;
        return parentResets ? 0 : parent.Ignored & changed;
    }

    /// <summary>The soft limit of open files before the runtime raised it.</summary>
    /// <param name="current">The limits as they are now.</param>
    /// <param name="parent">The parent; null when the system does not show it.</param>
    public static nuint SoftOpenFiles(ResourceLimit current, ProcessStatus? parent)
    {
        // systemd raises its own limit, and sets that of what it starts: its own says nothing.
        if (parent is not null && parent.Name != "systemd" && parent.OpenFiles.Hard == current.Hard)
        {
            return nuint.Min(parent.OpenFiles.Soft, current.Soft);
        }

        if (OperatingSystem.IsMacOS())
        {
            return current.Hard > int.MaxValue ? MacDefaultOpenFiles : current.Soft;
        }

        // Another hard limit was set on purpose (ulimit -n, LimitNOFILE=, docker --ulimit), and these set both.
        return current.Hard is KernelDefaultHardLimit or SystemdDefaultHardLimit ? DefaultOpenFiles : current.Soft;
    }

    /// <summary>The parent's status; null when the system does not show it.</summary>
    public static ProcessStatus? ReadParent(ProcessStatus? self) =>
        self is { ParentId: > 0 } ? ProcessStatus.Read(self.ParentId.ToString(CultureInfo.InvariantCulture)) : null;
}
