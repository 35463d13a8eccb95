using Microsoft.Win32.SafeHandles;
using PortMgmt.Leases.Allocation;
using PortMgmt.Leases.Table;
using PortMgmt.Platform;
using PortMgmt.Ports;

namespace PortMgmt.Leases.Registry;

/// <summary>
/// Makes a table, and has what may live in others move into it: leases of version 1, and those of processes that were not told
/// their boot. Others are removed once nothing in them can live. All of it under the registry's lock.
/// </summary>
internal sealed class TableSuccession(HostPlatform platform, RegistryLocation location, TimeProvider time)
{
    private readonly long _now = RegistrySession.MonotonicNow(time, platform);

    private ClockStamp Clocks => new(platform.BootMoment, _now);

    /// <summary>Makes the table, which is not there.</summary>
    public void Create(string path)
    {
        (Dictionary<int, SlotRecord> records, List<string> finished) = GatherFromOthers(path);
        TableDraft.Publish(platform, path, location.IsShared, time.GetUtcNow(), Clocks, records);
        Remove(finished);
    }

    /// <summary>Puts a table of this version in place of one of version 1, with all that lives in it.</summary>
    /// <exception cref="PortRegistryException"><see cref="PortRegistryErrorCode.RegistryUnavailable"/>, with the list of what lives, when it is another user's.</exception>
    /// <exception cref="TableDamageException">It is not whole.</exception>
    public void Upgrade(string path)
    {
        (Dictionary<int, SlotRecord> records, List<string> finished) = GatherFromOthers(path);
        using (SafeFileHandle file = platform.OpenFile(path) ?? throw new FileNotFoundException("The table vanished.", path))
        {
            if (RandomAccess.GetLength(file) != TableShape.First.FileLength)
            {
                throw new TableDamageException("the file is cut short or too long");
            }

            var content = TableContent.Read(file, TableShape.First);
            if (content.Unreadable.Count > 0)
            {
                throw new TableDamageException($"the slot of port {TableLayout.PortOf(content.Unreadable[0])} cannot be read");
            }

            // What is under the table's own name goes before what others have on the same port.
            var living = content.Records.Where(entry => MayLive(entry.Value)).ToDictionary();
            foreach ((int index, SlotRecord record) in records)
            {
                _ = living.TryAdd(index, record);
            }

            records = living;
        }

        if (location.IsShared && !platform.MayRemove(path))
        {
            throw NotOurs(path, records.Values);
        }

        string next = TableDraft.NewName(path);
        try
        {
            TableDraft.Publish(platform, next, location.IsShared, time.GetUtcNow(), Clocks, records);
            File.Move(next, path, overwrite: true);
        }
        finally
        {
            File.Delete(next);
        }

        Remove(finished);
    }

    /// <summary>
    /// Removes the table of those who are not told their boot where it is of an earlier one: all others have the boot in its name.
    /// </summary>
    public void RemoveIfOfEarlierBoot(string path)
    {
        using var other = OtherTable.Open(platform, path);
        if (other is { IsBootTold: false } && other.IsClockAhead(_now) && other.IsOfThisHost(platform))
        {
            Remove([path]);
        }
    }

    private (Dictionary<int, SlotRecord> Records, List<string> Finished) GatherFromOthers(string path)
    {
        var records = new Dictionary<int, SlotRecord>();
        List<string> finished = [];
        var liveness = new LeaseLiveness(platform, _now);
        foreach (string candidate in Directory.EnumerateFiles(location.Directory, "leases-*"))
        {
            if (TableDraft.IsOne(candidate))
            {
                finished.Add(candidate);
                continue;
            }

            using OtherTable? other = candidate == path || !candidate.EndsWith(".table", StringComparison.Ordinal) ? null : OtherTable.Open(platform, candidate);
            if (other is null)
            {
                continue;
            }

            bool isFinished = other.IsDead(platform, liveness, _now);
            if (!isFinished && IsPredecessor(other))
            {
                TakeOver(other, records);
                isFinished = true;
            }

            if (isFinished)
            {
                finished.Add(candidate);
            }
        }

        return (records, finished);
    }

    /// <summary>Whether its leases are this table's to keep: of this network namespace, and of a boot that its maker was not told, or believed to know.</summary>
    private bool IsPredecessor(OtherTable other) => platform.BootId is not null && !other.IsBootTold
        && other.Origin.Network == platform.NetworkId && (other.IsOfThisHost(platform) || other.IsOfThisBoot(platform, _now));

    private void TakeOver(OtherTable other, Dictionary<int, SlotRecord> records)
    {
        var content = TableContent.Read(other.File, other.Shape);
        foreach ((int index, SlotRecord record) in content.Records)
        {
            if (MayLive(record) && (other.Origin.Version > 1 || OtherTable.MayBeOfThisBoot(platform, record)))
            {
                _ = records.TryAdd(index, record);
            }
        }

        foreach (int index in content.Unreadable)
        {
            _ = records.TryAdd(index, TableRepair.NewQuarantine(index, _now));
        }
    }

    private bool MayLive(SlotRecord record) => record.Kind == SlotKind.Leased
        ? new LeaseLiveness(platform, _now).Check(record) == StaleReason.None
        : _now < record.Deadline && record.Deadline <= _now + RegistrySession.QuarantineMilliseconds;

    private static void Remove(List<string> paths)
    {
        foreach (string path in paths)
        {
            try
            {
                File.Delete(path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Another user's: it is in nobody's way, and its owner's next call may remove it.
            }
        }
    }

    private static PortRegistryException NotOurs(string path, IEnumerable<SlotRecord> records)
    {
        string[] living = [.. records.Where(static record => record.Kind == SlotKind.Leased).DistinctBy(static record => record.Fence)
            .OrderBy(static record => record.Port).Select(PortRefusals.Summary)];
        string list = living.Length == 0 ? "nothing that lives" : string.Join(", ", living.Take(20)) + (living.Length > 20 ? $" and {living.Length - 20} more" : "");
        return new PortRegistryException(
            PortRegistryErrorCode.RegistryUnavailable,
            $"The lease table '{path}' is of version 1 and another user's, so only that user or an administrator can bring it to version 2; it has {list}. "
            + "Nothing was leased or changed: any call of theirs with this version of PortMgmt does it, and keeps these leases.");
    }
}
