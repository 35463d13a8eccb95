using Microsoft.Win32.SafeHandles;
using PortMgmt.Leases.Allocation;
using PortMgmt.Leases.Table;
using PortMgmt.Platform;

namespace PortMgmt.Leases.Registry;

/// <summary>
/// A table that is not, or not yet, the one that a call works on: of an earlier boot, of another network namespace, of version 1,
/// or of a process that was not told its boot. Says what can be proven of it, and nothing more.
/// </summary>
/// <param name="Path">Its path.</param>
/// <param name="File">The open file.</param>
/// <param name="Origin">Where it comes from.</param>
/// <param name="Clocks">The clocks at its last allocation; null where it has none.</param>
internal sealed record OtherTable(string Path, SafeFileHandle File, TableOrigin Origin, ClockStamp? Clocks) : IDisposable
{
    // The clocks are read one after the other, and a leap second is a second.
    private const long ClockTolerance = 2000;

    /// <summary>Opens a table; null for what is none, or nobody's business.</summary>
    public static OtherTable? Open(HostPlatform platform, string path)
    {
        SafeFileHandle? file = null;
        try
        {
            file = platform.OpenFile(path, readOnly: true);
            byte[] preamble = new byte[TableLayout.PreambleLength];
            if (file is not null && RandomAccess.Read(file, preamble, 0) == preamble.Length && TableHeader.TryRead(preamble) is { Version: 1 or 2 } origin)
            {
                ClockStamp? clocks = origin.Version == 1 ? null : ClockStamp.Read(preamble.AsSpan(TableLayout.SweepCursorOffset));
                return new OtherTable(path, file, origin, clocks);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another user's, a link, a directory.
        }

        file?.Dispose();
        return null;
    }

    /// <summary>Whether its maker was told the boot by the kernel itself; version 1 believed what it was shown.</summary>
    public bool IsBootTold => Origin.Version > 1 && Origin.Boot != HostPlatform.UnknownBoot;

    /// <summary>Whether nothing in it can live, by proof.</summary>
    public bool IsDead(HostPlatform platform, LeaseLiveness liveness, long now)
    {
        // Of another machine, neither boots nor clocks nor processes say anything here.
        if (!IsOfThisHost(platform))
        {
            return false;
        }

        if (IsBootTold && platform.BootId is { } boot)
        {
            return boot != Origin.Boot;
        }

        return IsClockAhead(now) || Records().All(record => record.Kind != SlotKind.Leased || liveness.Check(record) != StaleReason.None);
    }

    /// <summary>
    /// Whether it is this machine's by all that is known: a disk of this machine may be shared with others, and a host has its name.
    /// </summary>
    public bool IsOfThisHost(HostPlatform platform) => Origin.Host == TableHeader.HostName && platform.IsOfThisMachine(System.IO.Path.GetDirectoryName(Path)!);

    /// <summary>Whether there is proof that it was made since the machine was started: an owner that lives, or the moment of the start itself.</summary>
    public bool IsOfThisBoot(HostPlatform platform, long now)
    {
        if (IsClockAhead(now) || !platform.IsOfThisMachine(System.IO.Path.GetDirectoryName(Path)!))
        {
            return false;
        }

        return (Clocks is { BootMoment: not 0 } clocks && Math.Abs(clocks.BootMoment - platform.BootMoment) <= ClockTolerance)
            || Records().Any(record => LivesCertainly(platform, record));
    }

    /// <summary>Whether a lease of version 1, made under an id of the boot that proves nothing, may be of this one.</summary>
    public static bool MayBeOfThisBoot(HostPlatform platform, SlotRecord record) => LivesCertainly(platform, record)
        || platform.BootMoment == 0 || record.CreatedAt + ClockTolerance >= platform.BootMoment;

    /// <summary>The records that can be read, each once for each slot that has it.</summary>
    public IEnumerable<SlotRecord> Records() => TableContent.Read(File, Shape).Records.Values;

    public TableShape Shape => Origin.Version == 1 ? TableShape.First : TableShape.Current;

    public void Dispose() => File.Dispose();

    /// <summary>Whether its clock is one that this boot has not reached: the machine's clock goes back by a start of the machine and by nothing else.</summary>
    public bool IsClockAhead(long now) => Clocks is { } clocks && clocks.Clock > now;

    private static bool LivesCertainly(HostPlatform platform, SlotRecord record) => record is { Kind: SlotKind.Leased, Owner: { Id: not 0, Start: not 0 } owner }
        && platform.GetProcess(owner.Id) is { Start: not 0 } process && process.IsSame(owner);
}
