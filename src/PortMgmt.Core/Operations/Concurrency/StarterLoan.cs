namespace PortMgmt.Operations.Concurrency;

/// <summary>
/// The right of a batch to its starter's place, for as long as the attempt runs that started it. An executor that was given up, or that
/// left a batch behind, holds no place any more: others have it. Thread-safe.
/// </summary>
/// <param name="place">The place.</param>
/// <param name="attempt">The attempt that held it when the batch was started.</param>
internal sealed class StarterLoan(StarterPlace place, (object Operation, int Number) attempt)
{
    /// <summary>The attempt still runs.</summary>
    public bool IsOpen => place.Attempt == attempt;

    /// <summary>Who has the place on loan should give it back: another waits for it, or it is no longer there to be lent.</summary>
    public bool IsWanted => !IsOpen || place.IsWanted;

    /// <summary>Takes the place, or remembers who asked for when it comes back. Who is remembered already must not ask.</summary>
    public bool TryBorrow(IPermitHeir heir) => IsOpen && place.TryBorrow(heir);

    /// <summary>Gives the place back. Who is returned has it now and must be told, outside of any lock.</summary>
    public IPermitHeir? Return() => place.Return();
}
