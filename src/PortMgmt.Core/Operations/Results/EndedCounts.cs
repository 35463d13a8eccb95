using System.Runtime.InteropServices;
using PortMgmt.Operations.Concurrency;

namespace PortMgmt.Operations.Results;

/// <summary>
/// How many operations ended, by status. One thread at a time writes, any may read. It lies a cache line away from everything else, since
/// it is written for each operation.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = (2 * PaddedCounter.CacheLine) + (6 * sizeof(long)))]
internal struct EndedCounts
{
    [FieldOffset(PaddedCounter.CacheLine)]
    private long _succeeded;

    [FieldOffset(PaddedCounter.CacheLine + 8)]
    private long _failed;

    [FieldOffset(PaddedCounter.CacheLine + 16)]
    private long _timedOut;

    [FieldOffset(PaddedCounter.CacheLine + 24)]
    private long _cancelled;

    [FieldOffset(PaddedCounter.CacheLine + 32)]
    private long _rejected;

    [FieldOffset(PaddedCounter.CacheLine + 40)]
    private long _fromCache;

    /// <summary>All of them.</summary>
    public readonly long Total =>
        Volatile.Read(in _succeeded) + Volatile.Read(in _failed) + Volatile.Read(in _timedOut) + Volatile.Read(in _cancelled) + Volatile.Read(in _rejected);

    /// <summary>Counts operations that ended.</summary>
    public void Add(OperationStatus status, int operations, bool fromCache)
    {
        ref long count = ref CountOf(ref this, status);
        Volatile.Write(ref count, count + operations);
        if (fromCache)
        {
            Volatile.Write(ref _fromCache, _fromCache + operations);
        }
    }

    /// <summary>Adds the counts to a batch's progress.</summary>
    public readonly BatchProgress AddTo(BatchProgress progress) => progress with
    {
        Succeeded = progress.Succeeded + Volatile.Read(in _succeeded),
        Failed = progress.Failed + Volatile.Read(in _failed),
        TimedOut = progress.TimedOut + Volatile.Read(in _timedOut),
        Cancelled = progress.Cancelled + Volatile.Read(in _cancelled),
        Rejected = progress.Rejected + Volatile.Read(in _rejected),
        FromCache = progress.FromCache + Volatile.Read(in _fromCache),
    };

    private static ref long CountOf(ref EndedCounts counts, OperationStatus status)
    {
        switch (status)
        {
            case OperationStatus.Succeeded:
                return ref counts._succeeded;
            case OperationStatus.Failed:
                return ref counts._failed;
            case OperationStatus.TimedOut:
                return ref counts._timedOut;
            case OperationStatus.Cancelled:
                return ref counts._cancelled;
            default:
                return ref counts._rejected;
        }
    }
}
