namespace PortMgmt.Operations.Concurrency;

/// <summary>
/// The right of a batch to the permit of the operation that started it, for as long as that attempt runs. An executor that was given up,
/// or that left a batch behind, holds no permit any more: others have it. Thread-safe.
/// </summary>
/// <param name="permit">The permit.</param>
/// <param name="attempt">The attempt that held it when the batch was started.</param>
internal sealed class BorrowedPermit(OperationPermit permit, (object Operation, int Number) attempt)
{
    /// <summary>The attempt still runs.</summary>
    public bool IsOpen => permit.Attempt == attempt;

    /// <summary>Who has borrowed the permit should give it back: another waits for it, or it is no longer there to be lent.</summary>
    public bool IsWanted => !IsOpen || permit.IsWanted;

    /// <summary>Takes the permit, or remembers who asked for when it comes back. Who is remembered already must not ask.</summary>
    public bool TryBorrow(IPermitWaiter waiter) => IsOpen && permit.TryBorrow(waiter);

    /// <summary>Gives the permit back. Who is returned has it now and must be told, outside of any lock.</summary>
    public IPermitWaiter? Return() => permit.Return();
}
