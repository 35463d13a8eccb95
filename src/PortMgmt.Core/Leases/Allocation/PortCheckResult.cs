using PortMgmt.Leases.Table;
using PortMgmt.Ports;

namespace PortMgmt.Leases.Allocation;

/// <summary>What came of looking at a port.</summary>
/// <param name="Refusal">Why it cannot be had; none when it can.</param>
/// <param name="Record">The record that is in the way, or that was there before; null for none.</param>
internal readonly record struct PortCheckResult(PortRefusal Refusal, SlotRecord? Record = null);
