namespace PortMgmt.Leases.Table;

/// <summary>A slot as it was read.</summary>
/// <param name="Record">Its newest record; null when it was never used.</param>
/// <param name="Sequence">That record's number; 0 when it was never used.</param>
/// <param name="OlderCopy">Which of the two copies the next write goes to, 0 or 1.</param>
internal readonly record struct Slot(SlotRecord? Record, ulong Sequence, int OlderCopy);
