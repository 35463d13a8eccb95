using System.Runtime.InteropServices;

namespace PortMgmt.Operations.Concurrency;

/// <summary>
/// A number that one side writes for each operation while others read what lies beside it: kept a cache line away from everything else,
/// or each write would take the neighbours out of the other processors' caches.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 2 * CacheLine)]
internal sealed class PaddedCounter
{
    /// <summary>The larger of the usual sizes (x64 64 bytes fetched in pairs, ARM64 up to 128).</summary>
    public const int CacheLine = 128;

    /// <summary>The number.</summary>
    [FieldOffset(CacheLine)]
    public long Value;
}
