using Microsoft.Win32.SafeHandles;

namespace PortMgmt.Leases.Table;

/// <summary>Reads every slot of a table without asking its tags. That takes milliseconds, so no allocation does it.</summary>
internal static class FullScan
{
    private const int BlockSlots = 1024;

    /// <summary>Visits every slot that was ever written, by rising index; slots that a cut file lacks are passed over.</summary>
    /// <param name="file">The open table.</param>
    /// <param name="visit">Gets the slot's index and its bytes.</param>
    public static void Visit(SafeFileHandle file, Action<int, ReadOnlySpan<byte>> visit)
    {
        byte[] block = new byte[BlockSlots * SlotReader.SlotLength];
        for (int first = 0; first < TableLayout.SlotCount; first += BlockSlots)
        {
            int count = RandomAccess.Read(file, block, TableLayout.SlotOffset(first)) / SlotReader.SlotLength;
            ReadOnlySpan<byte> rest = block.AsSpan(0, count * SlotReader.SlotLength);
            int index = first;
            for (int written = rest.IndexOfAnyExcept((byte)0); written >= 0; written = rest.IndexOfAnyExcept((byte)0))
            {
                int start = written / SlotReader.SlotLength * SlotReader.SlotLength;
                index += written / SlotReader.SlotLength;
                visit(index++, rest.Slice(start, SlotReader.SlotLength));
                rest = rest[(start + SlotReader.SlotLength)..];
            }
        }
    }
}
