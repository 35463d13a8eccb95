using Microsoft.Win32.SafeHandles;

namespace PortMgmt.Leases.Table;

/// <summary>Reads every slot of a table without asking its tags. That takes milliseconds, so no allocation does it.</summary>
internal static class FullScan
{
    private const int BlockSlots = 1024;

    /// <summary>Visits every slot that was ever written, by rising index; slots that a cut file lacks are passed over.</summary>
    /// <param name="file">The open table.</param>
    /// <param name="shape">How it is laid out.</param>
    /// <param name="visit">Gets the slot's index and its bytes.</param>
    /// <param name="findData">Tells where what was written goes on, from an offset; null to read all. A slot that it misses is not visited.</param>
    public static void Visit(SafeFileHandle file, TableShape shape, Action<int, ReadOnlySpan<byte>> visit, Func<long, long>? findData = null)
    {
        int slotLength = shape.SlotLength;
        byte[] block = new byte[BlockSlots * slotLength];
        for (int first = 0; first < TableLayout.SlotCount; first += BlockSlots)
        {
            if (findData is not null && findData(shape.SlotOffset(first)) >= shape.SlotOffset(first + BlockSlots))
            {
                continue;
            }

            int count = RandomAccess.Read(file, block, shape.SlotOffset(first)) / slotLength;
            ReadOnlySpan<byte> rest = block.AsSpan(0, count * slotLength);
            int index = first;
            for (int written = rest.IndexOfAnyExcept((byte)0); written >= 0; written = rest.IndexOfAnyExcept((byte)0))
            {
                int start = written / slotLength * slotLength;
                index += written / slotLength;
                visit(index++, rest.Slice(start, slotLength));
                rest = rest[(start + slotLength)..];
            }
        }
    }
}
