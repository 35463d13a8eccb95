using Microsoft.Win32.SafeHandles;
using PortMgmt.Platform;

namespace PortMgmt.TestProcess;

/// <summary>This host, on which every step towards the table (locks, turns, files, writes) may be the one that goes wrong.</summary>
/// <param name="faults">Hears of each step before it is done, and may never come back from it.</param>
internal sealed class FaultyPlatform(FaultInjector faults) : DelegatingPlatform(Current)
{
    public override SafeFileHandle? OpenFile(string path, bool readOnly = false)
    {
        faults.Before("open");
        return Inner.OpenFile(path, readOnly);
    }

    public override bool IsAt(SafeFileHandle file, string path)
    {
        faults.Before("after-lock");
        return Inner.IsAt(file, path);
    }

    public override void CreateFile(string path, bool shared)
    {
        faults.Before("create");
        Inner.CreateFile(path, shared);
    }

    public override void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset) => faults.Write(file, bytes, offset);

    public override void SetSparseLength(SafeFileHandle file, long length)
    {
        faults.Before("lengthen");
        Inner.SetSparseLength(file, length);
    }

    public override bool TryLock(SafeFileHandle file)
    {
        faults.Before("try-lock");
        return Inner.TryLock(file);
    }

    public override IDisposable? WaitForTurn(string lockFile, bool shared, bool open, LockWait wait, CancellationToken cancellationToken)
    {
        faults.Before("turn");
        return Inner.WaitForTurn(lockFile, shared, open, wait, cancellationToken) is { } turn ? new FaultyTurn(turn, faults) : null;
    }

    public override bool Lock(SafeFileHandle file, LockWait wait, CancellationToken cancellationToken)
    {
        faults.Before("lock");
        return Inner.Lock(file, wait, cancellationToken);
    }

    public override void Publish(string draft, string path)
    {
        faults.Before("publish");
        Inner.Publish(draft, path);
    }

    /// <summary>A turn whose end may go wrong as well, when the lock is open again and the next one not yet let in.</summary>
    private sealed class FaultyTurn(IDisposable turn, FaultInjector faults) : IDisposable
    {
        public void Dispose()
        {
            faults.Before("leave-turn");
            turn.Dispose();
        }
    }
}
