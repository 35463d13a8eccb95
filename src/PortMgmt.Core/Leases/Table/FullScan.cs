using Microsoft.Win32.SafeHandles;

namespace PortMgmt.Leases.Table;

/// <summary>Reads every slot of a table without asking its tags. That takes milliseconds, so no allocation does it.</summary>
internal static class FullScan
{
    private const int LeastSlots = 4;
    private const int MostSlots = 1024;

    /// <summary>Visits every slot that was ever written, by rising index; slots that a cut file lacks are passed over.</summary>
    /// <param name="file">The open table.</param>
    /// <param name="shape">How it is laid out.</param>
    /// <param name="visit">Gets the slot's index and its bytes.</param>
    /// <param name="findData">Tells where what was written goes on, from an offset; null to read all. A slot that it misses is not visited.</param>
    public static void Visit(SafeFileHandle file, TableShape shape, Action<int, ReadOnlySpan<byte>> visit, Func<long, long>? findData = null)
    {
        byte[] block = new byte[MostSlots * shape.SlotLength];
        int first = 0, count = findData is null ? MostSlots : LeastSlots;
        while (first < TableLayout.SlotCount)
        {
            int next = findData is null ? first : (int)((Math.Min(findData(shape.SlotOffset(first)), shape.FileLength) - shape.SlotsOffset) / shape.SlotLength);

            // What was written in one piece is read in ever larger blocks; of pieces far apart little else is read along.
            count = next == first ? Math.Min(2 * count, MostSlots) : LeastSlots;
            first = next;
            count = Math.Min(count, TableLayout.SlotCount - first);
            int length = RandomAccess.Read(file, block.AsSpan(0, count * shape.SlotLength), shape.SlotOffset(first));
            VisitBlock(block.AsSpan(0, length / shape.SlotLength * shape.SlotLength), first, shape.SlotLength, visit);
            first += count;
        }
    }

    private static void VisitBlock(ReadOnlySpan<byte> rest, int index, int slotLength, Action<int, ReadOnlySpan<byte>> visit)
    {
        for (int written = rest.IndexOfAnyExcept((byte)0); written >= 0; written = rest.IndexOfAnyExcept((byte)0))
        {
            int start = written / slotLength * slotLength;
            index += written / slotLength;
            visit(index++, rest.Slice(start, slotLength));
            rest = rest[(start + slotLength)..];
        }
    }
}
