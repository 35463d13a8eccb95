using Microsoft.Win32.SafeHandles;
using PortMgmt.Leases.Allocation;
using PortMgmt.Leases.Policy;
using PortMgmt.Leases.Table;
using PortMgmt.Platform;
using PortMgmt.Ports;

namespace PortMgmt.Leases.Registry;

/// <summary>
/// Does the first work of its kind in a process once before the lock is taken, on a table of no consequence: what is compiled or
/// loaded for it, which takes a thousand times as long as the work, is then not waited for by everybody else. A program that is native
/// code has nothing to rehearse.
/// </summary>
/// <param name="platform">The system.</param>
/// <param name="time">The clock of leases.</param>
internal sealed class Rehearsal(HostPlatform platform, TimeProvider time)
{
    private const int SomePort = 10_000;

    // No system has a process of that number.
    private const int NoProcess = int.MaxValue;

    private readonly RehearsalPlatform _platform = new(platform);

    /// <summary>Does work on a table that has a live lease and a stale one.</summary>
    /// <param name="rules">The rules that the work was prepared under.</param>
    /// <param name="lease">The lease that the work is about; none for any.</param>
    /// <param name="enter">What comes between the lock and the work, given a file in place of the lock's.</param>
    /// <param name="work">The work.</param>
    public void Run<T>(PortRules rules, LeaseToken? lease, Action<SafeFileHandle> enter, Func<RegistrySession, T> work)
    {
        try
        {
            using SafeFileHandle file = platform.CreateScratchFile();
            enter(file);
            Prepare(file);
            using var table = LeaseTable.Open(_platform, file);
            var session = new RegistrySession(_platform, table, new Lazy<PortRules>(rules), time);
            Pass(session, Add(session, NewToken(SomePort + 1), platform.Self with { Id = NoProcess }));
            Pass(session, Add(session, lease ?? NewToken(SomePort), platform.Self));
            work(session);
        }
        catch (Exception e) when (e is PortRegistryException or IOException or UnauthorizedAccessException or NotSupportedException or TableDamageException)
        {
            // What fails here fails again where it matters, and is told there.
        }
    }

    private void Prepare(SafeFileHandle file)
    {
        byte[] front = new byte[TableLayout.TagsOffset];
        TableHeader.Write(front, platform.InstanceId, time.GetUtcNow());
        new ClockStamp(platform.BootMoment, RegistrySession.MonotonicNow(time, platform)).Write(front.AsSpan(TableLayout.SweepCursorOffset), sweepCursor: 0);
        platform.Write(file, front, 0);
        platform.SetSparseLength(file, TableLayout.FileLength);
    }

    private static LeaseToken NewToken(int port) => new(port, PortProtocol.Tcp, LeaseToken.NewFence());

    /// <summary>Passes by a lease that is in the way: a stale one is taken back.</summary>
    private static void Pass(RegistrySession session, int index)
    {
        if (session.Table.ReadSlot(index).Record is { } record && session.Liveness.Check(record) != StaleReason.None)
        {
            session.Quarantine(record);
        }
    }

    /// <summary>Adds a lease; the index of its slot.</summary>
    private int Add(RegistrySession session, LeaseToken token, ProcessStamp owner)
    {
        session.Table.WriteGroup(RegistrySession.SlotsOf(NewRecord(session, token, owner)));
        return TableLayout.Index(token.Port, token.Protocol == PortProtocol.Udp);
    }

    private SlotRecord NewRecord(RegistrySession session, LeaseToken token, ProcessStamp owner) => new()
    {
        Kind = SlotKind.Leased,
        Port = token.Port,
        Protocol = token.Protocol,
        Owner = owner,
        UserId = platform.UserId,
        CreatedAt = Math.Max(0, session.UtcNow.ToUnixTimeMilliseconds()),
        Fence = token.Fence,
        Name = "rehearsal",
    };
}
